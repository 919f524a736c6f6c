using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Audit;

/// <summary>
/// <c>audit --task regression</c>: labels that the others contradict, and those that predictions rely on.
/// </summary>
public sealed partial class NumericAuditTests
{
    private const int Wrong = 7;

    [Theory]
    [InlineData(false, "audit-regression-leave-one-out.txt")]
    [InlineData(true, "audit-regression.txt")]
    public async Task The_table_reads_as_approved(bool hasTest, string name)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Audit(folder, hasTest), "--budget", "5", "--threads", "2"]);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", name);
    }

    [Fact]
    public async Task The_label_that_is_wrong_comes_first_and_trusted_ones_never()
    {
        using var folder = new TestFolder();
        Assert.Equal(Wrong, await First());
        folder.Write("trusted.csv", $"row\n{Wrong}\n");
        Assert.NotEqual(Wrong, await First("--trusted", folder["trusted.csv"]));

        async Task<int> First(params string[] options)
        {
            Invocation invocation = await Invocation.Of([.. Audit(folder, hasTest: true), .. options, "--json"]);
            using JsonDocument document = JsonDocument.Parse(invocation.Output);
            return document.RootElement.GetProperty("suggestions")[0].GetProperty("row").GetInt32();
        }
    }

    [Fact]
    public async Task Files_are_the_same_for_every_number_of_threads()
    {
        using var folder = new TestFolder();
        foreach (string threads in (string[])["1", "4"])
        {
            Invocation invocation = await Invocation.Of(
                [
                    .. Audit(folder, hasTest: false), "--threads", threads, "--quiet", "--out", folder[$"{threads}.csv"], "--report",
                    folder[$"{threads}.html"],
                ]);
            Assert.Equal(0, invocation.ExitCode);
        }

        Assert.Equal(File.ReadAllText(folder["1.csv"]), File.ReadAllText(folder["4.csv"]));
        Assert.Equal(File.ReadAllText(folder["1.html"]), File.ReadAllText(folder["4.html"]));
        Assert.StartsWith(
            "rank,row,label,predicted,residual,contradiction_radius,witness_count\n", File.ReadAllText(folder["1.csv"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--second-opinion has no effect with --task regression", "--second-opinion", "knn:3")]
    [InlineData("--classes has no effect with --task regression", "--classes", "a,b")]
    [InlineData("--direction has no effect with --task regression", "--direction", "a>b")]
    [InlineData("--gain has no effect with --head ridge", "--gain", "3")]
    public async Task What_has_no_meaning_for_numbers_is_refused(string expected, params string[] options)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Audit(folder, hasTest: false), .. options]);
        Assert.Equal((2, ""), (invocation.ExitCode, invocation.Output));
        Assert.Contains(expected, invocation.Error, StringComparison.Ordinal);
    }

    private static string[] Audit(TestFolder folder, bool hasTest)
    {
        folder.Write("train.csv", Csv(40, 1));
        folder.Write("test.csv", Csv(20, 2));
        string[] test = hasTest ? ["--test", folder["test.csv"]] : [];
        return
            [
                "audit", "--task", "regression", "--train", folder["train.csv"], .. test, "--label-range", "0,10", "--tolerance", "1",
                "--ridge", "fixed:0.1",
            ];
    }

    /// <summary>Labels near a plane, but for one row.</summary>
    private static string Csv(int rows, int seed)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("a,b,label\n");
        for (int row = 0; row < rows; row++)
        {
            (double a, double b) = (Math.Round(2 * random.NextDouble() - 1, 3), Math.Round(random.NextDouble(), 3));
            double label = row == Wrong ? 9.5 : 4 + 2 * a + b + 0.2 * random.NextDouble();
            csv.Append(CultureInfo.InvariantCulture, $"{a},{b},{label:F2}\n");
        }

        return csv.ToString();
    }

    [GeneratedRegex(@"\d+\.\d\d s")]
    private static partial Regex Seconds();
}
