using CertiFlip.Cli.Tests.Support;
using CertiFlip.Data;

namespace CertiFlip.Cli.Tests.Commands.Features;

public sealed class FeaturesCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public FeaturesCommandTests() => RawData.WriteTo(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Components_of_numbers_are_fitted_once_and_applied_later()
    {
        _folder.Write("train.csv", SmallData.Csv(40));
        _folder.Write("test.csv", SmallData.Csv(10, seed: 2));
        await Succeed(
            "fit", "--map", "principal-components", "--train", _folder["train.csv"], "--components", "1", "--out", _folder["map"]);
        await Succeed("apply", "--model", _folder["map"], "--in", _folder["test.csv"], "--out", _folder["x.npy"]);
        FeatureMatrix features = DatasetReader.Read(_folder["x.npy"]).Features;
        Assert.Equal((10, 1), (features.Rows, features.Columns));

        // The column of labels is not among the inputs.
        _folder.Write("flipped.csv", SmallData.Csv(40, class0: "spam", class1: "ham"));
        await Succeed(
            "fit", "--map", "principal-components", "--train", _folder["flipped.csv"], "--components", "1", "--out", _folder["other"]);
        Assert.Equal(File.ReadAllBytes(_folder["map"]), File.ReadAllBytes(_folder["other"]));
    }

    [Fact]
    public async Task Columns_of_different_units_come_to_count_alike()
    {
        string metres = _folder.Write("metres.csv", "height,width,label\n1,2,a\n3,1,b\n2,6,a\n"),
        millimetres = _folder.Write("millimetres.csv", "height,width,label\n1000,2,b\n3000,1,a\n2000,6,b\n");
        foreach (string table in (string[])[metres, millimetres])
        {
            await Succeed("fit", "--map", "standard-scaler", "--train", table, "--out", table + ".map");
            await Succeed("apply", "--model", table + ".map", "--in", table, "--out", table + ".npy");
        }

        FeatureMatrix features = DatasetReader.Read(metres + ".npy").Features;
        Assert.Equal((3, 2), (features.Rows, features.Columns));
        Assert.Equal(
            [-Math.Sqrt(1.5), Math.Sqrt(1.5), 0], Enumerable.Range(0, 3).Select(row => features.Row(row)[0]),
            (expected, actual) => Math.Abs(expected - actual) < 1e-15);
        Assert.Equal(
            features.Values.ToArray(), DatasetReader.Read(millimetres + ".npy").Features.Values.ToArray(),
            (expected, actual) => Math.Abs(expected - actual) < 1e-15);
    }

    [Theory]
    [InlineData("1", "1 feature by principal-components, fitted in ")]
    [InlineData("3", "2 features by principal-components, fitted in ")]
    public async Task How_many_features_there_are_is_told_where_inputs_have_no_more(string components, string expected)
    {
        string train = _folder.Write("train.csv", SmallData.Csv(40));
        Invocation invocation = await Invocation.Of(
            "features", "fit", "--map", "principal-components", "--train", train, "--components", components, "--out", _folder["map"]);
        Assert.StartsWith($"{_folder["map"]}: {expected}", invocation.Output.ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_of_labels_does_not_slip_in_unseen()
    {
        string train = _folder.Write("train.csv", "a,b,verdict\n1,2,0\n2,1,1\n3,5,0\n");
        string[] arguments = ["features", "fit", "--map", "principal-components", "--train", train, "--out", _folder["map"], "--quiet"];
        Invocation unnamed = await Invocation.Of(arguments);
        Assert.Equal(
            (
                0,
                $"certiflip: {train} has no column 'label', so every column is an input; if one of them holds labels, name it with "
                    + $"--label."), (unnamed.ExitCode, unnamed.LastError));
        Assert.Equal(new Invocation(0, "", ""), await Invocation.Of([.. arguments, "--label", "verdict"]));
        Invocation misspelt = await Invocation.Of([.. arguments, "--label", "verdikt"]);
        Assert.Equal(
            (1, $"certiflip: {train}: no column is named 'verdikt'; name the column that holds the labels, or it is read as an input."),
            (misspelt.ExitCode, misspelt.LastError));
    }

    [Fact]
    public async Task Texts_become_features()
    {
        _folder.Write("texts.csv", "text,label\n\"A fine film, really\",1\nA poor film really,0\nFine acting,1\nPoor acting,0\n");
        foreach (string threads in (string[])["1", "3"])
            await Succeed(
                "fit", "--map", "latent-semantics", "--train", _folder["texts.csv"], "--components", "2", "--threads", threads, "--out",
                _folder[$"map{threads}"]);
        Assert.Equal(File.ReadAllBytes(_folder["map1"]), File.ReadAllBytes(_folder["map3"]));
        await Succeed("apply", "--model", _folder["map1"], "--in", _folder["texts.csv"], "--out", _folder["x.npy"]);
        Assert.Equal((4, 2), Shape("x.npy"));

        await Succeed(
            "fit", "--map", "averaged-word-vectors", "--train", _folder[Path.Combine("wordvec", "googlenews.300d.top1000.txt")], "--out",
            _folder["vectors"]);
        _folder.Write("lines.txt", "wonderful\nloved and hated\n");
        await Succeed("apply", "--model", _folder["vectors"], "--in", _folder["lines.txt"], "--out", _folder["y.npy"]);
        Assert.Equal((2, 3), Shape("y.npy"));
    }

    [Fact]
    public async Task A_network_says_that_it_knows_labels()
    {
        string images = _folder[Path.Combine("mnist", "train-images-idx3-ubyte.gz")],
        labels = _folder[Path.Combine("mnist", "train-labels-idx1-ubyte.gz")];
        Invocation fit = await Invocation.Of(
            "features", "fit", "--map", "convolutional-network", "--train", images, "--train-labels", labels, "--components", "5",
            "--epochs", "1", "--out", _folder["net"], "--quiet");
        Assert.Equal((0, ""), (fit.ExitCode, fit.Output));
        Assert.Equal(
            $"certiflip: this map was trained on labels of {labels}; certificates on its features hold against flips of other labels only.",
            fit.LastError);
        Invocation apply = await Invocation.Of(
            "features", "apply", "--model", _folder["net"], "--in", _folder[Path.Combine("mnist", "t10k-images-idx3-ubyte.gz")], "--out",
            _folder["x.npy"], "--quiet");
        Assert.Equal(
            "certiflip: the map was trained on labels; certificates on these features hold against flips of other labels only.",
            apply.LastError);
        Assert.Equal((150, 5), Shape("x.npy"));
    }

    [Theory]
    [InlineData("patches --patch-size 4 --components 12", 12 * 9)]
    [InlineData("spectral --components 4 --neighbours 5", 4)]
    public async Task Maps_learned_without_labels_are_fitted_and_applied(string map, int features)
    {
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["digits"]);
        string train = Path.Combine(folder["digits"], "train.csv"), test = Path.Combine(folder["digits"], "test.csv");
        Invocation fitted = await Invocation.Of(["features", "fit", "--map", .. map.Split(' '), "--train", train, "--out", folder["map"]]);
        Assert.Equal(0, fitted.ExitCode);
        Invocation applied = await Invocation.Of("features", "apply", "--model", folder["map"], "--in", test, "--out", folder["test.npy"]);
        Assert.Equal(0, applied.ExitCode);
        FeatureMatrix mapped = DatasetReader.Read(folder["test.npy"]).Features;
        Assert.Equal((599, features), (mapped.Rows, mapped.Columns));
    }

    [Theory]
    [InlineData(
        "--map pca",
        "--map 'pca': expected one of standard-scaler, principal-components, patches, spectral, convolutional-network, latent-semantics, "
            + "averaged-word-vectors.")]
    [InlineData("--map convolutional-network --image 28", "--image '28': expected HxW or HxWxC, such as 28x28.")]
    [InlineData("--map principal-components --epochs 3", "--epochs has no effect with principal-components: leave it out.")]
    [InlineData("--map standard-scaler --components 3", "--components has no effect with standard-scaler: leave it out.")]
    [InlineData("--map latent-semantics --label x", "--label has no effect with latent-semantics: leave it out.")]
    [InlineData("--map averaged-word-vectors --components 3", "--components has no effect with averaged-word-vectors: leave it out.")]
    public async Task Wrong_usage_is_named(string options, string expected)
    {
        Invocation invocation =
            await Invocation.Of(["features", "fit", "--train", "a.csv", "--out", _folder["map"], .. options.Split(' ')]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {expected}", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_do_not_fit_are_named_and_nothing_is_written()
    {
        string train = _folder.Write("train.csv", SmallData.Csv(40)), wide = _folder.Write("wide.csv", "a,b,c\n1,2,3\n"),
        few = _folder.Write("few.csv", SmallData.Csv(5));
        await Succeed("fit", "--map", "principal-components", "--train", train, "--components", "1", "--out", _folder["map"]);
        await Fail(
            $"{wide}: there are 3 columns besides the label's; this map was fitted to 2.", "apply", "--model", _folder["map"], "--in", wide,
            "--out", _folder["x.npy"]);
        await Fail($"{train}: this is no model file.", "apply", "--model", train, "--in", wide, "--out", _folder["x.npy"]);
        await Fail(
            $"{train}: 2 numbers a row are no square image in grey; give the shape with --image.", "fit", "--map", "convolutional-network",
            "--train", train, "--out", _folder["net"]);
        string tiny = _folder.Write("tiny.csv", "a\n1e-300\n2e-300\n"), huge = _folder.Write("huge.csv", "a\n1e300\n");
        await Succeed("fit", "--map", "standard-scaler", "--train", tiny, "--out", _folder["scaler"]);
        await Fail(
            $"{huge}: Row 0, column 0 is Infinity: features must be finite.", "apply", "--model", _folder["scaler"], "--in", huge, "--out",
            _folder["x.npy"]);
        await Fail(
            $"{few}: 5 rows are too few for 10 neighbours of each.", "fit", "--map", "spectral", "--train", few, "--out", _folder["net"]);
        await Fail(
            $"{train}: this file is read as data; write to another.", "fit", "--map", "principal-components", "--train", train, "--out",
            train);
        Assert.DoesNotContain("x.npy", _folder.Names);
        Assert.DoesNotContain("net", _folder.Names);
    }

    private (int Rows, int Columns) Shape(string name)
    {
        FeatureMatrix features = DatasetReader.Read(_folder[name]).Features;
        return (features.Rows, features.Columns);
    }

    private static async Task Succeed(params string[] arguments) =>
        Assert.Equal(0, (await Invocation.Of(["features", .. arguments, "--quiet"])).ExitCode);

    private static async Task Fail(string expected, params string[] arguments)
    {
        Invocation invocation = await Invocation.Of(["features", .. arguments, "--quiet"]);
        Assert.Equal((1, $"certiflip: {expected}"), (invocation.ExitCode, invocation.LastError));
    }
}
