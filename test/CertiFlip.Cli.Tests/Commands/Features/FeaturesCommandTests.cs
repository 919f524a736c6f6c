using System.Text.RegularExpressions;
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

    [Fact]
    public async Task Columns_are_matched_by_their_names()
    {
        string train = _folder.Write("train.csv", "weight,width,label\n100,52,a\n141,71,b\n120,80,a\n"),
            test = _folder.Write("test.csv", "weight,width,label\n101,53,a\n142,72,b\n"),
            reordered = _folder.Write("reordered.csv", "label,width,weight\na,53,101\nb,72,142\n"),
            other = _folder.Write("other.csv", "weight,height,label\n101,53,a\n"),
            array = _folder.Write("array.npy", NpyBytes.Doubles(2, 2, 101, 53, 142, 72));
        await Succeed("fit", "--map", "standard-scaler", "--train", train, "--out", _folder["map"]);
        foreach (string input in (string[])[test, reordered, array])
            await Succeed("apply", "--model", _folder["map"], "--in", input, "--out", input + ".x.npy");
        Assert.Equal(File.ReadAllBytes(test + ".x.npy"), File.ReadAllBytes(reordered + ".x.npy"));
        Assert.Equal(File.ReadAllBytes(test + ".x.npy"), File.ReadAllBytes(array + ".x.npy"));
        await Fail(
            $"{other}: lacks column 'width' and has column 'height' too many, compared with {_folder["map"]}; both need the same columns.",
            "apply", "--model", _folder["map"], "--in", other, "--out", _folder["x.npy"]);
    }

    [Fact]
    public async Task A_map_without_names_takes_columns_by_position()
    {
        string train = _folder.Write("train.npy", NpyBytes.Doubles(3, 2, 1, 2, 3, 1, 2, 6)),
            test = _folder.Write("test.csv", "a,b\n1,2\n"), wide = _folder.Write("wide.csv", "a,b,c\n1,2,3\n");
        await Succeed("fit", "--map", "standard-scaler", "--train", train, "--out", _folder["map"]);
        Invocation applied = await Invocation.Of(
            "features", "apply", "--model", _folder["map"], "--in", test, "--out", _folder["x.npy"], "--quiet");
        Assert.Equal(
            $"certiflip: {test}: columns are taken by position, because only this file has names for them; make sure that they have the "
                + $"order of {_folder["map"]}.", applied.LastError);
        await Fail(
            $"{wide}: has 3 features, but {_folder["map"]} has 2; both need the same.",
            "apply", "--model", _folder["map"], "--in", wide, "--out", _folder["y.npy"]);
    }

    [Fact]
    public async Task A_map_of_an_earlier_version_has_no_names_and_takes_columns_by_position()
    {
        var old = new StoredModel("standard-scaler");
        old.Add("means", [100.0, 50]);
        old.Add("scales", [1.0, 1]);
        old.Write(_folder["map"]);
        string input = _folder.Write("test.csv", "b,a\n101,52\n");
        await Succeed("apply", "--model", _folder["map"], "--in", input, "--out", _folder["x.npy"]);
        Assert.Equal([1, 2], DatasetReader.Read(_folder["x.npy"]).Features.Row(0).ToArray());
    }

    [Fact]
    public async Task The_columns_of_labels_and_texts_are_those_that_the_map_was_fitted_with()
    {
        string train = _folder.Write("train.csv", "a,verdict,b\n1,x,2\n3,y,1\n2,x,6\n"),
            texts = _folder.Write("texts.csv", "text,subject\nsame,one two\nsame,two three\nsame,four\n");
        await Succeed("fit", "--map", "standard-scaler", "--train", train, "--label", "verdict", "--out", _folder["map"]);
        await Succeed("apply", "--model", _folder["map"], "--in", train, "--out", _folder["x.npy"]);
        Assert.Equal((3, 2), Shape("x.npy"));
        await Succeed(
            "fit", "--map", "latent-semantics", "--train", texts, "--text", "subject", "--components", "2", "--out", _folder["words"]);
        await Succeed("apply", "--model", _folder["words"], "--in", texts, "--out", _folder["y.npy"]);
        await Succeed("apply", "--model", _folder["words"], "--in", texts, "--text", "subject", "--out", _folder["z.npy"]);
        Assert.Equal(File.ReadAllBytes(_folder["z.npy"]), File.ReadAllBytes(_folder["y.npy"]));
    }

    [Theory]
    [InlineData("fit", "", "{0}: the shape is n × 8 × 18 × 1; expected images of n × height × width", 8, 18, 1)]
    [InlineData("fit", "--image 12x12", "{0}: holds images of 9 × 16, but --image says 12 × 12.", 9, 16)]
    [InlineData("apply", "", "{0}: the shape is n × 12 × 12, but that of {1} is n × 9 × 16; both need the same.", 12, 12)]
    [InlineData("apply", "", "{0}: the shape is n × 144, but that of {1} is n × 9 × 16; both need the same.", 144)]
    public async Task Images_of_another_shape_are_refused(string command, string options, string expected, params int[] shape)
    {
        string images = _folder.Write("images.idx", Idx(9, 16)), other = _folder.Write("other.idx", Idx(shape));
        string[] map = ["--map", "patches", "--patch-size", "3", "--components", "4"];
        await Succeed(["fit", .. map, "--train", images, "--out", _folder["map"]]);
        string[] arguments = command == "fit"
            ? ["fit", .. map, "--train", other, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--out", _folder["x"]]
            : ["apply", "--model", _folder["map"], "--in", other, "--out", _folder["x"]];
        Invocation invocation = await Invocation.Of(["features", .. arguments, "--quiet"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith(
            $"certiflip: {string.Format(null, expected, other, _folder["map"])}", invocation.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("x", _folder.Names);
    }

    [Fact]
    public async Task Pixels_by_name_are_images_of_that_shape()
    {
        IEnumerable<string> names = from y in Enumerable.Range(0, 9) from x in Enumerable.Range(0, 16) select $"pixel_{y}_{x}";
        IEnumerable<string> rows = Idx(9, 16)[16..].Chunk(144).Select(row => string.Join(',', row));
        string table = _folder.Write("images.csv", $"{string.Join(',', names)}\n{string.Join('\n', rows)}\n");
        await Succeed(
            "fit", "--map", "patches", "--patch-size", "3", "--components", "4", "--train", table, "--out", _folder["map"]);
        Assert.Equal([9, 16, 1], StoredModel.Read(_folder["map"]).Integers("image"));
        await Fail(
            $"{table}: holds images of 9 × 16, but --image says 12 × 12.", "fit", "--map", "patches", "--image", "12x12", "--train", table,
            "--out", _folder["x"]);
        string array = _folder.Write("images.npy", NpyBytes.Doubles(20, 144, [.. Idx(9, 16)[16..].Select(pixel => (double)pixel)]));
        await Succeed(
            "fit", "--map", "patches", "--patch-size", "3", "--components", "4", "--image", "12x12", "--train", array, "--out",
            _folder["square"]);
        await Succeed("apply", "--model", _folder["square"], "--in", array, "--out", _folder["y.npy"]);
        await Fail(
            $"{table}: holds images of 9 × 16, but {_folder["square"]} is a map of images of 12 × 12.", "apply", "--model",
            _folder["square"], "--in", table, "--out", _folder["x"]);
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
    [InlineData("normalizer", 64)]
    [InlineData("power-normalisation --power 0.25", 64)]
    [InlineData("nystroem --components 7 --gamma 0.25 --seed 3", 7)]
    [InlineData("principal-components --components 7 --whitening 1", 7)]
    [InlineData("deskew", 64)]
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

    [Fact]
    public async Task Images_that_were_made_upright_are_images_to_the_next_map()
    {
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["digits"]);
        Invocation certified = await Invocation.Of(
            "certify", "--train", Path.Combine(folder["digits"], "train.csv"), "--test", Path.Combine(folder["digits"], "test.csv"),
            "--map", "deskew", "--map", "patches:patch-size=3", "--certificates", "exact", "--out", folder["c.csv"]);
        Assert.Equal(0, certified.ExitCode);
        Assert.Contains("64 deskew; 900 patches", certified.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    /// <summary>Whatever each step is fitted to: the rows that the step before makes.</summary>
    [Fact]
    public async Task Roots_unit_rows_and_whitened_components_are_a_chain()
    {
        string train = _folder.Write("train.csv", SmallData.Csv(60)), test = _folder.Write("test.csv", SmallData.Csv(20));
        string[] chain = ["power-normalisation:power=0.4", "normalizer", "principal-components:2:whitening=0.5"];
        string[] given = [.. chain.SelectMany(map => new[] { "--map", map })];
        Invocation whole = await Invocation.Of(["certify", "--train", train, "--test", test, .. given, "--out", _folder["whole.csv"]]);
        Assert.Equal(0, whole.ExitCode);
        Invocation trained = await Invocation.Of(["train", "--train", train, .. given, "--out", _folder["model"]]);
        Assert.Equal(0, trained.ExitCode);
        Invocation again = await Invocation.Of(
            "certify", "--model", _folder["model"], "--test", test, "--out", _folder["again.csv"]);
        Assert.Equal(0, again.ExitCode);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string expected = await File.ReadAllTextAsync(_folder["whole.csv"], cancellation);
        Assert.Equal(expected, await File.ReadAllTextAsync(_folder["again.csv"], cancellation));
    }

    [Fact]
    public async Task Recall_of_nearest_rows_is_said_by_fit_and_by_apply()
    {
        string train = _folder.Write("train.csv", SmallData.Csv(150));
        Invocation fitted = await Invocation.Of(
            "features", "fit", "--map", "spectral", "--components", "2", "--neighbour-recall", "0.9", "--train", train, "--out",
            _folder["map"]);
        Assert.Equal(0, fitted.ExitCode);
        Assert.Matches(Said("map"), fitted.Output);
        Invocation applied = await Invocation.Of("features", "apply", "--model", _folder["map"], "--in", train, "--out", _folder["x.npy"]);
        Assert.Matches(Said("map"), applied.Output);
        Invocation quiet = await Invocation.Of(
            "features", "apply", "--model", _folder["map"], "--in", train, "--out", _folder["y.npy"], "--quiet");
        Assert.Empty(quiet.Output);
        await Succeed("fit", "--map", "spectral", "--components", "2", "--neighbour-recall", "0.9", "--train", train, "--out",
            _folder["again"], "--threads", "1");
        Assert.Equal(File.ReadAllBytes(_folder["map"]), File.ReadAllBytes(_folder["again"]));

        string Said(string map) =>
            Regex.Escape($"{_folder[map]}: nearest rows are sought in ")
            + @"\d+ of 24 cells: on 150 rows, [01]\.\d{4} of the true ones were found \(0\.9 asked for\)\.";
    }

    [Theory]
    [InlineData(
        "--map pca",
        "--map 'pca': expected one of standard-scaler, normalizer, power-normalisation, principal-components, nystroem, deskew, "
            + "patches, spectral, convolutional-network, latent-semantics, document-vectors, averaged-word-vectors.")]
    [InlineData("--map convolutional-network --image 28", "--image '28': expected HxW or HxWxC, such as 28x28.")]
    [InlineData("--map principal-components --epochs 3", "--epochs has no effect with principal-components: leave it out.")]
    [InlineData(
        "--map principal-components --neighbour-recall 0.9", "--neighbour-recall has no effect with principal-components: leave it out.")]
    [InlineData(
        "--map spectral --neighbour-recall 1", "--neighbour-recall '1': expected a number strictly between 0 and 1, such as 0.95.")]
    [InlineData("--map normalizer --power 0.5", "--power has no effect with normalizer: leave it out.")]
    [InlineData("--map power-normalisation --power 1", "--power '1': expected a number strictly between 0 and 1.")]
    [InlineData("--map nystroem --components 9000", "nystroem makes at most 8192 features: give --components no more.")]
    [InlineData("--map nystroem --gamma 0", "--gamma '0': expected a number above 0.")]
    [InlineData("--map power-normalisation --whitening 1", "--whitening has no effect with power-normalisation: leave it out.")]
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
            $"{wide}: has column 'c' too many, compared with {_folder["map"]}; both need the same columns.", "apply", "--model",
            _folder["map"], "--in", wide, "--out", _folder["x.npy"]);
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

    /// <summary>Twenty images of unsigned bytes.</summary>
    private static byte[] Idx(params int[] shape)
    {
        byte[] pixels = new byte[20 * shape.Aggregate((product, length) => product * length)];
        new Random(1).NextBytes(pixels);
        IEnumerable<byte> lengths = ((int[])[20, .. shape]).SelectMany(length => BitConverter.GetBytes(length).Reverse());
        return [0, 0, 8, (byte)(shape.Length + 1), .. lengths, .. pixels];
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
