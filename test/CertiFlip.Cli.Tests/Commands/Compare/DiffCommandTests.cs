using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Compare;

public sealed partial class DiffCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_says_what_changed_and_which_rows_lost()
    {
        Invocation diff = await Invocation.Of("diff", await Run("before.json"), await Run("after.json", train: Relabelled));
        Assert.Equal(0, diff.ExitCode);
        Golden.Matches(Folder().Replace(diff.Output, "FOLDER"), "test", "CertiFlip.Cli.Tests", "Golden", "diff-table.txt");
    }

    [Fact]
    public async Task Lost_and_gained_rows_are_those_that_two_csv_files_tell()
    {
        string before = await Run("before.json", more: ["--out", _folder["before.csv"]]);
        string after = await Run("after.json", train: Relabelled, more: ["--out", _folder["after.csv"]]);
        Invocation diff = await Invocation.Of("diff", before, after, "--out", _folder["diff.csv"], "--json");
        Assert.Equal(0, diff.ExitCode);
        Dictionary<string, (bool IsRight, int Radius)> earlier = Rows("before.csv"), later = Rows("after.csv");
        int Standing((bool IsRight, int Radius) row) => row.IsRight ? row.Radius : -1;
        JsonElement json = JsonDocument.Parse(diff.Output).RootElement;
        string[] Names(string list) => [.. json.GetProperty(list).EnumerateArray().Select(name => name.GetString()!).Order()];
        Assert.Equal([.. earlier.Keys.Where(id => Standing(later[id]) < Standing(earlier[id])).Order()], Names("lost"));
        Assert.Equal([.. earlier.Keys.Where(id => Standing(later[id]) > Standing(earlier[id])).Order()], Names("gained"));
        Assert.Equal([.. earlier.Keys.Where(id => earlier[id].IsRight && !later[id].IsRight).Order()], Names("newly_wrong"));
        Assert.NotEmpty(Names("lost"));
        string[] lines = File.ReadAllLines(_folder["diff.csv"]);
        Assert.Equal("row,label,prediction_before,radius_before,prediction_after,radius_after,outcome", lines[0]);
        Assert.Equal(earlier.Count, lines.Length - 1);

        Dictionary<string, (bool, int)> Rows(string name)
        {
            string[][] rows = [.. File.ReadLines(_folder[name]).Select(line => line.Split(','))];
            int label = Array.IndexOf(rows[0], "label"), prediction = Array.IndexOf(rows[0], "exact_prediction"),
                radius = Array.IndexOf(rows[0], "exact_radius");
            return rows.Skip(1).ToDictionary(
                row => row[0], row => (row[prediction] == row[label], int.Parse(row[radius], CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public async Task Curves_are_those_of_the_runs_where_the_rows_are_the_same()
    {
        string before = await Run("before.json"), after = await Run("after.json", train: Relabelled);
        JsonElement diff = JsonDocument.Parse((await Invocation.Of("diff", before, after, "--json")).Output).RootElement;
        foreach ((string file, string side) in ((string, string)[])[(before, "before"), (after, "after")])
        {
            JsonElement run = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
            foreach ((JsonElement own, JsonElement other) in run.GetProperty("certificates").EnumerateArray()
                .Zip(diff.GetProperty("certificates").EnumerateArray()))
            {
                Assert.Equal(own.GetProperty("name").GetString(), other.GetProperty("name").GetString());
                foreach (string number in (string[])["accuracy", "balanced_accuracy", "median_radius"])
                    Assert.Equal(own.GetProperty(number).GetDouble(), other.GetProperty(number).GetProperty(side).GetDouble(), 1e-12);
                Dictionary<int, double> points = other.GetProperty("certified_accuracy").EnumerateArray()
                    .ToDictionary(point => point.GetProperty("flips").GetInt32(), point => point.GetProperty(side).GetDouble());
                foreach (JsonElement point in own.GetProperty("certified_accuracy").EnumerateArray())
                    Assert.Equal(point.GetProperty("value").GetDouble(), points[point.GetProperty("flips").GetInt32()], 1e-12);
            }
        }
    }

    [Fact]
    public async Task A_run_beside_itself_has_no_change()
    {
        string run = await Run("run.json");
        Invocation diff = await Invocation.Of(
            "diff", run, run, "--require", "lost<=0,wrong<=0,changed<=0,median>=0,exact@5>=0,balanced>=0");
        Assert.Equal((0, ""), (diff.ExitCode, diff.Error.Split('\n')[^1]));
        Assert.Contains("Settings and data are the same.", diff.Output, StringComparison.Ordinal);
        Assert.Contains("0 survive less, 0 survive more, and 10 are as before. No prediction changed.", Line(diff),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lost<=0", 3)]
    [InlineData("lost<=100%", 0)]
    [InlineData("median>=0", 3)]
    [InlineData("median>=-5", 0)]
    [InlineData("exact@2>=-100%", 0)]
    [InlineData("accuracy>=0,balanced>=0,wrong<=0", 0)]
    [InlineData("median:kl>=0,kl@1>=0.01", 3)]
    public async Task Conditions_on_the_change_decide_the_exit_code(string conditions, int expected)
    {
        Invocation diff = await Invocation.Of(
            "diff", await Run("before.json"), await Run("after.json", train: Relabelled), "--require", conditions, "--quiet");
        Assert.Equal(expected, diff.ExitCode);
        Assert.Equal(expected == 3, diff.Error.Contains("--require '", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lost>=1", "--require 'lost>=1': expected conditions such as lost<=5%")]
    [InlineData("lost<=0.5", "--require 'lost<=0.5': expected conditions such as lost<=5%")]
    [InlineData("tight@3<=1", "--require 'tight@3<=1': expected conditions such as lost<=5%")]
    [InlineData("monte-carlo@3>=0", "--require 'monte-carlo@3>=0': this run has no certificate 'monte-carlo'")]
    public async Task Conditions_that_mean_nothing_are_refused(string conditions, string expected)
    {
        string run = await Run("run.json");
        Invocation diff = await Invocation.Of("diff", run, run, "--require", conditions, "--quiet");
        Assert.Equal(2, diff.ExitCode);
        Assert.Contains(expected, diff.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_matched_by_their_ids_wherever_they_stand()
    {
        string[] test = SmallData.Csv(10, seed: 2).TrimEnd('\n').Split('\n');
        string[] named = [.. test.Skip(1).Select((line, row) => $"{line},r{row}")];
        string header = $"{test[0]},id\n";
        string train = string.Join('\n', SmallData.Csv(40).TrimEnd('\n').Split('\n')
            .Select((line, row) => $"{line},{(row == 0 ? "id" : $"t{row}")}"));
        string before = await Run("before.json", train, $"{header}{string.Join('\n', named)}\n", "--id", "id");
        string after = await Run("after.json", train, $"{header}{string.Join('\n', named.Reverse().Skip(2))}\n", "--id", "id");
        JsonElement diff = JsonDocument.Parse((await Invocation.Of("diff", before, after, "--json")).Output).RootElement;
        Assert.Equal(("id", 8), (diff.GetProperty("matched_by").GetString(), diff.GetProperty("rows").GetInt32()));
        Assert.Equal(["r8", "r9"], diff.GetProperty("only_before").EnumerateArray().Select(id => id.GetString()));
        Assert.Empty(diff.GetProperty("lost").EnumerateArray());
        Assert.Empty(diff.GetProperty("gained").EnumerateArray());
    }

    [Fact]
    public async Task Other_test_rows_are_refused_unless_the_user_vouches_for_them()
    {
        string before = await Run("before.json"), fewer = await Run("fewer.json", test: SmallData.Csv(8, seed: 5)),
            others = await Run("others.json", test: SmallData.Csv(10, class0: "spam", class1: "ham", seed: 5));
        Invocation refused = await Invocation.Of("diff", before, fewer, "--quiet");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("8 test rows of", refused.LastError, StringComparison.Ordinal);
        Assert.EndsWith("or say with --by-number that the same number means the same row.", refused.LastError, StringComparison.Ordinal);
        Assert.Contains("their labels differ", (await Invocation.Of("diff", before, others, "--quiet")).LastError,
            StringComparison.Ordinal);
        Assert.Equal(0, (await Invocation.Of("diff", before, fewer, "--by-number", "--quiet")).ExitCode);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "is not JSON (line 1); expected what certiflip certify --json prints.")]
    [InlineData("{\"certificates\": []}", "this JSON tells nothing of single rows")]
    [InlineData("[1]", "this JSON tells nothing of single rows")]
    [InlineData("""{"classes": ["a"], "rows": {"radii_count": "wrong labels", "certificates": []}}""", "is damaged")]
    [InlineData(
        """{"classes": ["a"], "rows": {"radii_count": "x", "certificates": [{"name": "exact", "predictions": [0, 3], "radii": [1, 1]}]}}""",
        "is damaged")]
    [InlineData(
        """{"classes": ["a"], "rows": {"radii_count": "x", "certificates": [{"name": "exact", "predictions": [0], "radii": [1, 1]}]}}""",
        "is damaged")]
    [InlineData(
        """{"classes": ["a"], "rows": {"radii_count": "x", "certificates": [{"name": "exact", "predictions": [0], "radii": [-1]}]}}""",
        "is damaged")]
    public async Task What_is_no_run_is_refused(string content, string expected)
    {
        string path = _folder.Write("other.json", content);
        Invocation diff = await Invocation.Of("diff", path, path, "--quiet");
        Assert.Equal(1, diff.ExitCode);
        Assert.Contains($"other.json: {expected}", diff.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_regression_is_refused()
    {
        string numbers = _folder.Write("numbers.csv",
            "x,label\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row},{row * row % 7}.5\n")));
        Invocation run = await Invocation.Of(
            "certify", "--task", "regression", "--label-range", "0,10", "--tolerance", "0.5", "--train", numbers, "--test", numbers,
            "--json");
        Assert.Equal(0, run.ExitCode);
        string path = _folder.Write("regression.json", run.Output);
        Invocation diff = await Invocation.Of("diff", path, path, "--quiet");
        Assert.Equal(1, diff.ExitCode);
        Assert.EndsWith(
            "regression.json: is a run of regression (labels that are numbers); expected runs with classes, whose rows have radii.",
            diff.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Radii_that_count_different_things_are_not_compared()
    {
        string costs = _folder.Write("costs.csv", "cost\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{1 + row % 3}\n")));
        string before = await Run("before.json"), after = await Run("after.json", more: ["--costs", costs]);
        Invocation diff = await Invocation.Of("diff", before, after, "--quiet");
        Assert.Equal(1, diff.ExitCode);
        Assert.Contains("radii count cost of wrong labels, but those of", diff.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_has_both_curves_and_the_rows_that_lost()
    {
        string before = await Run("before.json", more: ["--name", "March"]), after =
            await Run("after.json", Relabelled, more: ["--name", "<April>"]);
        Invocation diff = await Invocation.Of("diff", before, after, "--report", _folder["diff.html"], "--require", "lost<=0", "--quiet");
        Assert.Equal(3, diff.ExitCode);
        string html = File.ReadAllText(_folder["diff.html"]);
        Assert.Contains("<title>Two runs compared · March → &lt;April&gt;</title>", html, StringComparison.Ordinal);
        Assert.Contains("class=\"curve before\"", html, StringComparison.Ordinal);
        Assert.Contains("class=\"curve after\"", html, StringComparison.Ordinal);
        Assert.Contains("1 of 1 condition failed: lost", html, StringComparison.Ordinal);
        Assert.Contains("Rows that survive less", html, StringComparison.Ordinal);
    }

    /// <summary>The training rows with three labels changed.</summary>
    private static string Relabelled => string.Join('\n', SmallData.Csv(40).Split('\n').Select((line, row) => row is 1 or 3 or 5
        ? line.Replace("ham", "spam", StringComparison.Ordinal)
        : line));

    // Paths are cut at their beginning, wherever the folder of a test is.
    [GeneratedRegex("…[^ ]*(?=(before|after)-)")]
    private static partial Regex Folder();

    private static string Line(Invocation invocation) => string.Join(' ', invocation.Output.Split('\n').Select(line => line.Trim()));

    private async Task<string> Run(string name, string? train = null, string? test = null, params string[] more)
    {
        string stem = Path.GetFileNameWithoutExtension(name);
        Invocation run = await Invocation.Of(
            [
                "certify", "--train", _folder.Write($"{stem}-train.csv", train ?? SmallData.Csv(40)), "--test",
                _folder.Write($"{stem}-test.csv", test ?? SmallData.Csv(10, seed: 2)), .. more, "--json",
            ]);
        Assert.Equal(0, run.ExitCode);
        return _folder.Write(name, run.Output);
    }
}
