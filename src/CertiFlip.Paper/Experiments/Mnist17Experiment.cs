using CertiFlip.Attacks;

namespace CertiFlip.Paper.Experiments;

/// <summary>
/// Figure 1: MNIST's ones against sevens, features of a network that was trained on the other digits.
/// </summary>
internal sealed class Mnist17Experiment : IExperiment
{
    public string Name => "mnist17";

    public string Title => "Figure 1: certified accuracy on MNIST 1/7";

    public ExperimentOptions Defaults { get; } = new() { Noises = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4] };

    public IReadOnlyList<string> Choices { get; } = 
    [
        nameof(ExperimentOptions.Ridge), nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.TestRows),
        nameof(ExperimentOptions.AttackedRows), nameof(ExperimentOptions.Epochs), nameof(ExperimentOptions.Seed),
    ];

    public Reproduction Run(ExperimentRun run)
    {
        var digits = DigitFeatures.Of(run);
        var split = digits.Split.WithTestRows(run.Options.TestRows);
        Series undefended = new UndefendedCurve(run, split, digits.Name, AttackKind.Distance, AttackKind.Influence).Get();
        IReadOnlyList<Series> certified = new CertifiedCurves(run, split, digits.Name).Of(run.Options.Ridge);
        int broken = undefended.BrokenAt;
        Series[] tight = [.. certified.Where(series => series.Name == "tight")];
        Series best = tight.MaxBy(series => series.Curve.At(broken))!;
        return new Figure(run, undefended, certified, split).Reproduction with
        {
            Claims =
            [
                new Claim("undefended accuracy without an attack", "99.1 %", Figure.Percent(undefended.Curve.Accuracy)),
                new Claim("smoothed clean accuracy, the highest", "94.5 %", Figure.Percent(tight.Max(series => series.Curve.Accuracy))),
                new Claim(
                    $"certified by tight where the attacked undefended classifier falls below 50 % ({broken} flips), best q = {best.Noise}",
                    "75.7 %",
                    Figure.Percent(best.Curve.At(broken))),
                .. certified.Where(series => series.Name == "exact").Take(1)
                    .Select(series => new Claim($"certified by exact at {broken} flips", "", Figure.Percent(series.Curve.At(broken)))),
                new Claim("the network’s accuracy on the other eight digits", "", Figure.Percent(digits.NetworkAccuracy)),
            ],
            Notes =
            [
                DigitFeatures.InWords(run, split),
                .. Figure.Setting(run),
            ],
        };
    }
}
