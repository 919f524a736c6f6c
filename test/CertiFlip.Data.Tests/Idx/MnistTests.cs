namespace CertiFlip.Data.Tests.Idx;

public sealed class MnistTests
{
    [Fact]
    public void The_test_images_of_MNIST_and_their_labels_belong_together()
    {
        Dataset data = DatasetReader.Read(Find("t10k-images-idx3-ubyte.gz"))
            .WithLabels(LabelReader.Read(Find("t10k-labels-idx1-ubyte.gz")), "labels");
        Assert.Equal((10_000, 28 * 28), (data.Features.Rows, data.Features.Columns));
        Assert.Equal(2163, data.Labels.Count(label => label is "1" or "7"));
        Assert.Equal(1, data.Features.Values.ToArray().Max());
    }

    private static string Find(string name)
    {
        string? path = Roots().Select(root => Path.Combine(root, "mnist", name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not here; set CERTIFLIP_DATA to the folder that holds mnist/.");
        return path;
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("CERTIFLIP_DATA") is { Length: > 0 } data)
            yield return data;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CertiFlip.slnx")))
                yield return Path.Combine(folder.FullName, "..", "shared", "data");
        }
    }
}
