using System.Globalization;
using System.Text.Json;
using CertiFlip.Cli.Tests.EndToEnd;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Audit;

/// <summary>From an audit to labels that are put right and trusted, and to larger radii.</summary>
public sealed class CorrectionsTests : IDisposable
{
    private static readonly int[] Flipped = [7, 20, 31];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_certify_over_audit_and_corrections_radii_grow()
    {
        string train = Data();
        double[] before = await Radii(["--train", train]);
        await Run("audit", "--train", train, "--budget", "6", "--corrections", _folder["check.csv"]);
        string[] lines = File.ReadAllLines(_folder["check.csv"]);
        Assert.Equal("row,label,suggested_label,lead,correct_label", lines[0]);
        Assert.Equal([0xEF, 0xBB, 0xBF], File.ReadAllBytes(_folder["check.csv"])[..3]);
        Assert.Equal(Flipped, lines[1..4].Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)).Order());
        string filled = FillIn(lines);

        // With --apply, with a file of labels and one of trusted rows, and with a model: the same radii, and larger
        // ones.
        double[] after = await Radii(["--train", train, "--apply", filled]);
        Assert.True(after.Average() > before.Average() + 1, $"{before.Average()} to {after.Average()}");
        await Run(
            "labels", "apply", "--train", train, "--corrections", filled, "--out", _folder["labels.csv"], "--trusted-out",
            _folder["trusted.csv"]);
        Assert.Equal(
            after,
            await Radii(
                ["--train", train, "--ignore", "label", "--train-labels", _folder["labels.csv"], "--trusted", _folder["trusted.csv"]]));
        await Run("train", "--train", train, "--apply", filled, "--out", _folder["model"]);
        Assert.Equal(after, await Radii(["--model", _folder["model"]]));

        // The next audit suggests none of the labels that were checked.
        await Run("audit", "--train", train, "--apply", filled, "--budget", "6", "--corrections", _folder["next.csv"]);
        Assert.Empty(Rows(File.ReadAllLines(_folder["next.csv"])).Intersect(Rows(lines)));
    }

    [Fact]
    public async Task Json_tables_and_check_say_how_many_were_put_right()
    {
        string train = Data();
        await Run("audit", "--train", train, "--budget", "5", "--corrections", _folder["check.csv"]);
        string filled = FillIn(File.ReadAllLines(_folder["check.csv"]), 4);
        Invocation json = await Invocation.Of("certify", "--train", train, "--apply", filled, "--certificates", "exact", "--json");
        using var document = JsonDocument.Parse(json.Output);
        JsonElement corrections = document.RootElement.GetProperty("corrections");
        Assert.Equal(
            (4, 3, 1),
            (corrections.GetProperty("verified").GetInt32(), corrections.GetProperty("changed").GetInt32(),
                corrections.GetProperty("open").GetInt32()));
        Assert.Equal(4, document.RootElement.GetProperty("adversary").GetProperty("trusted_rows").GetInt32());
        foreach (string command in (string[])[
            "certify --certificates exact", "compare --methods exact", "audit --budget 3", "attack --attacks witness --holdout 0.2"])
        {
            Invocation table = await Invocation.Of([.. command.Split(' '), "--train", train, "--apply", filled]);
            Assert.Equal(0, table.ExitCode);
            string output = string.Join(' ', table.Output.Split('\n', StringSplitOptions.TrimEntries));
            Assert.Contains("4 labels, of which 3 were wrong and changed. 1 line of it is still open.", output, StringComparison.Ordinal);
        }

        await Run("check", "--train", train, "--apply", filled);
    }

    [Fact]
    public async Task Trusted_rows_of_both_files_count()
    {
        string train = Data(), filled = _folder.Write("filled.csv", "row,label,correct_label\n0,ham,ham\n2,ham,ham\n");
        Invocation invocation = await Invocation.Of(
            "certify", "--train", train, "--apply", filled, "--trusted", _folder.Write("trusted.csv", "row\n2\n5\n"), "--json");
        using var document = JsonDocument.Parse(invocation.Output);
        Assert.Equal(3, document.RootElement.GetProperty("adversary").GetProperty("trusted_rows").GetInt32());
    }

    [Fact]
    public async Task Texts_stand_beside_labels_and_nothing_runs_as_a_formula()
    {
        string[] lines = SmallData.Csv(20, class0: "=A1", class1: "@b").TrimEnd().Split('\n');
        string texts = _folder.Write("texts.txt", string.Join('\n', Enumerable.Range(0, 20).Select(row => $"=HYPERLINK(\"x\",{row})")));
        await Run(
            "audit", "--train", _folder.Write("train.csv", string.Join('\n', lines)), "--budget", "3", "--corrections",
            _folder["check.csv"], "--show-train", texts);
        string[] written = File.ReadAllLines(_folder["check.csv"]);
        Assert.Equal("row,text,label,suggested_label,lead,correct_label", written[0]);
        Assert.All(written[1..], line => Assert.Matches("^[0-9]+,\"'=HYPERLINK\\(\"\"x\"\",[0-9]+\\)\",'[=@]", line));
        string filled = FillIn(written);
        Invocation invocation = await Invocation.Of(
            "certify", "--train", _folder["train.csv"], "--apply", filled, "--certificates", "exact", "--json");
        Assert.True(invocation.ExitCode == 0, invocation.Error);
    }

    [Theory]
    [InlineData("certify --train T --apply stale.csv", 1, "the file is out of date")]
    [InlineData("certify --train T --apply empty.csv", 1, "no correct_label is filled in")]
    [InlineData("certify --model T --apply empty.csv", 2, "--apply has no effect with --model")]
    [InlineData("certify --train T --holdout 0.2 --threat rows --classes ham,spam --apply empty.csv", 2, "no effect with --threat rows")]
    [InlineData("certify --train T --holdout 0.2 --task regression --tolerance 1 --label-range 0,1 --apply empty.csv", 2, "--apply")]
    [InlineData("audit --train T --task regression --tolerance 1 --label-range 0,1 --corrections c.csv", 2, "--corrections")]
    [InlineData("audit --train T --corrections c.xlsx", 2, "--corrections 'c.xlsx'")]
    [InlineData("labels apply --corrections stale.csv --out o.csv", 2, "--train is missing")]
    [InlineData("labels apply --train T --corrections stale.csv --out o.csv", 1, "the file is out of date")]
    public async Task What_does_not_fit_is_refused_in_one_line(string command, int exitCode, string expected)
    {
        string train = Data();
        _folder.Write("stale.csv", "row,label,correct_label\n0,spam,spam\n2,spam,\n");
        _folder.Write("empty.csv", "row,label,correct_label\n0,ham,\n");
        Invocation invocation = await Invocation.Of(
            [
                .. command.Split(' ')
                    .Select(word => word == "T" ? train : word.EndsWith(".csv", StringComparison.Ordinal) ? _folder[word] : word),
            ]);
        Assert.Equal(exitCode, invocation.ExitCode);
        Assert.Contains(expected, invocation.Error, StringComparison.Ordinal);
    }

    /// <summary>Three of forty labels are wrong.</summary>
    private string Data() => _folder.Write("train.csv", string.Join('\n', SmallData.Csv(40).Split('\n').Select((line, i) =>
        !Flipped.Contains(i - 1) ? line
        : line.EndsWith("spam", StringComparison.Ordinal) ? line.Replace("spam", "ham", StringComparison.Ordinal)
        : line.Replace("ham", "spam", StringComparison.Ordinal))));

    /// <summary>Writes what is true into the last column of the first lines: every second row is spam.</summary>
    private string FillIn(string[] lines, int most = int.MaxValue) =>
        _folder.Write("filled.csv", string.Join('\n', lines.Select((line, i) =>
    {
        if (i == 0 || i > most)
            return line;
        bool isFormula = line.Contains("HYPERLINK", StringComparison.Ordinal);
        bool isSecond = int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture) % 2 == 1;
        return line + (isFormula ? isSecond ? "'@b" : "=A1" : isSecond ? "spam" : "ham");
    })) + "\n");

    private static IEnumerable<string> Rows(string[] lines) => lines.Skip(1).Select(line => line.Split(',')[0]);

    private async Task<double[]> Radii(string[] data)
    {
        await Run(["certify", .. data, "--certificates", "exact", "--out", _folder["out.csv"]]);
        return [.. CsvRow.ReadAll(_folder["out.csv"])
            .Select(row => row["exact_prediction"] == row["label"] ? row.Radius("exact_radius") : 0.0)];
    }

    private static async Task Run(params string[] arguments)
    {
        Invocation invocation = await Invocation.Of([.. arguments, "--quiet"]);
        Assert.True(invocation.ExitCode == 0, invocation.Error);
    }
}
