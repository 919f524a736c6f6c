using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Audit;

public sealed partial class AuditCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("audit-table.txt", true)]
    [InlineData("audit-leave-one-out-table.txt", false)]
    public async Task The_table_reads_as_approved(string golden, bool hasTest)
    {
        Invocation invocation = await Invocation.Of([.. Arguments(hasTest), "--budget", "5", "--threads", "2"]);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", golden);
    }

    [Fact]
    public async Task The_file_that_out_names_is_the_same_for_every_number_of_threads_and_as_approved()
    {
        foreach (string threads in (string[])["1", "3"])
            Assert.Equal(
                new Invocation(0, "", ""),
                await Invocation.Of(
                    [.. Arguments(), "--budget", "5", "--out", _folder[$"{threads}.csv"], "--threads", threads, "--quiet"]));
        string csv = File.ReadAllText(_folder["1.csv"]);
        Assert.Equal(csv, File.ReadAllText(_folder["3.csv"]));
        Golden.Matches(csv, "test", "CertiFlip.Cli.Tests", "Golden", "audit-out.csv");
    }

    [Fact]
    public async Task A_label_that_is_flipped_is_suggested_first_and_back()
    {
        string[] arguments = Arguments();
        string[] lines = SmallData.Csv(40).TrimEnd('\n').Split('\n');
        lines[8] = lines[8].Replace("spam", "ham", StringComparison.Ordinal);
        _folder.Write("train.csv", string.Join('\n', lines) + "\n");
        using JsonDocument json = JsonDocument.Parse((await Invocation.Of([.. arguments, "--json", "--quiet"])).Output);
        JsonElement first = json.RootElement.GetProperty("suggestions")[0];
        Assert.Equal(
            (7, "contradicted", "ham", "spam"),
            (
                first.GetProperty("row").GetInt32(), first.GetProperty("reason").GetString(), first.GetProperty("label").GetString(),
                first.GetProperty("suggested_label").GetString()));
        Assert.Equal(1, json.RootElement.GetProperty("contradicted").GetInt32());
        Assert.Equal("knn", json.RootElement.GetProperty("second_opinion").GetString());
    }

    [Fact]
    public async Task What_was_checked_is_trusted_in_the_next_run_which_begins_where_this_one_ended()
    {
        string[] arguments = [.. Arguments(), "--budget", "6", "--quiet"];
        await Invocation.Of([.. arguments, "--out", _folder["checked.csv"]]);
        Invocation second = await Invocation.Of([.. arguments, "--trusted", _folder["checked.csv"], "--json"]);
        string[][] rows = [.. File.ReadLines(_folder["checked.csv"]).Skip(1).Select(line => line.Split(','))];
        using JsonDocument json = JsonDocument.Parse(second.Output);
        Assert.Equal(long.Parse(rows[^1][^1], CultureInfo.InvariantCulture), json.RootElement.GetProperty("total_radius").GetInt64());
        Assert.Equal(6, json.RootElement.GetProperty("adversary").GetProperty("trusted_rows").GetInt32());
        Assert.DoesNotContain(
            json.RootElement.GetProperty("suggestions").EnumerateArray(),
            suggestion => rows.Any(row => row[1] == suggestion.GetProperty("row").GetInt32().ToString(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("saturated-ridge")]
    [InlineData("knn:5")]
    [InlineData("kernel")]
    public async Task Every_head_is_audited_and_its_radii_are_those_that_certify_finds(string head)
    {
        string[] arguments = [.. Arguments(), "--head", head, "--quiet"];
        using JsonDocument json = JsonDocument.Parse((await Invocation.Of([.. arguments, "--second-opinion", "none", "--json"])).Output);
        await Invocation.Of(["certify", .. arguments[1..], "--certificates", "exact", "--out", _folder["certified.csv"]]);
        string[][] rows = [.. File.ReadLines(_folder["certified.csv"]).Skip(1).Select(line => line.Split(','))];
        Assert.Equal(head, json.RootElement.GetProperty("head").GetString());
        Assert.False(json.RootElement.TryGetProperty("second_opinion", out _));
        Assert.Equal(
            rows.Where(row => row[1] == row[2]).Sum(row => long.Parse(row[^2], CultureInfo.InvariantCulture)),
            json.RootElement.GetProperty("total_radius").GetInt64());
    }

    [Fact]
    public async Task With_costs_radii_are_those_that_certify_finds()
    {
        string[] arguments =
        [
            .. Arguments(), "--quiet", "--costs",
            _folder.Write("costs.csv", "cost\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{1 + row % 3}\n"))),
        ];
        using JsonDocument json = JsonDocument.Parse((await Invocation.Of([.. arguments, "--json"])).Output);
        await Invocation.Of(["certify", .. arguments[1..], "--certificates", "exact", "--out", _folder["certified.csv"]]);
        string[][] rows = [.. File.ReadLines(_folder["certified.csv"]).Skip(1).Select(line => line.Split(','))];
        Assert.Equal(79, json.RootElement.GetProperty("adversary").GetProperty("total_cost").GetInt32());
        Assert.Equal(
            rows.Where(row => row[1] == row[2]).Sum(row => long.Parse(row[^2], CultureInfo.InvariantCulture)),
            json.RootElement.GetProperty("total_radius").GetInt64());
    }

    [Fact]
    public async Task One_flip_more_than_the_contradiction_survives_undoes_it()
    {
        Invocation invocation = await Invocation.Of("audit", "--train", OneWrong(), "--budget", "1", "--out", _folder["wrong-out.csv"]);
        string[] suggestion = File.ReadLines(_folder["wrong-out.csv"]).ElementAt(1).Split(',');
        Assert.Equal(("7", "ham", "spam"), (suggestion[1], suggestion[2], suggestion[4]));
        string row = invocation.Output.Split('\n').Single(line => line.Contains("  ham ", StringComparison.Ordinal));
        Assert.Equal(int.Parse(suggestion[6], CultureInfo.InvariantCulture) + 1, int.Parse(Words(row)[5], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_contradiction_that_nothing_can_undo_is_called_that()
    {
        IEnumerable<string> others = Enumerable.Range(0, 40).Where(row => row != 7).Select(row => $"{row}\n");
        string trusted = _folder.Write("trusted.csv", $"row\n{string.Concat(others)}");
        Invocation invocation = await Invocation.Of("audit", "--train", OneWrong(), "--budget", "1", "--trusted", trusted);
        string row = invocation.Output.Split('\n').Single(line => line.Contains("  ham ", StringComparison.Ordinal));
        Assert.Equal("never", Words(row)[5]);

        Invocation json = await Invocation.Of("audit", "--train", OneWrong(), "--budget", "1", "--trusted", trusted, "--json");
        using JsonDocument document = JsonDocument.Parse(json.Output);
        JsonElement suggestion = document.RootElement.GetProperty("suggestions")[0];
        Assert.Equal(JsonValueKind.Null, suggestion.GetProperty("contradiction_radius").ValueKind);
        Assert.NotEmpty(suggestion.GetProperty("contradiction_radius_is_null").GetString()!);
    }

    [Fact]
    public async Task Table_and_report_say_against_whom_a_contradiction_holds()
    {
        string costs = _folder.Write("costs.csv", "cost\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{1 + row % 3}\n")));
        Invocation invocation = await Invocation.Of(
            [.. Arguments(), "--costs", costs, "--trusted", _folder.Write("trusted.csv", "row\n0\n"), "--report", _folder["audit.html"]]);
        string page = File.ReadAllText(_folder["audit.html"]);
        Assert.Contains(
            "cost to undo: the lowest cost of flips of other labels within the adversary’s limits that put the label ahead again.",
            string.Join(" ", invocation.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains(
            "Exact: the lowest cost of flips of other labels within the adversary’s limits that put the label ahead again", page,
            StringComparison.Ordinal);
        Assert.Contains(
            "The radius any means that nothing this adversary can do changes the prediction while the list of classes stays the same.",
            page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_that_can_become_nothing_else_is_not_suggested()
    {
        using JsonDocument json = JsonDocument.Parse(
            (await Invocation.Of([.. Arguments(), "--direction", "ham>spam", "--budget", "40", "--json", "--quiet"])).Output);
        Assert.All(
            json.RootElement.GetProperty("suggestions").EnumerateArray(),
            suggestion => Assert.Equal("ham", suggestion.GetProperty("label").GetString()));
    }

    [Fact]
    public async Task The_report_is_the_same_for_every_number_of_threads()
    {
        foreach (string threads in (string[])["1", "3"])
            Assert.Equal(
                0,
                (await Invocation.Of([.. Arguments(), "--report", _folder[$"{threads}.html"], "--threads", threads, "--quiet"])).ExitCode);
        Assert.Equal(File.ReadAllText(_folder["1.html"]), File.ReadAllText(_folder["3.html"]));
    }

    [Fact]
    public async Task The_report_shows_texts_where_features_are_embeddings()
    {
        string[] arguments = [.. Arguments(), "--report", _folder["audit.html"], "--quiet"];
        string texts = _folder.Write("texts.txt", string.Concat(Enumerable.Range(0, 40).Select(row => $"message <{row}>\n")));
        Assert.Equal(0, (await Invocation.Of([.. arguments, "--show-train", texts])).ExitCode);
        Assert.Contains("message &lt;", File.ReadAllText(_folder["audit.html"]), StringComparison.Ordinal);
        Invocation refused = await Invocation.Of([.. arguments, "--text", "words"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.EndsWith(": there is no column 'words' of texts; --text names it.", refused.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_without_effect_on_the_head_is_refused()
    {
        Invocation invocation = await Invocation.Of([.. Arguments(), "--gain", "3", "--quiet"]);
        Assert.Equal((2, "certiflip: --gain has no effect with --head ridge: leave it out."), (invocation.ExitCode, invocation.LastError));
    }

    [Fact]
    public async Task The_second_opinion_of_few_rows_is_that_of_all_of_them()
    {
        Invocation invocation = await Invocation.Of("audit", "--train", _folder.Write("few.csv", "a,label\n1,x\n2,x\n3,y\n4,y\n5,y\n"));
        Assert.Equal(0, invocation.ExitCode);
        string output = string.Join(' ', Words(invocation.Output.ReplaceLineEndings(" ")));
        Assert.Contains("Second opinion: 5 nearest neighbours (weight 20 %).", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row\n3\n40\n", "line 3: '40' is not the number of a row; they are numbered from 0 to 39.")]
    [InlineData("row\nham\n", "line 2: 'ham' is not the number of a row")]
    [InlineData("row\n-1\n", "line 2: '-1' is not the number of a row")]
    public async Task A_trusted_row_that_is_none_is_bad_data_and_named(string content, string expected)
    {
        string[] arguments = Arguments();
        _folder.Write("trusted.csv", content);
        Invocation invocation =
            await Invocation.Of([.. arguments, "--trusted", _folder["trusted.csv"], "--out", _folder["out.csv"], "--quiet"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {_folder["trusted.csv"]}, {expected}", invocation.LastError, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.csv"]));
    }

    [Fact]
    public async Task A_row_that_cannot_be_left_out_is_bad_data_with_a_way_out()
    {
        string train = _folder.Write("train.csv", "a,b,label\n1,0,x\n2,0,y\n3,0,x\n4,5,y\n");
        Invocation invocation = await Invocation.Of("audit", "--train", train, "--ridge", "fixed:0", "--quiet");
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith(
            $"certiflip: {train}: Training row 3 (counting from 0) cannot be left out", invocation.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--test-rows", "3")]
    [InlineData("--test-labels", "labels.csv")]
    public async Task An_option_that_speaks_of_test_data_is_refused_where_there_are_none(string option, string value)
    {
        Invocation invocation = await Invocation.Of([.. Arguments(hasTest: false), option, value, "--quiet"]);
        Assert.Equal(
            (2, $"certiflip: {option} has no effect without --test: leave it out, or name test data."),
            (invocation.ExitCode, invocation.LastError));
    }

    [Theory]
    [InlineData("--budget", "0")]
    [InlineData("--budget", "few")]
    [InlineData("--second-opinion", "ridge")]
    [InlineData("--second-opinion", "knn:0")]
    [InlineData("--head", "forest")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage_and_named(string option, string value)
    {
        Invocation invocation = await Invocation.Of([.. Arguments(), option, value]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {option} '{value}': expected ", invocation.Error, StringComparison.Ordinal);
        Assert.Equal("certiflip: See 'certiflip audit --help'.", invocation.LastError);
    }

    private string[] Arguments(bool hasTest = true)
    {
        string[] arguments = SmallData.WriteTo(_folder);
        return ["audit", .. hasTest ? arguments[1..] : arguments[1..3]];
    }

    [GeneratedRegex(@"\d+\.\d+ s")]
    private static partial Regex Seconds();

    /// <summary>Forty rows, of which row 7 has the other label.</summary>
    private string OneWrong()
    {
        string[] lines = SmallData.Csv(40).Split('\n');
        lines[8] = lines[8].Replace("spam", "ham", StringComparison.Ordinal);
        return _folder.Write("wrong.csv", string.Join('\n', lines));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
