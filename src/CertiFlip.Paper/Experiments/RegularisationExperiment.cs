using CertiFlip.Heads;
using CertiFlip.Paper.Results;
using CertiFlip.Paper.Sources;

namespace CertiFlip.Paper.Experiments;

/// <summary>Figure 4: what l2 regularisation is worth, on MNIST's ones against sevens.</summary>
internal sealed class RegularisationExperiment : IExperiment
{
    private const string Suffix = "-unregularised";

    private static readonly RidgeChoice NoRidge = RidgeChoice.TryParse("fixed:0")!;

    public string Name => "regularisation";

    public string Title => "Figure 4: certified accuracy on MNIST 1/7 with and without regularisation";

    public ExperimentOptions Defaults { get; } = new() { Noises = [0.01, 0.1, 0.3] };

    public IReadOnlyList<string> Choices { get; } = [nameof(ExperimentOptions.Ridge), nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.TestRows), nameof(ExperimentOptions.Epochs), nameof(ExperimentOptions.Seed)];

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
                    Series other = without.First(candidate => candidate.Name == series.Name + Suffix && (candidate.Noise is null || candidate.Noise == series.Noise));
                    return new Claim($"median radius with and without, {series.Title}", "much less without", $"{series.Curve.MedianRadius:N0} and {other.Curve.MedianRadius:N0}");
                }),
            ],
            Notes =
            [
                $"{split.Training.Columns} features by a convolutional network that was trained on the other eight digits’ training images for {run.Options.Epochs} epochs.",
                .. Figure.Setting(run),
            ],
        };
    }
}
