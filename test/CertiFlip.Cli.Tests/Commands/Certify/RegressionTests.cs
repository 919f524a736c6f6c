using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>Labels that are numbers: <c>certify --task regression</c> and <c>coefficients</c>.</summary>
public sealed partial class RegressionTests
{
    private static readonly string[] Asked = ["--label-range", "0,10", "--tolerance", "0.5"];

    [Fact]
    public async Task The_table_reads_as_approved()
    {
        using var folder = new TestFolder();
        folder.Write("groups.csv", $"group\n{string.Concat(Enumerable.Range(0, 30).Select(row => row % 2 == 0 ? "north\n" : "south\n"))}");
        Invocation invocation = await Invocation.Of([.. Certify(folder), "--groups", folder["groups.csv"], "--threads", "2"]);
        Assert.Equal(0, invocation.ExitCode);
        Approve(invocation.Output, "regression-table.txt");
    }

    [Fact]
    public async Task The_table_with_costs_and_trusted_rows_reads_as_approved()
    {
        using var folder = new TestFolder();
        folder.Write("costs.csv", $"cost\n{string.Concat(Enumerable.Range(0, 60).Select(row => $"{1 + row % 3}\n"))}");
        folder.Write("trusted.csv", "row\n3\n4\n");
        Invocation invocation = await Invocation.Of(
            [
                .. Certify(folder)[..^4], "--label-shift", "1,2", "--within", "-inf,8", "--costs", folder["costs.csv"], "--trusted",
                folder["trusted.csv"], "--flips", "4,2", "--threads", "2",
            ]);
        Assert.Equal(0, invocation.ExitCode);
        Approve(invocation.Output, "regression-costs.txt");
    }

    [Fact]
    public async Task The_file_reads_as_approved_and_is_the_same_for_every_number_of_threads()
    {
        using var folder = new TestFolder();
        foreach (string threads in (string[])["1", "3"])
        {
            await Invocation.Of(
                [
                    .. Certify(folder), "--flips", "1,4", "--threads", threads, "--out", folder[$"{threads}.csv"], "--report",
                    folder[$"{threads}.html"], "--quiet",
                ]);
        }

        string file = File.ReadAllText(folder["1.csv"]);
        Golden.Matches(file, "test", "CertiFlip.Cli.Tests", "Golden", "regression-out.csv");
        Assert.Equal(file, File.ReadAllText(folder["3.csv"]));
        Assert.Equal(File.ReadAllText(folder["1.html"]), File.ReadAllText(folder["3.html"]));
    }

    [Fact]
    public async Task Json_has_the_numbers_of_the_library()
    {
        using var folder = new TestFolder();
        folder.Write("groups.csv", $"group\n{string.Concat(Enumerable.Range(0, 30).Select(row => $"{row % 2}\n"))}");
        Invocation invocation = await Invocation.Of([.. Certify(folder), "--groups", folder["groups.csv"], "--json"]);
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        JsonElement root = document.RootElement;
        (FeatureMatrix training, double[] labels) = Read(folder["train.csv"]);
        (FeatureMatrix test, double[] truth) = Read(folder["test.csv"]);
        var certifier = RegressionCertifier.Fit(
            training, new NumericLabels(labels, 0, 10), new RegressionOptions { Tolerance = 0.5, Budgets = [1, 2, 5, 10, 20, 50] });
        IReadOnlyList<NumericCertificate> rows =
            certifier.CertifyBatch(test, truth, null, TestContext.Current.CancellationToken);
        GroupMeans means = certifier.CertifyMeans(
            test, [.. Enumerable.Range(0, 30).Select(row => row % 2)], 2, TestContext.Current.CancellationToken);
        Assert.Equal("regression", root.GetProperty("task").GetString());
        Assert.Equal(rows.Zip(truth, (row, label) => Math.Abs(row.Value - label)).Average(),
            root.GetProperty("mean_absolute_error").GetDouble(), 12);
        Assert.Equal(
            rows.Count(row => row.Radius.Survives(5)) / 30.0,
            root.GetProperty("stays").GetProperty("shares")[3].GetProperty("value").GetDouble(), 12);
        Assert.Equal(
            rows.Count(row => row.ErrorRadius?.Survives(2) == true) / 30.0,
            root.GetProperty("error_within_tolerance").GetProperty("shares")[2].GetProperty("value").GetDouble(), 12);
        Assert.Equal(rows.Max(row => row.Intervals[3].Width), root.GetProperty("widths")[3].GetProperty("largest").GetDouble());
        Assert.Equal(means.Means[1].Value, root.GetProperty("groups")[1].GetProperty("value").GetDouble());
        Assert.Equal(means.Gaps[0].Gap.Radius.Budget, root.GetProperty("gaps")[0].GetProperty("radius").GetInt32());
        Assert.Equal("1", root.GetProperty("gaps")[0].GetProperty("less").GetString());
    }

    [Fact]
    public async Task The_report_shows_curves_intervals_groups_and_witnesses()
    {
        using var folder = new TestFolder();
        folder.Write("groups.csv", $"group\n{string.Concat(Enumerable.Range(0, 30).Select(row => row % 2 == 0 ? "<b>\n" : "south\n"))}");
        Invocation invocation = await Invocation.Of(
            [.. Certify(folder), "--groups", folder["groups.csv"], "--report", folder["report.html"], "--quiet"]);
        Assert.Equal(0, invocation.ExitCode);
        string page = File.ReadAllText(folder["report.html"]);
        foreach (string id in (string[])["shares", "intervals", "groups", "fragile", "radii", "setting", "guarantee"])
            Assert.Contains($"<section id=\"{id}\"", page, StringComparison.Ordinal);
        Assert.Contains("would move it to", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Replace("<b class", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--classes has no effect with --task regression", "--classes", "a,b")]
    [InlineData("--noise has no effect with --task regression", "--noise", "0.1")]
    [InlineData("--certificates has no effect with --task regression", "--certificates", "kl")]
    [InlineData("--method has no effect with --task regression", "--method", "partition")]
    [InlineData("--partitions has no effect with --task regression", "--partitions", "5")]
    [InlineData("--learner has no effect with --task regression", "--learner", "ridge")]
    [InlineData("--direction has no effect with --task regression", "--direction", "a>b")]
    [InlineData("--class-prior has no effect with --task regression", "--class-prior", "a=0.5,b=0.5")]
    [InlineData("--model has no effect with --task regression", "--model", "m")]
    [InlineData("--require has no effect with --task regression", "--require", "exact@1>=0.5")]
    [InlineData("--threat has no effect with --task regression", "--threat", "rows")]
    [InlineData("--gain has no effect with --head ridge", "--gain", "3")]
    [InlineData("--ridge paper computes λ from the labels", "--ridge", "paper")]
    [InlineData("--within has no effect with --tolerance", "--within", "0,5")]
    public async Task What_has_no_meaning_for_numbers_is_refused(string expected, params string[] options)
    {
        using var folder = new TestFolder();
        await AssertRefused(2, expected, [.. Certify(folder), .. options]);
    }

    [Theory]
    [InlineData("--label-range '5,0': expected two numbers, the lower first", "--label-range", "5,0", "--tolerance", "1")]
    [InlineData("--label-range 'nan,0': expected two numbers", "--label-range", "nan,0", "--tolerance", "1")]
    [InlineData("--label-shift '-1': expected a number above 0", "--label-shift", "-1", "--tolerance", "1")]
    [InlineData("--tolerance '-1': expected a number, at least 0", "--label-range", "0,10", "--tolerance", "-1")]
    [InlineData("--tolerance is missing", "--label-range", "0,10")]
    [InlineData("--label-range is missing", "--tolerance", "1")]
    public async Task What_is_missing_or_no_number_is_said(string expected, params string[] options)
    {
        using var folder = new TestFolder();
        await AssertRefused(2, expected, [.. Certify(folder)[..^4], .. options]);
    }

    [Theory]
    [InlineData("--tolerance")]
    [InlineData("--within", "0,1")]
    [InlineData("--label-range", "0,1")]
    [InlineData("--label-shift")]
    [InlineData("--flips")]
    public async Task Options_of_numbers_are_refused_for_classes(string option, string value = "1")
    {
        using var folder = new TestFolder();
        await AssertRefused(2, $"{option} has no effect without --task regression", [.. SmallData.WriteTo(folder), option, value]);
    }

    [Fact]
    public async Task Labels_that_are_no_numbers_or_outside_are_named()
    {
        using var folder = new TestFolder();
        string[] arguments = Certify(folder);
        string[] lines = File.ReadAllLines(folder["train.csv"]);
        folder.Write("train.csv", string.Join('\n', [.. lines[..4], "0.1,0.2,high"]));
        await AssertRefused(1, $"{folder["train.csv"]}, line 5: the label 'high' is not a number", arguments);
        folder.Write("train.csv", string.Join('\n', [.. lines[..4], "0.1,0.2,10.5"]));
        await AssertRefused(1, $"{folder["train.csv"]}, line 5: the label 10.5 is outside the stated range from 0 to 10", arguments);
    }

    [Fact]
    public async Task Coefficients_of_numbers_read_as_approved()
    {
        using var folder = new TestFolder();
        Certify(folder);
        Invocation invocation = await Invocation.Of(
            "coefficients", "--task", "regression", "--train", folder["train.csv"], "--label-range", "0,10", "--threads", "2", "--out",
            folder["out.csv"]);
        Assert.Equal(0, invocation.ExitCode);
        Approve(invocation.Output, "coefficients-table.txt");
        Golden.Matches(File.ReadAllText(folder["out.csv"]), "test", "CertiFlip.Cli.Tests", "Golden", "coefficients-out.csv");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Coefficients_of_classes_are_those_of_each_against_the_rest(int count)
    {
        using var folder = new TestFolder();
        var random = new Random(4);
        string[] lines = [.. Enumerable.Range(0, 45).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{row % count + random.NextDouble():F3},{random.NextDouble():F3},c{row % count}"))];
        folder.Write("train.csv", $"a,b,label\n{string.Join('\n', lines)}\n");
        Invocation invocation = await Invocation.Of("coefficients", "--train", folder["train.csv"], "--flips", "3", "--json");
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        JsonElement[] all = [.. document.RootElement.GetProperty("coefficients").EnumerateArray()];
        Assert.Equal(2 * (count == 2 ? 1 : count), all.Length);
        FeatureMatrix features = new(
            45, 2, [.. lines.SelectMany(line => line.Split(',')[..2]).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]);
        var labels = new ClassLabels([.. Enumerable.Range(0, 45).Select(row => row % count)], count);
        int first = count == 2 ? 1 : 0;
        for (int c = first; c < count; c++)
        {
            IReadOnlyList<NumericCertificate> expected = RegressionCertifier.Fit(features, NumericLabels.OfClass(labels, c),
                new RegressionOptions { Budgets = [3] }).CertifyCoefficients(TestContext.Current.CancellationToken);
            for (int feature = 0; feature < 2; feature++)
            {
                JsonElement one = all[(c - first) * 2 + feature];
                Assert.Equal($"c{c}", one.GetProperty("class").GetString());
                Assert.Equal(expected[feature].Value, one.GetProperty("of").GetProperty("value").GetDouble());
                Assert.Equal(expected[feature].Radius.Budget, one.GetProperty("of").GetProperty("radius").GetInt32());
                Assert.Equal(expected[feature].Intervals[0].High, one.GetProperty("of").GetProperty("intervals")[0]
                    .GetProperty("high").GetDouble());
            }
        }
    }

    private static string[] Certify(TestFolder folder)
    {
        folder.Write("train.csv", Csv(60, 1));
        folder.Write("test.csv", Csv(30, 2));
        return ["certify", "--task", "regression", "--train", folder["train.csv"], "--test", folder["test.csv"], .. Asked];
    }

    private static string Csv(int rows, int seed)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("a,b,label\n");
        for (int row = 0; row < rows; row++)
        {
            (double a, double b) = (Math.Round(2 * random.NextDouble() - 1, 3), Math.Round(random.NextDouble(), 3));
            csv.Append(CultureInfo.InvariantCulture, $"{a},{b},{Math.Clamp(5 + 3 * a + b + random.NextDouble() - 0.5, 0, 10):F2}\n");
        }

        return csv.ToString();
    }

    private static (FeatureMatrix Features, double[] Labels) Read(string path)
    {
        double[][] rows = [.. File.ReadLines(path).Skip(1).Select(line =>
            line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        return (new FeatureMatrix(rows.Length, 2, [.. rows.SelectMany(row => row[..2])]), [.. rows.Select(row => row[2])]);
    }

    private static async Task AssertRefused(int exitCode, string expected, string[] arguments)
    {
        Invocation invocation = await Invocation.Of(arguments);
        Assert.Equal(exitCode, invocation.ExitCode);
        Assert.Contains(expected, invocation.Error, StringComparison.Ordinal);
        Assert.Equal("", invocation.Output);
    }

    private static void Approve(string output, string name) =>
        Golden.Matches(Seconds().Replace(output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", name);

    [GeneratedRegex(@"\d+\.\d\d s")]
    private static partial Regex Seconds();
}
