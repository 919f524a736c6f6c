using CertiFlip.Features.Images;

namespace CertiFlip.Paper.Experiments;

/// <summary>All ten digits, beside published results of partition aggregation of networks.</summary>
internal sealed class Mnist10Record : SpectralRecord
{
    public override string Name => "mnist10";

    public override string Title => "Ten digits: thousands of flips";

    protected override int Components => 10;

    protected override string Inputs => DigitPatches.InWords;

    protected override IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")];

    protected override IEnumerable<Claim> Published(AccuracyCurve exact) =>
    [
        new Claim(
            "median radius and clean accuracy; published: SS-DPA, 1,200 networks (Levine and Feizi 2021)", "485 at 95.63 %", Median(exact)),
        new Claim("the same; published: SS-DPA, 3,000 networks", "647 at 93.91 %", Median(exact)),
    ];

    protected override LabelledSplit Describe(ExperimentRun run)
    {
        run.Progress.Report("reading MNIST");
        return DigitPatches.Of(Mnist.Read(run.Data), digit => digit, run);
    }

    protected override void Find(DataFolder data) => Mnist.Find(data);
}

/// <summary>Ones against sevens: nearly half of all labels.</summary>
internal sealed class Mnist17Record : SpectralRecord
{
    public override string Name => "mnist17-clusters";

    public override string Title => "MNIST 1/7: nearly half of all labels";

    protected override int Components => 1;

    protected override string Inputs => DigitPatches.InWords;

    protected override IReadOnlyList<string> Classes { get; } = ["1", "7"];

    protected override IEnumerable<Claim> Published(AccuracyCurve exact) =>
    [
        new Claim(
            "certified at 5,952 flips; published: two-means clustering (Levine and Feizi 2021)", "95.5 %", Figure.Percent(exact.At(5952))),
        new Claim("certified at 6,200 flips", "", Figure.Percent(exact.At(6200))),
        new Claim("median radius and clean accuracy", "", Median(exact)),
    ];

    protected override LabelledSplit Describe(ExperimentRun run)
    {
        run.Progress.Report("reading MNIST");
        return DigitPatches.Of(Mnist.Read(run.Data).Only(digit => digit is 1 or 7), digit => digit == 1 ? 0 : 1, run);
    }

    protected override void Find(DataFolder data) => Mnist.Find(data);
}

/// <summary>
/// MNIST's digits as kinds of patch in regions, learned from the training images without their labels.
/// </summary>
internal static class DigitPatches
{
    public const string InWords =
        "Digits become 900 numbers: how much of each of 100 kinds of patch, found by k-means in the training images, is in each of nine "
        + "regions. The map has seen no label, but its settings were chosen on some: by how often neighbours agree among 15,000 of "
        + "MNIST’s training images (docs/record.md).";

    private static readonly ImageShape Shape = new(28, 28);

    public static LabelledSplit Of(Mnist digits, Func<int, int> classOf, ExperimentRun run)
    {
        run.Progress.Report("finding kinds of patch");
        PatchFeatures map = PatchFeatures.Fit(digits.Training, Shape, new PatchFeaturesOptions { Seed = run.Options.Seed }, run.Parallel);
        run.Progress.Report($"describing {digits.Training.Rows + digits.Test.Rows:N0} images by them");
        return digits.Split(classOf).Mapped(images => map.Transform(images, run.Parallel));
    }
}
