using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary><c>certify --collective</c>: one adversary for all rows.</summary>
public sealed partial class CollectiveTests
{
    [Fact]
    public async Task The_table_reads_as_approved()
    {
        using var folder = new TestFolder();
        folder.Write("groups.csv", $"group\n{string.Concat(Enumerable.Range(0, 30).Select(row => row % 3 == 0 ? "new\n" : "old\n"))}");
        Invocation invocation = await Invocation.Of(
            [
                .. Certify(folder), "--collective", "--groups", folder["groups.csv"], "--require", "collective@9>=0.5,collective@18>=1",
                "--threads", "2",
            ]);
        Assert.Equal(3, invocation.ExitCode);
        Assert.All(invocation.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Golden.Matches(
            Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", "collective-table.txt");
    }

    [Fact]
    public async Task Json_has_the_numbers_of_the_library()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Certify(folder), "--collective", "2,5", "--certificates", "exact", "--json"]);
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        (FeatureMatrix training, string[] labels) = Read(folder["train.csv"]);
        (FeatureMatrix test, string[] truth) = Read(folder["test.csv"]);
        var set = new TrainingSet(training, labels);
        CollectiveCertificates expected = Certifier.Fit(set).CertifyTogether(
            test,
            new CollectiveOptions { Budgets = [2, 5], Truth = [.. truth.Select(label => label == "spam" ? 1 : 0)] },
            cancellationToken: TestContext.Current.CancellationToken);
        JsonElement together = document.RootElement.GetProperty("collective");
        Assert.Equal(expected.Counted, together.GetProperty("counted").GetInt32());
        JsonElement[] points = [.. together.GetProperty("certificates").EnumerateArray()];
        Assert.Equal(
            expected.Certificates.Select(one => (one.Budget, one.Alone, one.AtMost, one.Found)),
            points.Select(point => (
                point.GetProperty("flips").GetInt32(), point.GetProperty("alone").GetInt32(),
                point.GetProperty("changed_at_most").GetInt32(), point.GetProperty("changed").GetInt32())));
        Assert.Equal(expected.At(5), points[1].GetProperty("value").GetDouble(), 12);
        Assert.False(together.TryGetProperty("groups", out _));
    }

    [Fact]
    public async Task The_report_shows_the_curve_the_attacks_and_the_groups_and_is_the_same_for_any_threads()
    {
        using var folder = new TestFolder();
        folder.Write("groups.csv", $"row,group\n{string.Concat(Enumerable.Range(0, 30).Select(row => $"{29 - row},g{row % 2}\n"))}");
        foreach (string threads in (string[])["1", "3"])
        {
            await Invocation.Of(
                [
                    .. Certify(folder), "--collective", "3,6,9", "--groups", folder["groups.csv"], "--report", folder[$"{threads}.html"],
                    "--threads", threads, "--quiet",
                ]);
        }

        string page = File.ReadAllText(folder["1.html"]);
        Assert.Equal(page, File.ReadAllText(folder["3.html"]));
        Assert.Contains("What one adversary can do to all rows", page, StringComparison.Ordinal);
        Assert.Contains("class=\"curve collective\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"point collective\"", page, StringComparison.Ordinal);
        Assert.Contains("g0 − g1", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--collective 0", "--collective '0': expected whole numbers from 1, separated by commas.")]
    [InlineData("--collective 3,x", "--collective '3,x': expected whole numbers from 1, separated by commas.")]
    [InlineData("--collective --method partition", "--collective has no effect with this --method: it certifies one head")]
    [InlineData("--collective --certificates kl,tight", "--collective: expected exact among --certificates, to be compared with.")]
    [InlineData("--collective --threat rows --head knn --classes ham,spam", "--collective has no effect with --threat rows")]
    [InlineData("--groups GROUPS", "--groups has no effect without --collective or --task regression")]
    public async Task What_makes_no_sense_is_refused(string options, string error)
    {
        using var folder = new TestFolder();
        folder.Write("groups.csv", "group\na\n");
        Invocation invocation =
            await Invocation.Of(
                [.. Certify(folder), .. options.Replace("GROUPS", folder["groups.csv"], StringComparison.Ordinal).Split(' ')]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains(error, invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_of_other_rows_and_rows_without_truth_are_refused()
    {
        using var folder = new TestFolder();
        folder.Write("groups.csv", "group\na\n");
        Invocation few = await Invocation.Of([.. Certify(folder), "--collective", "2", "--groups", folder["groups.csv"]]);
        Assert.Equal(1, few.ExitCode);
        Assert.Contains("there are 1 groups for 30 rows", few.Error, StringComparison.Ordinal);
        folder.Write("unlabelled.csv", "a,b\n1,2\n");
        Invocation unknown =
            await Invocation.Of([.. Certify(folder)[..4], folder["unlabelled.csv"], "--collective", "--groups", folder["groups.csv"]]);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("the test rows have no labels, so that groups have no accuracy", unknown.Error, StringComparison.Ordinal);
    }

    private static string[] Certify(TestFolder folder)
    {
        folder.Write("train.csv", SmallData.Csv(40));
        folder.Write("test.csv", SmallData.Csv(30, seed: 2));
        return ["certify", "--train", folder["train.csv"], "--test", folder["test.csv"]];
    }

    private static (FeatureMatrix Features, string[] Labels) Read(string path)
    {
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(','))];
        double[][] features = [.. rows.Select(row => row[..2].Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
        return (FeatureMatrix.FromRows(features), [.. rows.Select(row => row[2])]);
    }

    [GeneratedRegex(@"\d+\.\d\d s")]
    private static partial Regex Seconds();
}
