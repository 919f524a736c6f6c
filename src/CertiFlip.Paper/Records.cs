using System.Collections.Immutable;
using CertiFlip.Data;
using CertiFlip.Features.Images;

namespace CertiFlip.Paper;

/// <summary>All ten digits, beside published results of partition aggregation of networks.</summary>
internal sealed class Mnist10Record : SpectralRecord
{
    public override string Name => "mnist10";

    public override string Title => "Ten digits: thousands of flips";

    protected override int Components => 9;

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
        "Digits are moved to the middle and made upright, and become 900 numbers: how much of each of 100 kinds of 7 × 7 patch, found by "
        + "k-means in the training images, is in each of nine regions. The maps have seen no label, but the settings of patches were "
        + "chosen on some: by how often neighbours agree on MNIST and Fashion-MNIST (docs/record.md).";

    private static readonly ImageShape Shape = new(28, 28);

    public static LabelledSplit Of(Mnist digits, Func<int, int> classOf, ExperimentRun run)
    {
        run.Progress.Report("making digits upright");
        var deskew = new Deskew(Shape);
        LabelledSplit upright = digits.Split(classOf).Mapped(images => deskew.Transform(images, run.Parallel));
        run.Progress.Report("finding kinds of patch");
        PatchFeatures map = PatchFeatures.Fit(upright.Training, Shape, new PatchFeaturesOptions { Seed = run.Options.Seed }, run.Parallel);
        run.Progress.Report($"describing {upright.Training.Rows + upright.Test.Rows:N0} images by them");
        return upright.Mapped(images => map.Transform(images, run.Parallel));
    }
}

/// <summary>CIFAR-10 under a network that was trained on other images, with other labels.</summary>
internal sealed class Cifar10Record : SpectralRecord
{
    public override string Name => "cifar10";

    public override string Title => "CIFAR-10 by a pre-trained network";

    protected override int Components => 10;

    protected override string Inputs =>
        "Images are JPEG-compressed copies of CIFAR-10, which are not the originals; 1,280 features of each by a MobileNetV2 trained on "
        + "ImageNet, whose labels are trusted here.";

    protected override IReadOnlyList<string> Classes => Cifar10.Classes;

    protected override IEnumerable<Claim> Published(AccuracyCurve exact) =>
    [
        new Claim(
            "median radius and clean accuracy; published: SS-DPA, 1,000 networks (Levine and Feizi 2021), on the originals",
            "392 at 89.02 %",
            Median(exact)),
    ];

    protected override LabelledSplit Describe(ExperimentRun run)
    {
        run.Progress.Report("reading CIFAR-10’s features");
        return Cifar10.Read(run.Data);
    }

    protected override void Find(DataFolder data) => Cifar10.Find(data);
}

/// <summary>50,000 + 10,000 small images of ten classes, under a pre-trained network.</summary>
internal static class Cifar10
{
    private const string Source =
        "1,280 features of each image by a MobileNetV2 trained on ImageNet: certiflip features apply makes both files "
        + "from cifar10_jpeg.tar";

    private static readonly DataFile FeaturesFile = new("cifar10/features.npy", Source, "");
    private static readonly DataFile PathsFile = new("cifar10/features.paths.csv", Source, "");

    /// <summary>The classes, in CIFAR-10's order.</summary>
    public static ImmutableArray<string> Classes { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public static void Find(DataFolder folder)
    {
        folder.Find(PathsFile);
        folder.Find(FeaturesFile);
    }

    /// <summary>
    /// Reads the features. The path of an image, such as train/cat/0000.jpg, states its split and class.
    /// </summary>
    public static LabelledSplit Read(DataFolder folder)
    {
        UsedFile list = folder.Find(PathsFile), features = folder.Find(FeaturesFile);
        string[][] paths = [.. LabelReader.Read(list.Path, "path").Select(path => path.Split('/'))];
        int[] classes = [.. paths.Select(ClassOf)];
        return LabelledSplit.OfImages(features, list, [.. paths.Select(path => path[^3])], classes);

        int ClassOf(string[] path, int row) => path is [.., "train" or "test", var name, _] && Classes.IndexOf(name) is >= 0 and var c
            ? c
            : throw new DataException(
                $"{list.Path}: row {row} (from 0) is '{string.Join('/', path)}'; expected train or test, one of "
                + $"{string.Join(", ", Classes)}, and a file, with / between them.");
    }
}
