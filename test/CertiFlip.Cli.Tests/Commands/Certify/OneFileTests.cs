using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.EndToEnd;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>Training data alone: each row left out in turn, or some of them held out.</summary>
public sealed partial class OneFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Leave_one_out_table_reads_as_approved()
    {
        string[] train = ["--train", _folder.Write("train.csv", SmallData.Csv(40))];
        Invocation invocation = await Invocation.Of(["certify", .. train, "--threads", "1"]);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden",
            "certify-leave-one-out.txt");
        invocation = await Invocation.Of(["certify", .. train, "--holdout", "0.25", "--certificates", "exact", "--threads", "1"]);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", "certify-holdout.txt");
    }

    [Theory]
    [InlineData("--ridge fixed:9")]
    [InlineData("--ridge fixed:9 --no-intercept")]
    [InlineData("--head knn:3")]
    [InlineData("--head kernel:0.5")]
    [InlineData("--head saturated-ridge --ridge fixed:9")]
    public async Task Each_row_is_certified_as_by_the_head_trained_on_the_others(string head)
    {
        const int Rows = 14;
        string[] lines = SmallData.Csv(Rows).TrimEnd().Split('\n'), options = [.. head.Split(' '), "--noise", "0.02", "--quiet"];
        IReadOnlyList<CsvRow> left = await Certify(["--train", _folder.Write("train.csv", string.Join('\n', lines)), .. options]);
        Assert.Equal(Rows, left.Count);
        for (int row = 0; row < Rows; row++)
        {
            string others = string.Join('\n', lines.Where((_, line) => line != row + 1)), own = $"{lines[0]}\n{lines[row + 1]}\n";
            IReadOnlyList<CsvRow> alone = await Certify(
                ["--train", _folder.Write("others.csv", others), "--test", _folder.Write("own.csv", own), .. options]);
            Assert.Equal(row, left[row].Whole("row"));
            foreach (string column in (string[])["label", "prediction", "exact_prediction"])
                Assert.Equal(alone[0][column], left[row][column]);
            foreach (string column in (string[])["radius_kl", "radius_tight", "radius_structured", "exact_radius"])
                Assert.InRange(left[row].Radius(column), Math.Max(0, alone[0].Radius(column) - 1), alone[0].Radius(column));
        }
    }

    [Fact]
    public async Task A_row_that_is_undecided_has_no_exact_radius()
    {
        // Without the middle row the classes mirror each other about it.
        string csv = "x,label\n-1,ham\n-2,ham\n-3,ham\n0,ham\n1,spam\n2,spam\n3,spam\n";
        string[] asked = ["--train", _folder.Write("train.csv", csv), "--ridge", "fixed:9", "--certificates", "exact"];
        IReadOnlyList<CsvRow> rows = await Certify([.. asked, "--quiet"]);
        Assert.Equal(["0", "0", "1", "", "0", "0", "0"], rows.Select(row => row["exact_radius"]));
        Assert.All(rows, row => Assert.Equal(row["label"], row["exact_prediction"]));

        // Of seven right predictions six are certified.
        using var json = JsonDocument.Parse((await Invocation.Of(["certify", .. asked, "--json"])).Output);
        JsonElement exact = json.RootElement.GetProperty("certificates")[0];
        Assert.Equal(1, exact.GetProperty("accuracy").GetDouble());
        Assert.Equal(6 / 7.0, exact.GetProperty("certified_accuracy")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Json_says_which_rows_are_predicted()
    {
        string[] train = ["--train", _folder.Write("train.csv", SmallData.Csv(40)), "--json"];
        using var left = JsonDocument.Parse((await Invocation.Of(["certify", .. train])).Output);
        Assert.True(left.RootElement.GetProperty("leave_one_out").GetBoolean());
        Assert.False(left.RootElement.TryGetProperty("test_rows", out _));
        using var held = JsonDocument.Parse((await Invocation.Of(["certify", .. train, "--holdout", "0.1", "--seed", "5"])).Output);
        Assert.False(held.RootElement.TryGetProperty("leave_one_out", out _));
        Assert.Equal((36, 4),
            (held.RootElement.GetProperty("training_rows").GetInt32(), held.RootElement.GetProperty("test_rows").GetInt32()));
        Assert.Equal(5, held.RootElement.GetProperty("holdout").GetProperty("seed").GetInt32());
    }

    [Fact]
    public async Task Held_out_rows_keep_their_numbers_and_follow_from_the_seed_alone()
    {
        string csv = SmallData.Csv(40);
        string renamed = string.Join('\n', csv.Split('\n').Select((line, i) => i % 3 == 1 && line.Length > 0
            ? line.Replace("spam", "x", StringComparison.Ordinal).Replace("ham", "spam", StringComparison.Ordinal)
                .Replace("x", "ham", StringComparison.Ordinal)
            : line));
        IReadOnlyList<CsvRow> first = await HoldOut(csv, "0"), again = await HoldOut(csv, "0"), other = await HoldOut(csv, "1");
        int[] Numbers(IReadOnlyList<CsvRow> rows) => [.. rows.Select(row => row.Whole("row"))];
        Assert.Equal(8, first.Count);
        Assert.Equal(Numbers(first), Numbers(again));
        Assert.NotEqual(Numbers(first), Numbers(other));
        Assert.Equal(Numbers(first), Numbers(await HoldOut(renamed, "0")));
        string[] lines = csv.Split('\n');
        Assert.All(first, row => Assert.EndsWith(row["label"], lines[row.Whole("row") + 1], StringComparison.Ordinal));

        Task<IReadOnlyList<CsvRow>> HoldOut(string content, string seed) =>
            Certify(
                ["--train", _folder.Write("train.csv", content), "--holdout", "0.2", "--seed", seed, "--certificates", "exact", "--quiet"]);
    }

    [Fact]
    public async Task Held_out_rows_are_as_test_rows_of_a_file_of_their_own()
    {
        string[] lines = SmallData.Csv(30).TrimEnd().Split('\n');
        string[] limits = ["--trusted", _folder.Write("trusted.csv", "row\n1\n5\n9\n22\n"), "--noise", "0.05", "--quiet"];
        IReadOnlyList<CsvRow> held = await Certify(
            ["--train", _folder.Write("train.csv", string.Join('\n', lines)), "--holdout", "0.3", .. limits]);
        HashSet<int> tests = [.. held.Select(row => row.Whole("row"))];
        int[] rest = [.. Enumerable.Range(0, 30).Where(row => !tests.Contains(row))];
        string Lines(IEnumerable<int> rows) => string.Join('\n', rows.Select(row => lines[row + 1]).Prepend(lines[0])) + "\n";
        string trusted = string.Join('\n', rest.Index().Where(row => row.Item is 1 or 5 or 9 or 22).Select(row => $"{row.Index}"));
        _folder.Write("trusted.csv", $"row\n{trusted}\n");
        IReadOnlyList<CsvRow> apart = await Certify(
            ["--train", _folder.Write("rest.csv", Lines(rest)), "--test", _folder.Write("tests.csv", Lines(tests.Order())), .. limits]);
        Assert.Equal(apart.Select(row => string.Join(',', row.Fields[1..])), held.Select(row => string.Join(',', row.Fields[1..])));
    }

    [Theory]
    [InlineData("compare --methods exact,partition --partitions 5", "compare")]
    [InlineData("attack --attacks witness,distance", "attack")]
    [InlineData("certify --method monte-carlo --samples 200", "monte-carlo")]
    [InlineData("certify --threat rows --ridge fixed:1 --method partition --partitions 5 --classes ham,spam", "rows")]
    [InlineData("certify --collective 1,2 --certificates exact", "collective")]
    public async Task Rows_can_be_held_out_wherever_there_are_test_rows(string command, string _)
    {
        string[] words = command.Split(' ');
        Invocation invocation = await Invocation.Of(
            [.. words, "--train", _folder.Write("train.csv", SmallData.Csv(30)), "--holdout", "0.3", "--seed", "2"]);
        Assert.Equal((0, ""), (invocation.ExitCode, invocation.LastError is var error
            && error.StartsWith("certiflip:", StringComparison.Ordinal) ? error : ""));
        Assert.Contains("9 of 30 rows, held out at random (seed 2)", Joined(invocation.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_can_be_held_out()
    {
        string csv = "x,label\n" + string.Join('\n', Enumerable.Range(0, 20).Select(row => $"{row},{row * 2}.5"));
        Invocation invocation = await Invocation.Of(
            "certify", "--task", "regression", "--tolerance", "3", "--label-range", "0,50", "--train", _folder.Write("train.csv", csv),
            "--holdout", "0.2");
        Assert.True(invocation.ExitCode == 0, invocation.Error);
        Assert.Contains("4 of 20 rows, held out", Joined(invocation.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_leaves_out_its_own_rows()
    {
        string model = await SmallData.Model(_folder);
        IReadOnlyList<CsvRow> direct = await Certify(["--train", _folder["train.csv"], "--quiet"]);
        IReadOnlyList<CsvRow> later = await Certify(["--model", model, "--quiet"]);
        Assert.Equal(direct.Select(row => string.Join(',', row.Fields)), later.Select(row => string.Join(',', row.Fields)));
    }

    [Fact]
    public async Task The_report_speaks_of_training_rows()
    {
        Invocation invocation = await Invocation.Of(
            "certify", "--train", _folder.Write("train.csv", SmallData.Csv(40)), "--quiet", "--report", _folder["r.html"]);
        Assert.Equal(0, invocation.ExitCode);
        string page = File.ReadAllText(_folder["r.html"]);
        Assert.Contains("predicted by the head fitted to the other 39", page, StringComparison.Ordinal);
        Assert.Contains("<strong>Training row ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("test row", page.Replace("No test rows:", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("certify --train T --method partition", "--test is missing: rows are left out one by one for --method smoothing")]
    [InlineData("certify --train T --method monte-carlo", "--holdout 0.2")]
    [InlineData("certify --train T --threat rows --classes ham,spam", "Name test data with --test, or hold out")]
    [InlineData("certify --train T --task regression --tolerance 1 --label-range 0,1", "--test is missing: with --task regression")]
    [InlineData("certify --train T --collective", "--collective has no effect without test rows")]
    [InlineData("certify --train T --test-rows 3", "--test-rows has no effect without --test or --holdout")]
    [InlineData("certify --train T --test T --holdout 0.2", "--holdout has no effect with --test")]
    [InlineData("certify --train T --seed 1", "--seed has no effect with smoothing")]
    [InlineData("certify --train T --holdout 1", "--holdout '1': expected a number strictly between 0 and 1")]
    [InlineData("certify --model T --holdout 0.2", "--holdout has no effect with --model")]
    [InlineData("compare --train T", "--test is missing: partition does not leave rows out one by one.")]
    [InlineData("attack --train T", "--test is missing: name test data, or hold out a part of the rows of --train with --holdout 0.2.")]
    [InlineData("attack --train T --test T --seed 1", "--seed has no effect without --holdout")]
    public async Task What_has_no_effect_or_cannot_be_done_is_refused_with_what_to_do(string command, string expected)
    {
        string path = _folder.Write("train.csv", SmallData.Csv(40));
        Invocation invocation = await Invocation.Of([.. command.Split(' ').Select(word => word == "T" ? path : word)]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains(expected, invocation.Error, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<CsvRow>> Certify(string[] options)
    {
        Invocation invocation = await Invocation.Of(["certify", .. options, "--out", _folder["out.csv"]]);
        Assert.True(invocation.ExitCode == 0, invocation.Error);
        return CsvRow.ReadAll(_folder["out.csv"]);
    }

    private static string Joined(string output) => string.Join(' ', output.Split('\n', StringSplitOptions.TrimEntries));

    [GeneratedRegex(@"\d+\.\d\d s")]
    private static partial Regex Seconds();
}
