using System.Collections.Immutable;
using CertiFlip.Data;

namespace CertiFlip.Paper.Experiments;

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
        "1,280 features of each image by a MobileNetV2 trained on ImageNet: samples/embed-images makes both files from cifar10_jpeg.tar";

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
