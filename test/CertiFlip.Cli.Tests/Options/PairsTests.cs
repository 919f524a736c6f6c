using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>Pairs of items as the command takes them.</summary>
public sealed class PairsTests : IDisposable
{
    private static readonly string[] Stated =
        ["--label", "better", "--classes", "first,second", "--head", "pairs", "--certificates", "exact"];
    private readonly TestFolder _folder = new();

    public PairsTests()
    {
        var random = new Random(9);
        int Number() => random.Next(-20, 20);
        string[] pairs = [.. Enumerable.Range(0, 40).Select(_ => $"{Number()},{Number()},{Number()},{Number()}")];
        int[][] numbers = [.. pairs.Select(pair => pair.Split(',').Select(int.Parse).ToArray())];
        string[] better = [.. numbers.Select(row => row[0] - row[2] + random.Next(-9, 9) > 0 ? "first" : "second")];
        string[] differences = [.. numbers.Select(row => $"{row[0] - row[2]},{row[1] - row[3]}")];
        _folder.Write("pairs.csv", $"a_x,a_y,b_x,b_y,better\n{Lines(pairs.Zip(better, Joined).Take(30))}");
        _folder.Write("differences.csv", $"x,y,better\n{Lines(differences.Zip(better, Joined).Take(30))}");
        _folder.Write("new-pairs.csv", $"a_x,a_y,b_x,b_y\n{Lines(pairs.Skip(30))}");
        _folder.Write("new-differences.csv", $"x,y\n{Lines(differences.Skip(30))}");
        _folder.Write("exchanged.csv", $"b_x,b_y,a_x,a_y\n{Lines(pairs.Skip(30))}");

        static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{line}\n"));
        static string Joined(string row, string label) => $"{row},{label}";
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Certificates_are_those_of_the_differences()
    {
        string[] ofPairs = await Certificates(["--train", _folder["pairs.csv"], "--pairs", "a_,b_", .. Stated], "new-pairs.csv");
        Assert.Equal(await Certificates(["--train", _folder["differences.csv"], .. Stated], "new-differences.csv"), ofPairs);
        Assert.Equal(11, ofPairs.Length);
    }

    [Fact]
    public async Task A_model_takes_pairs_as_they_are_and_exchanged_items_exchange_the_classes()
    {
        Invocation train = await Invocation.Of(
            "train", "--train", _folder["pairs.csv"], "--pairs", "a_,b_", "--label", "better", "--classes",
            "first,second", "--head", "pairs",
            "--out", _folder["pairs.model"]);
        Assert.Equal(0, train.ExitCode);
        string[] model = ["--model", _folder["pairs.model"], "--certificates", "exact"];
        string[] ofPairs = await Certificates(model, "new-pairs.csv"), exchanged = await Certificates(model, "exchanged.csv");
        Assert.Equal(await Certificates(["--train", _folder["differences.csv"], .. Stated], "new-differences.csv"), ofPairs);
        foreach ((string one, string other) in ofPairs.Zip(exchanged).Skip(1))
        {
            Assert.NotEqual(one.Split(',')[2], other.Split(',')[2]);
            Assert.Equal(one.Split(',')[0], other.Split(',')[0]);
        }
    }

    [Theory]
    [InlineData("--pairs a_", "--pairs 'a_': expected two beginnings of columns' names with a comma between them.")]
    [InlineData("--pairs a_,a_", "--pairs 'a_,a_': expected two beginnings of columns' names with a comma between them.")]
    [InlineData("--pairs a_,b_ --map principal-components:1",
        "--map has no effect with --pairs, which takes the differences of numbers as they are: leave it out.")]
    [InlineData("--pairs a_,b_ --preprocess auto",
        "--preprocess has no effect with --pairs, which takes the differences of numbers as they are: leave it out.")]
    [InlineData("--pairs a_,c_", "pairs.csv: no column's name begins with 'c_'.")]
    public async Task What_cannot_be_is_refused(string options, string expected)
    {
        Invocation run = await Invocation.Of(["certify", "--train", _folder["pairs.csv"], .. Stated, .. options.Split(' ')]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private async Task<string[]> Certificates(string[] how, string test)
    {
        string path = _folder["certificates.csv"];
        Invocation run = await Invocation.Of(["certify", .. how, "--test", _folder[test], "--out", path]);
        Assert.True(run.ExitCode == 0, run.Error);
        return await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
    }
}
