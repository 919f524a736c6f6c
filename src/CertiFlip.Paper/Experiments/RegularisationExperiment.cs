using CertiFlip.Heads;

namespace CertiFlip.Paper.Experiments;

/// <summary>Figure 4: the effect of l2 regularisation, on MNIST's ones against sevens.</summary>
internal sealed class RegularisationExperiment : IExperiment
{
    private const string Suffix = "-unregularised";

    private static readonly RidgeChoice NoRidge = RidgeChoice.TryParse("fixed:0")!;

    public string Name => "regularisation";

    public string Title => "Figure 4: certified accuracy on MNIST 1/7 with and without regularisation";

    public ExperimentOptions Defaults { get; } = new() { Noises = [0.01, 0.1, 0.3] };

    public IReadOnlyList<string> Choices { get; } = 
    [
        nameof(ExperimentOptions.Ridge), nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.TestRows),
        nameof(ExperimentOptions.Epochs), nameof(ExperimentOptions.Seed),
    ];

    public Reproduction Run(ExperimentRun run)
    {
        var digits = DigitFeatures.Of(run);
        LabelledSplit split = digits.Split.WithTestRows(run.Options.TestRows);
        var curves = new CertifiedCurves(run, split, digits.Name);
        IReadOnlyList<Series> with = curves.Of(run.Options.Ridge), without = curves.Of(NoRidge, Suffix);
        return new Figure(run, null, [.. with, .. without], split).Reproduction with
        {
            Claims =
            [
                new Claim("clean accuracy with regularisation", "", Figure.Percent(with[0].Curve.Accuracy)),
                new Claim("clean accuracy without", "near 100 %", Figure.Percent(without[0].Curve.Accuracy)),
                .. with.Where(series => series.Name is "tight" or "exact").Select(series =>
                {
                    // With the paper's ridge there is an exact line for each q, without a ridge one for all.
                    Series other = without.First(candidate =>
                        candidate.Name == series.Name + Suffix && (candidate.Noise is null || candidate.Noise == series.Noise));
                    string radii = $"{series.Curve.MedianRadius:N0} and {other.Curve.MedianRadius:N0}";
                    return new Claim($"median radius with and without, {series.Title}", "much less without", radii);
                }),
            ],
            Notes =
            [
                DigitFeatures.InWords(run, split),
                .. Figure.Setting(run),
            ],
        };
    }
}
