using CertiFlip.Data;

namespace CertiFlip.Onnx.Tests;

/// <summary>Models that others publish, by their file's name alone, where they are on this machine.</summary>
[Trait("Tier", "Slow")]
public class PublishedModelsTests
{
    [Theory]
    [InlineData("mobilenetv2_inat_bird_features.onnx")]
    [InlineData("mobilenetv2_imagenet_features.onnx")]
    public void MobileNet_says_itself_how_images_are_prepared(string name)
    {
        string path = Path.Combine(DataFolder(), "models", name);
        Assert.SkipUnless(File.Exists(path), $"{path} is not there.");
        using OnnxImageMap map = OnnxImageMap.Load(path);
        Assert.Equal(1280, map.Features);
        Assert.Equal("224 × 224, whole image, bicubic; (pixel − 127.5, 127.5, 127.5) / 127.5, 127.5, 127.5, RGB, NCHW",
            map.Preparation.ToString());
        FeatureMatrix features = map.Transform([Support.Pictures.Stored("a.png", Support.Pictures.Make(50, 40))]);
        Assert.All(features.Row(0).ToArray(), value => Assert.InRange(value, 0, 6));
    }

    [Fact]
    public void ResNet18_takes_the_mean_image_of_its_package()
    {
        string path = Package("microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1");
        using OnnxImageMap map = OnnxImageMap.Load(path);
        Assert.Equal(512, map.Features);
        Assert.Equal("224 × 224, centre of the image with its shorter side at 224, bilinear; (pixel − an image) / 1, BGR, NCHW",
            map.Preparation.ToString());
        using OnnxImageMap unpacked = OnnxImageMap.Load(Path.Combine(
            Path.GetDirectoryName(path)!, "tools", "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx"));
        StoredImage[] image = [Support.Pictures.Stored("a.png", Support.Pictures.Make(50, 40))];
        Assert.Equal(map.Transform(image).Values.ToArray(), unpacked.Transform(image).Values.ToArray());
    }

    [Theory]
    [InlineData("minilm", "MiniLM", TokenPooling.Mean, 256)]
    [InlineData("arcticxs", "ArcticXs", TokenPooling.First, 512)]
    public void Sentence_models_are_read_out_of_their_packages(string id, string name, TokenPooling pooling, int most)
    {
        string path = Package($"sentencetransformers.{id}", "24.9.52193");
        using OnnxTextMap map = OnnxTextMap.Load(path);
        Assert.Equal((384, pooling, true, most), (map.Features, map.Pooling, map.Normalise, map.MostTokens));
        FeatureMatrix features = map.Transform(["A wonderful film.", "What a great movie!", "Interest rates rose by £1 in May."]);
        double Similarity(int a, int b)
        {
            double[] x = [.. features.Row(a)], y = [.. features.Row(b)];
            return x.Zip(y, (p, q) => p * q).Sum();
        }

        Assert.Equal(1, Similarity(0, 0), 5);
        Assert.True(Similarity(0, 1) > Similarity(0, 2) + 0.1);
        using OnnxTextMap library = OnnxTextMap.Load(
            Path.Combine(Path.GetDirectoryName(path)!, "lib", "netstandard2.1", $"SentenceTransformers.{name}.dll"));
        Assert.Equal(features.Values.ToArray(),
            library.Transform(["A wonderful film.", "What a great movie!", "Interest rates rose by £1 in May."]).Values.ToArray());
    }

    private static string DataFolder() => Environment.GetEnvironmentVariable("CERTIFLIP_DATA") is { Length: > 0 } set
        ? set
        : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data"));

    /// <summary>A package that was restored for something else; these are too large to fetch for a test.</summary>
    private static string Package(string id, string version)
    {
        string root = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string path = Path.Combine(root, id, version, $"{id}.{version}.nupkg");
        Assert.SkipUnless(File.Exists(path), $"The package {id} {version} is not on this machine.");
        return path;
    }
}
