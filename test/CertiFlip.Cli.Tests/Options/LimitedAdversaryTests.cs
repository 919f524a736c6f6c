using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>Wherever results are shown, the adversary is named; without limits nothing is said.</summary>
public sealed partial class LimitedAdversaryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("certify-limited.txt", "certify --trusted {0} --direction spam>ham")]
    [InlineData("certify-costs.txt", "certify --costs {1} --certificates exact")]
    [InlineData("certify-monte-carlo-limited.txt", "certify --costs {1} --trusted {0} --method monte-carlo --samples 300 --noise 0.2")]
    [InlineData("compare-limited.txt", "compare --trusted {0} --methods exact,partition,white-box --partitions 5")]
    [InlineData("attack-limited.txt", "attack --trusted {0} --direction spam>ham --attacks all")]
    [InlineData("attack-costs.txt", "attack --costs {1} --attacks witness")]
    public async Task Tables_name_the_adversary_and_read_as_approved(string golden, string options)
    {
        Invocation invocation = await Run(options, "--threads", "2");
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", golden);
    }

    [Theory]
    [InlineData("certify")]
    [InlineData("compare")]
    [InlineData("attack --attacks witness")]
    public async Task Json_has_the_limits_and_without_any_nothing(string command)
    {
        using JsonDocument json = JsonDocument.Parse(
            (await Run($"{command} --trusted {{0}} --costs {{1}} --direction spam>ham --direction ham>spam", "--json", "--quiet")).Output);
        JsonElement adversary = json.RootElement.GetProperty("adversary");
        Assert.Equal(
            "The adversary can change 20 of 40 training labels: only spam to ham or ham to spam; 20 rows are trusted. Changing a label "
                + "costs 1 to 3, and radii are costs.", adversary.GetProperty("sentence").GetString());
        Assert.Equal(
            (20, 20, 79),
            (
                adversary.GetProperty("changeable_labels").GetInt32(), adversary.GetProperty("trusted_rows").GetInt32(),
                adversary.GetProperty("total_cost").GetInt32()));
        Assert.Equal(
            ["spam>ham", "ham>spam"],
            adversary.GetProperty("directions").EnumerateArray()
                .Select(direction => $"{direction.GetProperty("from")}>{direction.GetProperty("to")}"));

        using JsonDocument free = JsonDocument.Parse((await Run(command, "--json", "--quiet")).Output);
        Assert.False(free.RootElement.TryGetProperty("adversary", out _));
    }

    [Theory]
    [InlineData("certify")]
    [InlineData("compare")]
    public async Task Reports_name_the_adversary_and_what_radii_count(string command)
    {
        string free = await ReportOf(command), limited = await ReportOf($"{command} --trusted {{0}}"),
            costs = await ReportOf($"{command} --costs {{1}} --direction spam>ham");
        Assert.DoesNotContain("adversary can", free, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(limited, "The adversary can change 20 of 40 training labels: 20 rows are trusted\\."));
        Assert.Contains(
            "whichever r training labels an adversary with these limits changes, and however", limited, StringComparison.Ordinal);
        Assert.DoesNotContain("the way back", limited, StringComparison.Ordinal);
        Assert.Equal(
            3,
            Regex.Count(
                costs,
                "The adversary can change 20 of 40 training labels: only spam to ham\\. Changing a label costs 1 to 3, and radii are "
                    + "costs\\."));
        Assert.Contains(
            "whichever training labels an adversary with these limits changes at a cost of r, and however", costs,
            StringComparison.Ordinal);
        Assert.Contains("a row now labelled A may really be B", costs, StringComparison.Ordinal);
        Assert.Contains(">cost of the training labels flipped, r</text>", costs, StringComparison.Ordinal);
        Assert.Contains("\"isCost\":true", costs, StringComparison.Ordinal);
        Assert.Contains(">training labels flipped, r</text>", limited, StringComparison.Ordinal);
        Assert.DoesNotContain("isCost\":", limited, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_nothing_changes_are_counted_apart_from_the_histogram()
    {
        string free = await ReportOf("certify --certificates exact"),
            limited = await ReportOf("certify --certificates exact --trusted {0} --direction spam>ham");
        Assert.DoesNotContain("no change possible", free, StringComparison.Ordinal);
        Assert.Contains(" Not shown: 5 that nothing changes.", limited, StringComparison.Ordinal);
        Assert.Matches("<th scope=\"row\">no change possible</th>\\s*<td>5</td>", limited);
        Assert.DoesNotContain(
            "<th scope=\"row\">40</th>", limited[limited.IndexOf("radii-table", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Costs_of_1_are_no_limit_and_change_no_byte()
    {
        string ones = _folder.Write("ones.csv", "cost\n" + string.Concat(Enumerable.Repeat("1\n", 40)));
        Invocation free = await Run("certify", "--out", _folder["free.csv"], "--report", _folder["free.html"], "--threads", "2"),
            same = await Run($"certify --costs {ones}", "--out", _folder["same.csv"], "--report", _folder["same.html"], "--threads", "2");
        Assert.Equal(Seconds().Replace(free.Output, ""), Seconds().Replace(same.Output, ""));
        foreach (string kind in (string[])["csv", "html"])
            Assert.Equal(File.ReadAllText(_folder[$"free.{kind}"]), File.ReadAllText(_folder[$"same.{kind}"]));
    }

    [Fact]
    public async Task Costs_as_large_as_can_be_added_up_are_shown()
    {
        string costs = _folder.Write("large.csv", $"cost\n1\n{int.MaxValue - 40}\n{string.Concat(Enumerable.Repeat("1\n", 38))}");
        Invocation invocation = await Run(
            $"certify --costs {costs} --direction spam>ham", "--report", _folder["large.html"], "--out", _folder["large-out.csv"]);
        Assert.Equal(0, invocation.ExitCode);
        string output = string.Join(' ', invocation.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Changing a label costs 1 to 2,147,483,607", output, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">any</th>", File.ReadAllText(_folder["large.html"]), StringComparison.Ordinal);
        Assert.DoesNotContain("-1,073", invocation.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("-2,147", invocation.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "attack --costs {1}",
        "--costs has no effect with distance and influence, which count flips: leave it out, or choose --attacks witness.")]
    [InlineData(
        "attack --costs {1} --attacks influence-recomputed",
        "--costs has no effect with influence-recomputed, which count flips: leave it out, or choose --attacks witness.")]
    public async Task Attacks_that_count_flips_take_no_costs(string options, string expected)
    {
        Invocation invocation = await Run(options, "--quiet");
        Assert.Equal((2, $"certiflip: {expected}"), (invocation.ExitCode, invocation.LastError));
    }

    [Theory]
    [InlineData("--trusted")]
    [InlineData("--costs")]
    public async Task What_limits_are_read_from_is_not_written_over(string option)
    {
        Invocation invocation =
            await Run($"certify {option} {(option == "--trusted" ? "{0}" : "{1}")}", "--out", _folder[$"{option[2..]}.csv"], "--quiet");
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {_folder[$"{option[2..]}.csv"]}: ", invocation.LastError, StringComparison.Ordinal);
    }

    private async Task<string> ReportOf(string options)
    {
        Assert.Equal(0, (await Run(options, "--report", _folder["report.html"], "--quiet")).ExitCode);
        return File.ReadAllText(_folder["report.html"]);
    }

    /// <summary>
    /// Runs with {0} for a file in which every other row is trusted, and {1} for costs of 1, 2, 3, 1, 2, ….
    /// </summary>
    private Task<Invocation> Run(string options, params string[] more)
    {
        string[] data = SmallData.WriteTo(_folder)[1..];
        string trusted =
            _folder.Write("trusted.csv", "row\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{2 * row + row % 2}\n")));
        string costs = _folder.Write("costs.csv", "cost\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{1 + row % 3}\n")));
        string[] words = string.Format(CultureInfo.InvariantCulture, options, trusted, costs).Split(' ');
        return Invocation.Of([words[0], .. data, .. words[1..], .. more]);
    }

    [GeneratedRegex(@"\d+\.\d+ s")]
    private static partial Regex Seconds();
}
