using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

public sealed partial class CertifyCommandTests
{
    [Theory]
    [InlineData("table", "")]
    [InlineData("table-exact", "--certificates exact")]
    [InlineData("table-smoothed", "--certificates kl,tight,structured --noise 0.3")]
    [InlineData("table-conditional", "--ridge paper --no-intercept")]
    [InlineData("json", "--json")]
    public async Task What_is_printed_reads_as_approved(string golden, string options)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(
            [.. SmallData.WriteTo(folder), "--threads", "2", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(0, invocation.ExitCode);
        string output = WithoutTime(invocation.Output).Replace(folder.Path, "FOLDER", StringComparison.Ordinal);
        Golden.Matches(output, "test", "CertiFlip.Cli.Tests", "Golden", $"certify-{golden}.txt");
    }

    [Fact]
    public async Task The_rows_that_out_names_read_as_approved()
    {
        using var folder = new TestFolder();
        await Invocation.Of([.. SmallData.WriteTo(folder), "--out", folder["out.csv"], "--quiet"]);
        Golden.Matches(File.ReadAllText(folder["out.csv"]), "test", "CertiFlip.Cli.Tests", "Golden", "certify-out.csv");
    }

    [Fact]
    public async Task Columns_of_certificates_not_asked_for_are_left_out()
    {
        using var folder = new TestFolder();
        await Invocation.Of([.. SmallData.WriteTo(folder), "--certificates", "exact,kl", "--out", folder["out.csv"], "--quiet"]);
        Assert.Equal(
            "row,label,prediction,log_failure,radius_kl,exact_prediction,exact_radius,listed_classes_only",
            File.ReadLines(folder["out.csv"]).First());
    }

    [Theory]
    [InlineData("a,b,label\n-1,0.5,ham\n1,0.25,spam\n", "all 2 rows are also in ")]
    [InlineData("b,a,label\n0.25,1,spam\n0.5,-1,spam\n", "all 2 rows are also in ")]
    [InlineData("a,b\n-1,0.5\n3,0.25\n", "one of 2 rows is also in ")]
    [InlineData("a,b,label\n-1,0.75,ham\n1,0.75,spam\n", null)]
    public async Task Training_rows_among_the_test_rows_are_called_that(string test, string? expected)
    {
        using var folder = new TestFolder();
        folder.Write("train.csv", "a,b,label\n-1,0.5,ham\n1,0.25,spam\n");
        Invocation invocation = await Invocation.Of(
            "certify", "--train", folder["train.csv"], "--test", folder.Write("test.csv", test), "--quiet");
        Assert.Equal(0, invocation.ExitCode);
        Assert.Equal(
            expected is not null, invocation.Error.Contains($"test.csv: {expected ?? "also in"}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_test_labels_the_label_column_is_empty_and_no_accuracy_is_claimed()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        folder.Write("test.csv", "b,a\n0.5,-1\n0.5,1\n");
        Invocation invocation = await Invocation.Of([.. arguments, "--out", folder["out.csv"]]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.StartsWith("0,,ham,", File.ReadLines(folder["out.csv"]).ElementAt(1), StringComparison.Ordinal);
        Assert.StartsWith("1,,spam,", File.ReadLines(folder["out.csv"]).ElementAt(2), StringComparison.Ordinal);
        Assert.DoesNotContain("accuracy", invocation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_are_written_as_they_came_in()
    {
        using var folder = new TestFolder();
        folder.Write("train.csv", SmallData.Csv(40, "\"no, thanks\"", "-1.50"));
        folder.Write("test.csv", SmallData.Csv(2, "\"no, thanks\"", "-1.5"));
        await Invocation.Of("certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--out", folder["out.csv"], "--quiet");
        string[] lines = File.ReadAllLines(folder["out.csv"]);
        Assert.StartsWith("0,\"no, thanks\",\"no, thanks\",", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("1,-1.5,-1.50,", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Separate_label_files_give_the_same_certificates_as_a_label_column()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        await Invocation.Of([.. arguments, "--out", folder["together.csv"], "--quiet"]);
        foreach (string name in (string[])["train", "test"])
        {
            string[][] rows = [.. File.ReadLines(folder[$"{name}.csv"]).Select(line => line.Split(','))];
            folder.Write($"{name}-features.tsv", string.Join('\n', rows.Select(row => $"{row[0]}\t{row[1]}")));
            folder.Write($"{name}-labels.csv", string.Join('\n', rows.Select(row => row[2])));
        }

        await Invocation.Of(
            "certify", "--train", folder["train-features.tsv"], "--train-labels", folder["train-labels.csv"],
            "--test", folder["test-features.tsv"], "--test-labels", folder["test-labels.csv"], "--out", folder["apart.csv"], "--quiet");
        Assert.Equal(File.ReadAllText(folder["together.csv"]), File.ReadAllText(folder["apart.csv"]));
    }

    [Fact]
    public async Task Every_number_of_threads_writes_the_same_bytes()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        folder.Write("test.csv", SmallData.Csv(101, seed: 3));
        foreach (string threads in (string[])["1", "2", "5"])
            await Invocation.Of(
                [.. arguments, "--threads", threads, "--out", folder[$"{threads}.csv"], "--report", folder[$"{threads}.html"], "--quiet"]);
        foreach (string kind in (string[])["csv", "html"])
        {
            string one = File.ReadAllText(folder[$"1.{kind}"]);
            Assert.Equal(one, File.ReadAllText(folder[$"2.{kind}"]));
            Assert.Equal(one, File.ReadAllText(folder[$"5.{kind}"]));
        }
    }

    [Fact]
    public async Task Json_is_one_document_with_fractions_and_quiet_prints_nothing_else()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--json", "--quiet"]);
        Assert.Empty(invocation.Error);
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        JsonElement exact = document.RootElement.GetProperty("certificates")[3];
        Assert.Equal("exact", exact.GetProperty("name").GetString());
        Assert.InRange(exact.GetProperty("accuracy").GetDouble(), 0.5, 1);
    }

    [Fact]
    public async Task Quiet_prints_nothing_at_all()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--quiet"]);
        Assert.Equal(new Invocation(0, "", ""), invocation);
    }

    [Fact]
    public async Task Where_there_is_no_terminal_progress_is_plain_lines()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(SmallData.WriteTo(folder));
        Assert.Equal($"reading {folder["train.csv"]}", invocation.Error.Split('\n')[0]);
        Assert.Equal("certifying 10 of 10 rows", invocation.LastError);
    }

    private static string WithoutTime(string text) => Seconds().Replace(text, "$1#$2");

    [GeneratedRegex("""(Time: |"seconds": )[0-9.eE-]+( s|$)?""", RegexOptions.Multiline)]
    private static partial Regex Seconds();
}
