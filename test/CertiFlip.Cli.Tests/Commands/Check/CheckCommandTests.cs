using System.Globalization;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Check;

/// <summary>The check of the data, alone and in every command that reads training data.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Commands => ["certify", "compare", "attack", "audit", "frontier", "train"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Good_data_have_no_remarks()
    {
        Invocation invocation = await Check(SmallData.Csv(40), "--test", _folder.Write("test.csv", SmallData.Csv(10, seed: 2)));
        Assert.Equal(0, invocation.ExitCode);
        Assert.EndsWith("Nothing to remark.\n", invocation.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_refuses_what_the_check_refuses(string command)
    {
        Invocation invocation = await Run(command, WithIndex());
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains("column 'Unnamed: 0' is a saved row number, not a feature", invocation.LastError, StringComparison.Ordinal);
        Assert.Equal(0, (await Run(command, WithIndex(), "--ignore", "Unnamed: 0")).ExitCode);
        Assert.Equal(0, (await Run(command, WithIndex(), "--accept", "row-number-column")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_says_what_the_check_says_and_refuses_it_where_strict(string command)
    {
        string text = SmallData.Csv(40).Replace("ham\n", "HAM\n", StringComparison.Ordinal) + "0,0,ham\n0,0.1,ham\n";
        Invocation said = await Run(command, text, "--quiet");
        Assert.Equal(0, said.ExitCode);
        Assert.Contains("remark: ", said.Error, StringComparison.Ordinal);
        Assert.Contains("2 classes differ in case, blanks or Unicode form only: 'HAM', 'ham'", said.Error, StringComparison.Ordinal);
        Invocation strict = await Run(command, text, "--strict");
        Assert.Equal(1, strict.ExitCode);
        Assert.Contains("'HAM', 'ham'", strict.LastError, StringComparison.Ordinal);
        Invocation accepted = await Run(command, text, "--strict", "--accept", "label-spelling,single-row-class,imbalanced-classes");
        Assert.Equal((0, false), (accepted.ExitCode, accepted.Output.Contains("Remark", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_refuses_missing_labels_or_leaves_them_out(string command)
    {
        string text = SmallData.Csv(40) + "0,0,nan\n0,0.1,\n";
        Invocation refused = await Run(command, text);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("2 labels are missing ('nan' or empty): rows 40, 41 (from 0), lines 42, 43;", refused.LastError,
            StringComparison.Ordinal);
        Invocation dropped = await Run(command, text, "--missing-labels", "drop", "--quiet");
        Assert.Equal(0, dropped.ExitCode);
        Assert.Contains("rows 40, 41 (from 0), lines 42, 43; these rows are left out.", dropped.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certify")]
    [InlineData("compare")]
    [InlineData("attack")]
    [InlineData("audit")]
    [InlineData("frontier")]
    public async Task Remarks_stand_in_the_table_and_in_JSON(string command)
    {
        _folder.Write("extra.csv", SmallData.Csv(10, seed: 2) + SmallData.Csv(40).Split('\n')[3] + "\n");
        Invocation table = await Run(command, SmallData.Csv(40));
        Assert.Contains("Remark: ", table.Output, StringComparison.Ordinal);
        Invocation json = await Run(command, SmallData.Csv(40), "--json");
        JsonElement remark = Assert.Single(JsonDocument.Parse(json.Output).RootElement.GetProperty("remarks").EnumerateArray());
        Assert.Equal("shared-rows", remark.GetProperty("code").GetString());
        Assert.Equal("remark", remark.GetProperty("severity").GetString());
        Assert.Equal(_folder["extra.csv"], remark.GetProperty("file").GetString());
        Assert.Equal([10], remark.GetProperty("rows").EnumerateArray().Select(row => row.GetInt32()));
    }

    [Theory]
    [InlineData("certify")]
    [InlineData("compare")]
    [InlineData("audit")]
    [InlineData("frontier")]
    public async Task Remarks_stand_in_the_report(string command)
    {
        _folder.Write("extra.csv", SmallData.Csv(10, seed: 2) + SmallData.Csv(40).Split('\n')[3] + "\n");
        Assert.Equal(0, (await Run(command, SmallData.Csv(40), "--report", _folder["report.html"])).ExitCode);
        Assert.Contains("one of 11 rows is also in",
            await File.ReadAllTextAsync(_folder["report.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_keep_the_numbers_of_their_files()
    {
        string[] lines = SmallData.Csv(40).Split('\n');
        lines[1] = "9,9,?";
        _folder.Write("extra.csv", "a,b,label\n5,5,NA\n" + string.Join('\n', SmallData.Csv(3, seed: 2).Split('\n')[1..]));
        Invocation invocation = await Run("certify", string.Join('\n', lines), "--missing-labels", "drop", "--out", _folder["out.csv"]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Equal(["row", "1", "2", "3"], File.ReadLines(_folder["out.csv"]).Select(line => line.Split(',')[0]));
        Invocation attack = await Run(
            "attack", string.Join('\n', lines), "--missing-labels", "drop", "--attacks", "witness", "--out", _folder["a.csv"]);
        Assert.Equal(0, attack.ExitCode);
        string[][] records = [.. File.ReadLines(_folder["a.csv"]).Skip(1).Select(line => line.Split(','))];
        Assert.Equal(["1", "2", "3"], records.Select(record => record[0]));

        // Even rows are labelled ham, odd ones spam.
        Assert.All(records, record => Assert.All(
            record[7].Split(' '), row => Assert.Equal(record[8] == "spam", int.Parse(row, CultureInfo.InvariantCulture) % 2 == 0)));
    }

    [Fact]
    public async Task Files_about_rows_speak_of_those_of_the_training_file()
    {
        string[] lines = SmallData.Csv(40).TrimEnd('\n').Split('\n');
        lines[1] = "9,9,?";
        string costs = _folder.Write(
            "costs.csv", "cost\n" + string.Concat(Enumerable.Range(0, 40).Select(row => row == 39 ? "1\n" : "1000\n")));
        string trusted = _folder.Write("trusted.csv", "row\n0\n" + string.Concat(Enumerable.Range(2, 37).Select(row => $"{row}\n")));
        foreach (string[] limits in (string[][])[["--costs", costs], ["--trusted", trusted], ["--costs", costs, "--trusted", trusted]])
        {
            Invocation attack = await Run(
                "attack",
                string.Join('\n', lines),
                ["--missing-labels", "drop", "--attacks", "witness", "--out", _folder["a.csv"], "--head", "knn:1", .. limits]);
            Assert.Equal(0, attack.ExitCode);
            string[] flipped = [.. File.ReadLines(_folder["a.csv"]).Skip(1).SelectMany(line => line.Split(',')[7].Split(' ')).Distinct()];
            if (limits.Contains("--trusted"))
                Assert.Subset(new HashSet<string> { "1", "39", "" }, flipped.ToHashSet());
        }
    }

    [Fact]
    public async Task A_model_keeps_the_numbers_of_the_rows_that_it_was_trained_on()
    {
        string[] lines = SmallData.Csv(40).Split('\n');
        lines[1] = "9,9,?";
        Assert.Equal(0, (await Run("train", string.Join('\n', lines), "--missing-labels", "drop")).ExitCode);
        Invocation certify = await Invocation.Of(
            "certify", "--model", _folder["model"], "--test", _folder.Write("test.csv", SmallData.Csv(4, seed: 2)), "--report",
            _folder["report.html"]);
        Assert.Equal(0, certify.ExitCode);
        string report = await File.ReadAllTextAsync(_folder["report.html"], TestContext.Current.CancellationToken);
        Assert.Contains("training row 39:", report, StringComparison.Ordinal);
        Assert.DoesNotContain("training row 0:", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_data_for_a_model_are_checked_against_its_rows()
    {
        Assert.Equal(0, (await Run("train", SmallData.Csv(40))).ExitCode);
        Invocation certify = await Invocation.Of(
            "certify", "--model", _folder["model"], "--test", _folder.Write("test.csv", SmallData.Csv(4)), "--quiet");
        Assert.Contains("all 4 rows are also in", certify.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_alone_prints_every_remark_and_tells_by_its_exit_code()
    {
        Invocation refused = await Check(WithIndex());
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("row-number-column", refused.Output, StringComparison.Ordinal);
        Assert.Equal("certiflip: the data are refused: 1 refusal.", refused.LastError);
        string counted = WithIndex().Replace("Unnamed: 0", "c", StringComparison.Ordinal);
        Assert.Equal(0, (await Check(counted)).ExitCode);
        Assert.Equal(1, (await Check(counted, "--strict")).ExitCode);
    }

    [Fact]
    public async Task The_check_alone_prints_JSON_refused_or_not()
    {
        Invocation invocation = await Check(WithIndex(), "--json");
        Assert.Equal(1, invocation.ExitCode);
        JsonElement document = JsonDocument.Parse(invocation.Output).RootElement;
        Assert.True(document.GetProperty("refused").GetBoolean());
        JsonElement remark = Assert.Single(document.GetProperty("remarks").EnumerateArray());
        Assert.Equal("refusal", remark.GetProperty("severity").GetString());
        Assert.Equal(["Unnamed: 0"], remark.GetProperty("columns").EnumerateArray().Select(name => name.GetString()));
        Assert.False(remark.TryGetProperty("rows", out _));
    }

    [Fact]
    public async Task The_check_compares_training_test_and_validation()
    {
        Invocation invocation = await Check(
            SmallData.Csv(40), "--test", _folder.Write("test.csv", SmallData.Csv(10, seed: 2)),
            "--validation", _folder.Write("validation.csv", SmallData.Csv(12, seed: 2)), "--quiet", "--strict");
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains($"validation.csv: 10 of 12 rows are also in {_folder["test.csv"]}", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_to_ignore_that_is_not_there_is_refused()
    {
        Invocation invocation = await Check(SmallData.Csv(40), "--ignore", "idx");
        Assert.Equal(1, invocation.ExitCode);
        Assert.Equal(
            $"certiflip: {_folder["train.csv"]}: no column is named 'idx', so --ignore 'idx' has no effect; leave it out.",
            invocation.LastError);
    }

    [Fact]
    public async Task A_code_that_is_none_is_refused_with_those_that_there_are()
    {
        Invocation invocation = await Check(SmallData.Csv(40), "--accept", "single-class");
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains("--accept 'single-class': expected any of row-number-column,", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feature_maps_are_fitted_to_columns_that_were_checked()
    {
        string[] fit = ["features", "fit", "--train", _folder.Write("train.csv", WithIndex()), "--out", _folder["map"], "--quiet"];
        Invocation refused = await Invocation.Of([.. fit, "--map", "standard-scaler"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("column 'Unnamed: 0' is a saved row number", refused.LastError, StringComparison.Ordinal);
        Assert.Equal(0, (await Invocation.Of([.. fit, "--map", "standard-scaler", "--ignore", "Unnamed: 0"])).ExitCode);
        string[] apply =
            ["features", "apply", "--model", _folder["map"], "--in", _folder["train.csv"], "--out", _folder["x.npy"], "--quiet"];
        Assert.Equal(0, (await Invocation.Of([.. apply, "--ignore", "Unnamed: 0"])).ExitCode);
    }

    [Fact]
    public async Task Scaling_is_not_advised_where_it_is_done()
    {
        string text = SmallData.Csv(40).Replace("\n0", "\n9000", StringComparison.Ordinal);
        string[] fit = ["features", "fit", "--train", _folder.Write("train.csv", text), "--out", _folder["map"], "--quiet", "--map"];
        Assert.Contains("dominant-column", (await Check(text)).Output, StringComparison.Ordinal);
        Assert.Equal("", (await Invocation.Of([.. fit, "standard-scaler", "--strict"])).Error);
        Assert.Contains(
            "of the variance", (await Invocation.Of([.. fit, "principal-components", "--components", "1"])).Error,
            StringComparison.Ordinal);
    }

    private static string WithIndex() => string.Join('\n', SmallData.Csv(40).TrimEnd('\n').Split('\n').Index()
        .Select(line => $"{(line.Index == 0 ? "Unnamed: 0" : $"{line.Index - 1}")},{line.Item}"));

    private Task<Invocation> Check(string training, params string[] options) =>
        Invocation.Of(["check", "--train", _folder.Write("train.csv", training), .. options]);

    /// <summary>Runs a command on training data, and where it needs others, on <c>extra.csv</c>.</summary>
    private Task<Invocation> Run(string command, string training, params string[] options)
    {
        string[] columns = [.. training.Split('\n')[0].Split(',')];
        if (!File.Exists(_folder["extra.csv"]))
        {
            string extra = SmallData.Csv(10, seed: 2)
                .Replace("ham\n", training.Contains("HAM", StringComparison.Ordinal) ? "HAM\n" : "ham\n", StringComparison.Ordinal);
            _folder.Write("extra.csv", columns.Length == 3 ? extra : string.Join('\n', extra.TrimEnd('\n').Split('\n').Index()
                .Select(line => $"{(line.Index == 0 ? columns[0] : $"{1000 + line.Index}")},{line.Item}")));
        }

        string[] other = command switch
        {
            "frontier" => ["--validation", _folder["extra.csv"], "--components", "2", "--heads", "ridge"],
            "train" => ["--out", _folder["model"]],
            "attack" => ["--test", _folder["extra.csv"], "--attacks", "witness"],
            _ => ["--test", _folder["extra.csv"]],
        };
        return Invocation.Of([command, "--train", _folder.Write("train.csv", training), .. other, .. options]);
    }
}
