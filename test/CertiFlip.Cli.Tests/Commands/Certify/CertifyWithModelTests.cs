using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>
/// What certify prints and writes is the same from a model as from its training data, whatever else is asked for.
/// </summary>
public sealed partial class CertifyWithModelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Heads =>
        ["--head ridge", "--head saturated-ridge --offset 0.1", "--head pairs", "--head knn:5", "--head kernel", "--ridge paper"];

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task The_table_the_json_the_report_and_the_file_are_the_same(string head)
    {
        SmallData.WriteTo(_folder);
        await AssertSame(["--train", _folder["train.csv"]], head, ["--test", _folder["test.csv"]]);
        await AssertSame(
            ["--train", _folder["train.csv"]], head,
            ["--test", _folder["test.csv"], "--json", "--certificates", "tight,exact", "--test-rows", "7", "--threads", "1"]);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task So_they_are_of_images_whose_labels_are_apart(string head)
    {
        string train = _folder.Write("train-images", IdxImages(30, seed: 1)), trainLabels = _folder.Write("train-labels", IdxLabels(30));
        string test = _folder.Write("test-images", IdxImages(6, seed: 2)), testLabels = _folder.Write("test-labels", IdxLabels(6));
        await AssertSame(["--train", train, "--train-labels", trainLabels], head, ["--test", test, "--test-labels", testLabels]);
        Assert.Contains("data:image/png", File.ReadAllText(_folder["model.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_the_test_rows_may_be_in_another_column()
    {
        SmallData.WriteTo(_folder);
        string test =
            _folder.Write("renamed.csv", File.ReadAllText(_folder["test.csv"]).Replace("label", "truth", StringComparison.Ordinal));
        await Invocation.Of("train", "--train", _folder["train.csv"], "--out", _folder["model"], "--quiet");
        await Invocation.Of(
            "certify", "--model", _folder["model"], "--test", test, "--label", "truth", "--out", _folder["renamed-out.csv"], "--quiet");
        await Invocation.Of("certify", "--model", _folder["model"], "--test", _folder["test.csv"], "--out", _folder["out.csv"], "--quiet");
        Assert.Equal(File.ReadAllText(_folder["out.csv"]), File.ReadAllText(_folder["renamed-out.csv"]));
    }

    private async Task AssertSame(string[] training, string head, string[] rest)
    {
        Assert.Equal(0, (await Invocation.Of(["train", .. training, .. head.Split(' '), "--out", _folder["model"], "--quiet"])).ExitCode);
        Invocation direct = await Run("direct", [.. training, .. head.Split(' '), .. rest, "--name", "data"]),
            later = await Run("model", ["--model", _folder["model"], .. rest, "--name", "data"]);
        Assert.Equal((0, Normal(direct.Output)), (later.ExitCode, Normal(later.Output)));
        Assert.Equal(File.ReadAllText(_folder["direct.csv"]), File.ReadAllText(_folder["model.csv"]));

        // The report names the file that it came from.
        string name = Path.GetFileName(training[1]);
        Assert.Equal(
            Normal(File.ReadAllText(_folder["direct.html"])).Replace($"from {name};", "from model;", StringComparison.Ordinal),
            Normal(File.ReadAllText(_folder["model.html"])));
    }

    private Task<Invocation> Run(string name, string[] arguments) =>
        Invocation.Of(["certify", .. arguments, "--out", _folder[$"{name}.csv"], "--report", _folder[$"{name}.html"]]);

    /// <summary>Without the time taken and the options.</summary>
    private static string Normal(string text) => Options().Replace(Seconds().Replace(text, "#"), "");

    private static byte[] IdxImages(int rows, int seed)
    {
        byte[] pixels = new byte[rows * 12];
        new Random(seed).NextBytes(pixels);
        for (int row = 0; row < rows; row++)
            pixels[row * 12 + row % 3] = 255;
        return [0, 0, 8, 3, 0, 0, 0, (byte)rows, 0, 0, 0, 3, 0, 0, 0, 4, .. pixels];
    }

    private static byte[] IdxLabels(int rows) =>
        [0, 0, 8, 1, 0, 0, 0, (byte)rows, .. Enumerable.Range(0, rows).Select(row => (byte)(row % 3))];

    [GeneratedRegex("\n  \"options\": \\[.*?\n  \\],", RegexOptions.Singleline)]
    private static partial Regex Options();

    [GeneratedRegex("""[0-9.]+ s\b|"seconds": [0-9.]+""")]
    private static partial Regex Seconds();
}
