using System.Globalization;
using CertiFlip.Attacks;
using CertiFlip.Data;
using CertiFlip.Features.Images;
using CertiFlip.Heads;

namespace CertiFlip.Paper;

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

/// <summary>ClassOne and sevens under a convolutional network that was trained on the other eight digits.</summary>
/// <param name="Split">Features of all ones (class 0) and sevens (class 1).</param>
/// <param name="Name">What they were made from and how: part of the key of saved results.</param>
/// <param name="NetworkAccuracy">The part of the other digits' test rows that the network classifies correctly.</param>
internal sealed record DigitFeatures(LabelledSplit Split, string Name, double NetworkAccuracy)
{
    private const int ClassZero = 1;
    private const int ClassOne = 7;
    private const int Pixels = 28;

    private static readonly int[] Others = [.. Enumerable.Range(0, 10).Where(digit => digit is not (ClassZero or ClassOne))];

    public static DigitFeatures Of(ExperimentRun run)
    {
        run.Progress.Report("reading MNIST");
        var digits = Mnist.Read(run.Data);
        string name = string.Create(
            CultureInfo.InvariantCulture, $"convolutional network, {run.Options.Epochs} epochs, seed {run.Options.Seed}");
        var network = new Lazy<ConvolutionalNetwork>(() =>
            run.Stage("network", [name], () => Train(digits, run)).Restore<ConvolutionalNetwork>());
        Mnist pair = digits.Only(digit => !Others.Contains(digit)), others = digits.Only(Others.Contains);
        LabelledSplit split = run.Split("features", [name], () =>
            pair.Split(digit => digit == ClassZero ? 0 : 1).Mapped(images => network.Value.Transform(images, run.Parallel)));
        int[] predicted = network.Value.Predict(others.Test, run.Parallel);
        int correct = predicted.Where((digit, row) => Others[digit] == others.TestDigits[row]).Count();
        return new DigitFeatures(split, name, correct / (double)predicted.Length);
    }

    /// <summary>What the features are, for the notes.</summary>
    public static string InWords(ExperimentRun run, LabelledSplit split) =>
        $"{split.Training.Columns} features by a convolutional network that was trained on the other eight digits’ training images "
        + $"for {run.Options.Epochs} epochs.";

    private static StoredModel Train(Mnist digits, ExperimentRun run)
    {
        Mnist others = digits.Only(Others.Contains);
        var labels = new ClassLabels([.. others.TrainingDigits.Select(digit => Array.IndexOf(Others, digit))], Others.Length);
        var options = new ConvolutionalNetworkOptions { Epochs = run.Options.Epochs, Seed = run.Options.Seed };
        IProgress<int> done =
            run.Progress.ReportCount("training a network on the other eight digits:", labels.Count * options.Epochs, "images");
        return StoredModel.Of(
            ConvolutionalNetwork.Fit(others.Training, new ImageShape(Pixels, Pixels), labels, options, done, run.Parallel));
    }
}
