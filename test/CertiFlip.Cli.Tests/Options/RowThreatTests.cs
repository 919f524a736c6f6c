using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary><c>--threat rows</c>: what is printed, written and refused.</summary>
public sealed partial class RowThreatTests
{
    private static readonly string[] ThreatOfRows = ["--classes", "ham,spam", "--threat", "rows"];

    [Theory]
    [InlineData("certify-rows-dpa", "certify --method partition --partitions 9")]
    [InlineData("certify-rows-shared", "certify --method partition --partitions 5 --spread 3 --prices insert:2,remove:3,flip:3 --head knn")]
    [InlineData("certify-rows-knn", "certify --head knn:7")]
    [InlineData("certify-rows-kernel", "certify --head kernel:0.5 --prices insert:5,remove:1,flip:2")]
    [InlineData("certify-rows-removal", "certify --head ridge --ridge fixed:5 --prices remove:1 --attack 30")]
    [InlineData("compare-rows", "compare --head knn:7 --partitions 5,9 --spread 3")]
    public async Task What_is_printed_reads_as_approved(string golden, string options)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder, options), "--threads", "2"]);
        Assert.Equal("", string.Join('\n', invocation.Error.Split('\n')
            .Where(line => line.StartsWith("certiflip:", StringComparison.Ordinal))));
        Assert.Equal(0, invocation.ExitCode);
        Assert.All(invocation.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", $"{golden}.txt");
    }

    [Theory]
    [InlineData("certify --head kernel", "--head 'kernel': expected, with --threat rows, a stated bandwidth")]
    [InlineData("certify --head ridge", "--ridge 'relative:1': expected, with --threat rows, a stated λ, fixed:L")]
    [InlineData("certify --ridge fixed:0 --prices remove:1", "--ridge 'fixed:0': expected, with --threat rows, a λ above 0")]
    [InlineData("certify --ridge fixed:1", "--head ridge: expected, with --threat rows, an adversary who can only remove rows")]
    [InlineData("certify --ridge fixed:1 --prices remove:1,flip:1", "--head ridge: expected, with --threat rows, an adversary who can")]
    [InlineData("certify --head saturated-ridge", "--head 'saturated-ridge': expected, with --threat rows, nearest neighbours, a kernel")]
    [InlineData("certify --head knn --noise 0.1", "--noise has no effect")]
    [InlineData("certify --head knn --trusted rows.csv", "--trusted has no effect with --threat rows")]
    [InlineData("certify --head knn --direction ham>spam", "--direction has no effect with --threat rows")]
    [InlineData("certify --head knn --certificates exact", "--certificates has no effect with --threat rows")]
    [InlineData("certify --head knn --class-prior ham=0.5,spam=0.5", "--class-prior has no effect with --threat rows")]
    [InlineData("certify --head knn --partitions 5", "--partitions has no effect without --method partition")]
    [InlineData("certify --head knn --spread 5", "--spread has no effect without --method partition")]
    [InlineData("certify --head knn --attack 5", "--attack has no effect with --head knn")]
    [InlineData("certify --method partition --attack 5", "--attack has no effect with partition")]
    [InlineData("certify --method partition --ridge paper", "--ridge 'paper': expected relative:C or fixed:L")]
    [InlineData("certify --method partition --partitions 5,6", "--partitions: certify takes one number of parts")]
    [InlineData("certify --method monte-carlo", "--method 'monte-carlo': expected partition, or no method")]
    [InlineData("certify --method smoothing", "--method 'smoothing': expected partition, or no method")]
    [InlineData("certify --prices insert:0", "--prices 'insert:0': expected insert:A, remove:B and flip:C")]
    [InlineData("certify --prices insert:1,insert:2", "--prices 'insert:1,insert:2': expected insert:A")]
    [InlineData("compare --methods exact", "--methods 'exact': expected any of dpa,fa,rows,removal with --threat rows")]
    [InlineData("compare --methods rows --ridge fixed:1", "--methods 'rows': expected removal with --head ridge")]
    [InlineData("compare --methods dpa --spread 2", "--spread has no effect without fa")]
    [InlineData("compare --methods fa --spread 1", "--spread '1': expected 2 or more")]
    [InlineData("compare --methods rows --head knn --partitions 3", "--partitions has no effect with rows")]
    [InlineData("compare --costs costs.csv", "--costs has no effect with --threat rows")]
    public async Task What_makes_no_sense_is_refused(string options, string error)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(Arguments(folder, options));
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains($"certiflip: {error}", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certify", "--prices insert:1", "--prices has no effect without --threat rows")]
    [InlineData("compare", "--spread 2", "--spread has no effect without --threat rows")]
    [InlineData("compare", "--methods dpa", "--methods 'dpa': expected any of kl,tight,structured,exact,monte-carlo,partition,white-box")]
    [InlineData("certify", "--threat rows --head knn", "--threat rows needs --classes: ")]
    [InlineData("certify", "--threat both", "--threat 'both': expected labels or rows")]
    public async Task Options_of_the_other_threat_are_refused(string command, string options, string error)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([command, .. SmallData.WriteTo(folder)[1..], .. options.Split(' ')]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains($"certiflip: {error}", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_names_the_adversary_and_what_an_attack_leaves()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(
            [.. Arguments(folder, "certify --ridge fixed:5 --prices remove:3 --attack 9"), "--json", "--out", folder["out.csv"]]);
        using var json = JsonDocument.Parse(invocation.Output);
        JsonElement adversary = json.RootElement.GetProperty("row_adversary");
        Assert.Equal(3, adversary.GetProperty("remove_price").GetInt32());
        Assert.False(adversary.TryGetProperty("insert_price", out _));
        Assert.Equal("rows", json.RootElement.GetProperty("method").GetString());
        Assert.Equal("removal", json.RootElement.GetProperty("certificates")[0].GetProperty("name").GetString());
        Assert.All(
            json.RootElement.GetProperty("attack").EnumerateArray().Zip(
                json.RootElement.GetProperty("certificates")[0].GetProperty("certified_accuracy").EnumerateArray()),
            pair => Assert.True(pair.First.GetProperty("left").GetDouble() >= pair.Second.GetProperty("value").GetDouble()));
        Assert.Equal("row,label,removal_prediction,removal_radius", File.ReadLines(folder["out.csv"]).First());
    }

    [Theory]
    [InlineData("--method partition --partitions 5 --spread 2")]
    [InlineData("--head kernel:1 --prices insert:3,remove:1,flip:2")]
    [InlineData("--ridge fixed:5 --prices remove:1 --attack 20")]
    public async Task Every_number_of_threads_writes_the_same_bytes(string options)
    {
        using var folder = new TestFolder();
        foreach (string threads in (string[])["1", "3"])
        {
            await Invocation.Of(
                [
                    .. Arguments(folder, $"certify {options}"), "--threads", threads, "--quiet", "--out",
                    folder[$"{threads}.csv"], "--report",
                    folder[$"{threads}.html"],
                ]);
        }

        Assert.Equal(File.ReadAllText(folder["1.csv"]), File.ReadAllText(folder["3.csv"]));
        Assert.Equal(File.ReadAllText(folder["1.html"]), File.ReadAllText(folder["3.html"]));
    }

    [Fact]
    public async Task The_report_speaks_of_rows()
    {
        using var folder = new TestFolder();
        await Invocation.Of(
            [.. Arguments(folder, "certify --ridge fixed:5 --prices remove:1 --attack 20"), "--quiet", "--report", folder["report.html"]]);
        string page = File.ReadAllText(folder["report.html"]);
        Assert.Contains("How many rows removed do these predictions survive?", page, StringComparison.Ordinal);
        Assert.Contains("How far the bound can be from the truth", page, StringComparison.Ordinal);
        Assert.Contains("whichever r training rows are removed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong label", page, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong training labels", page, StringComparison.Ordinal);
    }

    private static string[] Arguments(TestFolder folder, string options) =>
        [options.Split(' ')[0], .. SmallData.WriteTo(folder)[1..], .. ThreatOfRows, .. options.Split(' ')[1..]];

    [GeneratedRegex(@"\d+\.\d\d s")]
    private static partial Regex Seconds();
}
