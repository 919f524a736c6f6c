using System.Text;
using CertiFlip.Cli.Tests.Support;
using CertiFlip.Data;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>Folders of images and tables of texts, through ONNX models, to certificates.</summary>
public sealed class PretrainedModelTests : IDisposable
{
    private const int Side = 6;
    private const string Plain = "mean=0,std=255";
    private readonly TestFolder _folder = new();

    public PretrainedModelTests()
    {
        _folder.Write("means.onnx", TinyModel.OfImages(Side).ToBytes());
        for (int i = 0; i < 24; i++)
        {
            WriteImage($"train/sea/{i}.bmp", i, red: 40);
            WriteImage($"train/sand/{i}.bmp", i, red: 190);
        }

        for (int i = 0; i < 6; i++)
            WriteImage($"test/{(i < 3 ? "sea" : "sand")}/{i}.bmp", 100 + i, i < 3 ? 50 : 180);
    }

    public void Dispose() => _folder.Dispose();

    private string[] Images =>
    [
        "--train", _folder["train"], "--map", _folder["means.onnx"], "--map-options", Plain, "--cache", _folder["cache"], "--quiet",
    ];

    [Fact]
    public async Task A_folder_of_images_becomes_a_report_that_shows_them()
    {
        await Run(["certify", .. Images, "--test", _folder["test"], "--out", _folder["a.csv"], "--report", _folder["a.html"]]);
        string[] lines = File.ReadAllLines(_folder["a.csv"]);
        Assert.Equal(7, lines.Length);
        Assert.All(lines[1..], line =>
        {
            string[] cells = line.Split(',');
            Assert.Equal(cells[0].Split('/')[0], cells[1]);
            Assert.Contains($",{cells[1]},", line[(cells[0].Length + cells[1].Length + 1)..], StringComparison.Ordinal);
        });
        Assert.Contains("data:image/jpeg;base64,", File.ReadAllText(_folder["a.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Threads_and_kept_rows_change_no_byte()
    {
        for (int threads = 1; threads <= 3; threads++)
        {
            await Run(["certify", .. Images[..^3], "--cache", "none", "--quiet", "--test", _folder["test"], "--threads", $"{threads}",
                "--out", _folder[$"{threads}.csv"]]);
        }

        await Run(["certify", .. Images, "--test", _folder["test"], "--out", _folder["first.csv"]]);
        string[] kept = Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories);
        await Run(["certify", .. Images, "--test", _folder["test"], "--out", _folder["second.csv"]]);
        string expected = File.ReadAllText(_folder["1.csv"]);
        foreach (string name in (string[])["2.csv", "3.csv", "first.csv", "second.csv"])
            Assert.Equal(expected, File.ReadAllText(_folder[name]));

        // Nothing was computed again, or there would be one more file of rows.
        Assert.Equal(kept, Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_model_file_needs_neither_the_network_nor_its_options()
    {
        await Run(["certify", .. Images, "--test", _folder["test"], "--out", _folder["direct.csv"]]);
        await Run(["train", .. Images, "--out", _folder["sea.model"]]);
        File.Delete(_folder["means.onnx"]);
        await Run("certify", "--model", _folder["sea.model"], "--test", _folder["test"], "--out", _folder["later.csv"], "--cache", "none",
            "--quiet");
        Assert.Equal(File.ReadAllText(_folder["direct.csv"]), File.ReadAllText(_folder["later.csv"]));
    }

    [Fact]
    public async Task Without_a_model_the_pixels_of_images_of_one_size_are_numbers_for_a_map()
    {
        string[] pixels = ["--train", _folder["train"], "--map", "principal-components:3", "--quiet"];
        await Run(["certify", .. pixels, "--test", _folder["test"], "--out", _folder["direct.csv"], "--threads", "1"]);
        Assert.All(File.ReadAllLines(_folder["direct.csv"])[1..], line => Assert.Equal(line.Split('/')[0], line.Split(',')[1]));
        await Run(["train", .. pixels, "--out", _folder["pixels.model"], "--threads", "2"]);
        await Run("certify", "--model", _folder["pixels.model"], "--test", _folder["test"], "--out", _folder["later.csv"], "--quiet");
        Assert.Equal(File.ReadAllText(_folder["direct.csv"]), File.ReadAllText(_folder["later.csv"]));
        WriteImage("test/sea/0.bmp", 5, 50, Side + 1);
        Invocation other = await Invocation.Of(["certify", .. pixels, "--test", _folder["test"]]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains($"the image is {Side + 1} × {Side + 1}, but {Side} × {Side} is expected", other.LastError,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_a_folder_without_classes_come_by_path()
    {
        for (int i = 0; i < 20; i++)
            WriteImage($"flat/{i}.bmp", i, i < 10 ? 40 : 190);
        string labels = _folder.Write(
            "labels.csv", "path,label\n"
                + string.Concat(Enumerable.Range(0, 20).Reverse().Select(i => $"{i}.bmp,{(i < 10 ? "sea" : "sand")}\n")));
        await Run("certify", "--train", _folder["flat"], "--train-labels", labels, "--test", _folder["test"], "--map",
            _folder["means.onnx"], "--map-options", Plain, "--cache", "none", "--out", _folder["flat.csv"], "--quiet");
        Assert.All(File.ReadAllLines(_folder["flat.csv"])[1..], line =>
            Assert.Contains($",{line.Split(',')[1]},{line.Split(',')[1]},", line));
    }

    [Fact]
    public async Task Features_apply_writes_a_row_and_a_path_for_each_image()
    {
        await Run("features", "apply", "--model", _folder["means.onnx"], "--map-options", Plain, "--in", _folder["train"], "--out",
            _folder["x.npy"], "--cache", "none", "--quiet");
        FeatureMatrix features = DatasetReader.Read(_folder["x.npy"]).Features;
        string[] paths = File.ReadAllLines(_folder["x.paths.csv"]);
        Assert.Equal((48, 3), (features.Rows, features.Columns));
        Assert.Equal(["row,path", "0,sand/0.bmp", "1,sand/1.bmp", "2,sand/10.bmp"], paths[..4]);
        Assert.InRange(features.Row(0)[0], 0.7, 0.8);
        Assert.InRange(features.Row(47)[0], 0.1, 0.2);
    }

    [Fact]
    public async Task A_table_of_texts_goes_through_a_sentence_model()
    {
        float[] table = [.. Enumerable.Range(0, 8).SelectMany(token => new float[] { token == 5 ? 1 : 0, token == 6 ? 1 : 0 })];
        _folder.Write("sentences.onnx", TinyModel.OfTexts(table, 2).ToBytes());
        _folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nbad\nfilm");
        var rows = new StringBuilder("text,label\n");
        for (int i = 0; i < 40; i++)
            rows.Append(i % 2 == 0 ? "A good film,pos\n" : "A bad film,neg\n");
        _folder.Write("train.csv", rows.ToString());
        _folder.Write("test.csv", "text,label\nGood!,pos\nbad bad film,neg\n");
        await Run("certify", "--train", _folder["train.csv"], "--test", _folder["test.csv"], "--map", _folder["sentences.onnx"],
            "--map-options", "pooling=mean,normalise=yes,tokens=16", "--cache", "none", "--out", _folder["out.csv"], "--quiet");
        string[] lines = File.ReadAllLines(_folder["out.csv"]);
        Assert.StartsWith("0,pos,pos,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("1,neg,neg,", lines[2], StringComparison.Ordinal);
        await Run("features", "apply", "--model", _folder["sentences.onnx"], "--in", _folder["test.csv"], "--out", _folder["t.npy"],
            "--cache", "none", "--quiet");
        Assert.Equal(2, DatasetReader.Read(_folder["t.npy"]).Features.Rows);
        Assert.False(File.Exists(_folder["t.paths.csv"]));
    }

    [Theory]
    [InlineData("size=7,mean=0,std=1", 1, "the model takes images of height 6, and not 7")]
    [InlineData("colour=bgr", 2, "--map-options 'colour=bgr': expected for a model of images: size, shorter,")]
    [InlineData("mean=a", 2, "--map-options 'mean=a': expected numbers with / between")]
    [InlineData("mean", 2, "--map-options 'mean': expected name=value")]
    public async Task Settings_that_do_not_fit_are_refused(string settings, int code, string problem) =>
        await Fail(code, problem, ["certify", "--train", _folder["train"], "--test", _folder["test"], "--map", _folder["means.onnx"],
            "--map-options", settings, "--cache", "none"]);

    [Fact]
    public async Task Settings_without_a_model_and_broken_images_are_refused()
    {
        await Fail(2, "--map-options has no effect without an ONNX model", ["certify", "--train", _folder["train"], "--test",
            _folder["test"], "--map-options", Plain]);
        File.WriteAllBytes(_folder["train/sand/7.bmp"], [1, 2, 3]);
        await Fail(1, "7.bmp: this is no image of a format that is read", ["certify", .. Images, "--test", _folder["test"]]);
        await Fail(1, "does not say which mean and standard deviation", ["certify", "--train", _folder["test"], "--test", _folder["test"],
            "--map", _folder["means.onnx"], "--cache", "none"]);
    }

    private static async Task Run(params string[] arguments)
    {
        Invocation invocation = await Invocation.Of(arguments);
        Assert.True(invocation.ExitCode == 0, invocation.Error);
    }

    private static async Task Fail(int code, string problem, string[] arguments)
    {
        Invocation invocation = await Invocation.Of(arguments);
        Assert.Equal(code, invocation.ExitCode);
        Assert.Contains(problem, invocation.LastError, StringComparison.Ordinal);
    }

    /// <summary>A bitmap of 24 bits, nearly of one colour.</summary>
    private void WriteImage(string name, int seed, int red, int side = Side)
    {
        const int Head = 54;
        int line = (side * 3 + 3) / 4 * 4;
        byte[] image = new byte[Head + side * line];
        byte[] head =
        [
            .. "BM"u8, (byte)image.Length, 0, 0, 0, 0, 0, 0, 0, Head, 0, 0, 0, 40, 0, 0, 0, (byte)side, 0, 0, 0, (byte)side, 0, 0, 0, 1, 0,
            24,
        ];
        head.CopyTo(image, 0);
        var random = new Random(seed);
        for (int i = Head; i < image.Length; i++)
            image[i] = (byte)((i - Head) % line % 3 == 2 ? red + random.Next(20) : 100 + random.Next(20));
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], image);
    }
}
