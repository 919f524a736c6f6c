using System.Collections.Immutable;
using CertiFlip.Data;

namespace CertiFlip.Paper.Sources;

/// <summary>50,000 + 10,000 small images of ten kinds of thing, under a pre-trained network.</summary>
internal static class Cifar10
{
    private const string Source = "1,280 features of each image by a MobileNetV2 trained on ImageNet: samples/embed-images makes both files from cifar10_jpeg.tar";

    private static readonly DataFile FeaturesFile = new("cifar10/features.npy", Source, "");
    private static readonly DataFile PathsFile = new("cifar10/features.paths.csv", Source, "");

    /// <summary>The classes, in CIFAR-10's order.</summary>
    public static ImmutableArray<string> Classes { get; } = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public static void Find(DataFolder folder)
    {
        folder.Find(PathsFile);
        folder.Find(FeaturesFile);
    }

    /// <summary>Reads the features; the path of an image, such as train/cat/0000.jpg, says what it is.</summary>
    public static LabelledSplit Read(DataFolder folder)
    {
        UsedFile file = folder.Find(PathsFile), features = folder.Find(FeaturesFile);
        string[][] paths = [.. LabelReader.Read(file.Path, "path").Select(path => path.Split('/'))];
        FeatureMatrix matrix = DatasetReader.Read(features.Path).Features;
        if (matrix.Rows != paths.Length)
            throw new DataException($"{features.Path}: there are {matrix.Rows:N0} rows, but {file.Path} lists {paths.Length:N0} images.");
        int[] classes = [.. paths.Select((path, row) => path is [.., "train" or "test", var name, _] && Classes.IndexOf(name) is >= 0 and var c
            ? c
            : throw new DataException($"{file.Path}: row {row} (from 0) is '{string.Join('/', path)}'; expected train or test, one of {string.Join(", ", Classes)}, and a file, with / between them."))];
        int[] training = Of("train"), test = Of("test");
        return new LabelledSplit(matrix.SelectRows(training), [.. training.Select(row => classes[row])], matrix.SelectRows(test), [.. test.Select(row => classes[row])]);

        int[] Of(string split) => [.. Enumerable.Range(0, paths.Length).Where(row => paths[row][^3] == split)];
    }
}
