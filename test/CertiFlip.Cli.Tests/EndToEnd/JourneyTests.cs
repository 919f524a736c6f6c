using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;
using Parquet;
using Parquet.Schema;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>
/// From a file as people have it to a report, in at most two commands: the second where the first says what to add.
/// </summary>
public sealed class JourneyTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Random _random = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Spambase_without_a_header()
    {
        string data = Lines("spambase.data", 90, row => Join(',', Numbers(5, row % 3 == 0 ? 3 : 1), row % 3 == 0 ? 1 : 0));
        Assert.Contains("--label", await Refused("certify", "--train", data), StringComparison.Ordinal);
        string report = await Report("certify", "--train", data, "--label", "c6");
        Assert.Contains("90 training rows", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SMSSpamCollection_with_quotes_and_without_a_header()
    {
        string data = Lines("SMSSpamCollection", 60, row =>
            row % 3 == 0 ? $"spam\tWIN a \"free prize, £{row} now" : $"ham\tOk lar... see u at {row}\"");
        Assert.Contains("--header none", await Refused("certify", "--train", data, "--label", "c1"), StringComparison.Ordinal);
        string report = await Report(
            "certify", "--train", data, "--header", "none", "--label", "c1", "--map", "latent-semantics:4");
        Assert.Contains("WIN a", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kaggle_s_spam_in_latin_1()
    {
        string data = _folder.Write("spam.csv", Encoding.Latin1.GetBytes(
            "v1,v2,,,\n" + string.Concat(Enumerable.Range(0, 60).Select(
                row => row % 3 == 0 ? $"spam,WIN £{row} now,,,\n" : $"ham,\"Ok lar, see u at {row}\",,,\n"))));
        string[] command = ["certify", "--train", data, "--label", "v1", "--map", "latent-semantics:4"];
        Assert.Contains("--encoding windows-1252", await Refused(command), StringComparison.Ordinal);
        string report = await Report([.. command, "--encoding", "windows-1252"]);
        Assert.Contains("WIN £", report, StringComparison.Ordinal);

        // The model knows the encoding.
        string model = _folder["spam.model"];
        await Succeeded(["train", .. command[1..], "--encoding", "windows-1252", "--out", model]);
        await Succeeded("certify", "--model", model, "--test", data);
    }

    [Fact]
    public async Task A9a_of_libsvm_whose_test_rows_name_fewer_columns()
    {
        string Sparse(int row, int columns) =>
            (row % 2 == 0 ? "-1 1:1" : "+1 2:1") + $" {3 + (row % (columns - 2))}:1 ";
        string train = Lines("a9a", 80, row => Sparse(row, 9)), test = Lines("a9a.t", 20, row => Sparse(row, 7));
        Assert.Contains("9 numbers", await Report("certify", "--train", train, "--test", test), StringComparison.Ordinal);
        string model = _folder["a9a.model"];
        await Succeeded("train", "--train", train, "--out", model);
        await Succeeded("certify", "--model", model, "--test", test);
        string wide = Lines("wide", 20, row => Sparse(row, 12));
        Invocation run = await Succeeded("certify", "--train", train, "--test", wide);
        Assert.Contains("columns after 9", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Iris_with_ids()
    {
        string[] kinds = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"];
        string data = _folder.Write("Iris.csv", "Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm,Species\n"
            + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row + 1},{Join(',', Numbers(4, row % 3 * 3))},{kinds[row % 3]}\n")));
        string csv = _folder["rows.csv"];
        string report = await Report("certify", "--train", data, "--label", "Species", "--id", "Id", "--out", csv);
        Assert.Contains("Iris-virginica", report, StringComparison.Ordinal);
        Assert.Contains("60", File.ReadAllText(csv), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MedMNIST_s_archive_of_images()
    {
        string data = _folder["pneumoniamnist.npz"];
        using (var zip = new ZipArchive(File.Create(data), ZipArchiveMode.Create))
        {
            foreach ((string part, int rows) in ((string, int)[])[("train", 40), ("val", 6), ("test", 12)])
            {
                Add($"{part}_images.npy", NpyBytes.Array(
                    "|u1", [rows, 8, 8], Enumerable.Range(0, rows * 64).Select(at => (object)(_random.Next(100) + (100 * (at / 64 % 2))))));
                Add($"{part}_labels.npy", NpyBytes.Array("|u1", [rows, 1], Enumerable.Range(0, rows).Select(row => (object)(row % 2))));
            }

            void Add(string name, byte[] array)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(array);
            }
        }

        Invocation run = await Succeeded("certify", "--train", data, "--test", data, "--report", _folder["report.html"]);
        Assert.Contains("40 training rows, 64 features, 12 test rows", run.Output, StringComparison.Ordinal);
        Assert.Contains("divided by 255", run.Output, StringComparison.Ordinal);
        Assert.Contains("data:image/png", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
        await Succeeded(
            "certify", "--train", data + "#train_images", "--train-labels", data + "#train_labels", "--test", data + "#val_images");
    }

    [Fact]
    public async Task A_table_of_pixels_is_shown_as_images()
    {
        string data = _folder.Write(
            "mnist.csv", "label," + string.Join(',', Enumerable.Range(0, 16).Select(pixel => $"pixel{pixel}")) + "\n"
            + string.Concat(Enumerable.Range(0, 30).Select(row => $"{row % 2},{Join(',', Numbers(16, row % 2 * 5))}\n")));
        Assert.Contains("data:image/png", await Report("certify", "--train", data), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reviews.jsonl")]
    [InlineData("reviews.json")]
    [InlineData("reviews.jsonl.gz")]
    public async Task Texts_in_JSON(string name)
    {
        string[] rows = [.. Enumerable.Range(0, 40).Select(row => JsonSerializer.Serialize(
            new { text = row % 2 == 0 ? $"a bad film, {row}" : $"a good film, {row}", label = row % 2 == 0 ? "neg" : "pos" }))];
        byte[] bytes = Encoding.UTF8.GetBytes(name.EndsWith(".json", StringComparison.Ordinal)
            ? $"[{string.Join(",\n", rows)}]"
            : string.Join('\n', rows));
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionMode.Compress))
                gzip.Write(bytes);
            bytes = packed.ToArray();
        }

        string report = await Report("certify", "--train", _folder.Write(name, bytes), "--map", "latent-semantics:3");
        Assert.Contains("good film", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embeddings_in_JSON()
    {
        string data = Lines("vectors.jsonl", 40, row => JsonSerializer.Serialize(
            new { text = $"text {row}", embedding = Numbers(6, row % 2 * 2), label = row % 2 == 0 ? "a" : "b" }));
        Assert.Contains("6 numbers", await Report("certify", "--train", data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_set_of_Hugging_Face_in_Parquet()
    {
        string train = await Parquet("train-00000-of-00001.parquet", 40), test = await Parquet("test-00000-of-00001.parquet", 10);
        string report = await Report("certify", "--train", train, "--test", test, "--map", "latent-semantics:3");
        Assert.Contains("neg", report, StringComparison.Ordinal);
        Assert.Contains("good film", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_German_Excel()
    {
        string data = Lines("tabelle.csv", 40, row => row == 0
            ? "Größe;Gewicht;Klasse"
            : $"{(row % 2) + (row / 100.0):F2};{row * 10};{(row % 2 == 0 ? "ja" : "nein")}".Replace('.', ','));
        string[] command = ["certify", "--train", data, "--label", "Klasse"];
        Assert.Contains("--decimal comma", await Refused(command), StringComparison.Ordinal);
        Assert.Contains("nein", await Report([.. command, "--decimal", "comma"]), StringComparison.Ordinal);
        string points = Lines("points.csv", 10, row => row == 0 ? "Größe;Gewicht;Klasse" : $"{row % 2}.500;{row * 10};ja");
        Assert.Contains(
            "decimal point", await Refused([.. command, "--decimal", "comma", "--test", points]), StringComparison.Ordinal);
        string model = _folder["tabelle.model"];
        Invocation train = await Invocation.Of(["train", .. command[1..], "--decimal", "comma", "--out", model]);
        Assert.True(train.ExitCode == 0, train.Error);
        Assert.Contains("decimal point", await Refused(["certify", "--model", model, "--test", points]), StringComparison.Ordinal);
    }

    private async Task<string> Parquet(string name, int rows)
    {
        string path = _folder[name];
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<long>("label"));
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            schema, file, cancellationToken: TestContext.Current.CancellationToken);
        writer.CustomMetadata = new Dictionary<string, string>
        {
            ["huggingface"] = """{"info": {"features": {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}}}""",
        };
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        string[] texts = [.. Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? $"a bad film, {row}" : $"a good film, {row}")];
        long[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 2L)];
        await group.WriteAsync(schema.DataFields[0], texts);
        await group.WriteAsync<long>(schema.DataFields[1], labels, cancellationToken: TestContext.Current.CancellationToken);
        return path;
    }

    private double[] Numbers(int count, double mean) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Round(mean + _random.NextDouble(), 2))];

    private static string Join(char separator, double[] numbers, params int[] more) => string.Join(
        separator, [.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)), .. more.Select(number => $"{number}")]);

    private string Lines(string name, int rows, Func<int, string> line) =>
        _folder.Write(name, string.Concat(Enumerable.Range(0, rows).Select(row => line(row) + "\n")));

    private async Task<string> Report(params string[] command)
    {
        string report = _folder["report.html"];
        await Succeeded([.. command, "--report", report]);
        return File.ReadAllText(report);
    }

    private static async Task<Invocation> Succeeded(params string[] command)
    {
        Invocation run = await Invocation.Of(command);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static async Task<string> Refused(params string[] command)
    {
        Invocation run = await Invocation.Of(command);
        Assert.Equal(1, run.ExitCode);
        return run.Error.Replace("\n", " ", StringComparison.Ordinal);
    }
}
