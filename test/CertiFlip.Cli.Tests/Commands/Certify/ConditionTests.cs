using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>Conditions: decided without rounding, shown everywhere, and told by the exit code.</summary>
public class ConditionTests
{
    [Theory]
    [InlineData("certify")]
    [InlineData("compare --methods kl,tight,structured,exact")]
    public async Task What_falls_short_is_named_with_the_value_and_exits_with_3(string command)
    {
        using var folder = new TestFolder();
        string[] arguments = [.. command.Split(' '), .. SmallData.WriteTo(folder)[1..]];
        Invocation invocation = await Invocation.Of(
            [
                .. arguments, "--require", "exact@5>=0.8, median>=1000,median:kl>=0,accuracy>=100%,balanced>=0.99,kl@1000>=.5",
                "--report", folder["report.html"], "--out", folder["out.csv"],
            ]);
        Assert.Equal(3, invocation.ExitCode);
        string[] errors =
            [.. invocation.Error.Split('\n').Where(line => line.StartsWith("certiflip: --require", StringComparison.Ordinal))];
        Assert.Equal(2, errors.Length);
        Assert.Matches(@"^certiflip: --require 'median>=1000': found 7\.$", errors[0]);
        Assert.Equal("certiflip: --require 'kl@1000>=.5': found 0.0 %.", errors[1]);
        Assert.Matches(@"(?m)^ +exact@5>=0\.8 +[0-9.]+ % +passed", invocation.Output);
        Assert.Matches(@"(?m)^ +median>=1000 +7 +failed", invocation.Output);
        Assert.All(invocation.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        string page = File.ReadAllText(folder["report.html"]);
        Assert.Contains("2 of 6 conditions failed: median&gt;=1000, found 7", page, StringComparison.Ordinal);
        Assert.Contains("<td>passed</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>failed</td>", page, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["out.csv"]));
    }

    [Theory]
    [InlineData("certify")]
    [InlineData("compare --methods exact")]
    public async Task Json_has_every_condition_and_quiet_runs_name_what_failed(string command)
    {
        using var folder = new TestFolder();
        string[] arguments = [.. command.Split(' '), .. SmallData.WriteTo(folder)[1..], "--require", "exact@0>=1,median>=99"];
        Invocation json = await Invocation.Of([.. arguments, "--json"]);
        using var document = JsonDocument.Parse(json.Output);
        JsonElement[] conditions = [.. document.RootElement.GetProperty("conditions").EnumerateArray()];
        Assert.Equal("exact@0>=1", conditions[0].GetProperty("condition").GetString());
        Assert.Equal((1, 1, true), (
            conditions[0].GetProperty("required").GetDouble(), conditions[0].GetProperty("found").GetDouble(),
            conditions[0].GetProperty("met").GetBoolean()));
        Assert.False(conditions[1].GetProperty("met").GetBoolean());
        Invocation quiet = await Invocation.Of([.. arguments, "--quiet"]);
        Assert.Equal((3, ""), (quiet.ExitCode, quiet.Output));
        Assert.StartsWith("certiflip: --require 'median>=99': found ", quiet.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exact@0>=1", 0)]
    [InlineData("median>=0,accuracy:exact>=0.5", 0)]
    public async Task Where_all_are_met_the_run_exits_with_0(string conditions, int exitCode)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--require", conditions, "--quiet"]);
        Assert.Equal((exitCode, ""), (invocation.ExitCode, invocation.Error));
    }

    [Fact]
    public async Task A_median_that_is_any_reaches_every_number()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        folder.Write("trusted.csv", "row\n" + string.Join('\n', Enumerable.Range(0, 40)));
        Invocation invocation = await Invocation.Of(
            [.. arguments, "--trusted", folder["trusted.csv"], "--certificates", "exact", "--require", "median>=100000000"]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Matches(@"median>=100000000 +any +passed", invocation.Output);
    }

    /// <summary>Two of three right, twice: in doubles the mean of such shares is not always the share.</summary>
    [Theory]
    [InlineData("accuracy>=0.7", 0)]
    [InlineData("accuracy>=0.70000000000000000001", 3)]
    [InlineData("balanced>=0.7", 0)]
    [InlineData("balanced>=0.7000000000000000000001", 3)]
    [InlineData("accuracy>=70 %", 0)]
    [InlineData("exact@0>=70.00000000000000001%", 3)]
    public async Task Conditions_are_decided_without_rounding(string condition, int exitCode)
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);

        // Three classes of ten rows, seven of each predicted right.
        folder.Write("train.csv", "a,label\n-1,a\n-1.1,a\n0,b\n0.1,b\n1,c\n1.1,c\n");
        double[] centres = [-1.02, 0.03, 1.04];
        folder.Write(
            "test.csv",
            "a,label\n" + string.Concat(Enumerable.Range(0, 30).Select(row =>
            {
                int c = row % 3, place = row / 3 < 7 ? c : (c + 1) % 3;
                return FormattableString.Invariant($"{centres[place] + 0.001 * row},{(char)('a' + c)}\n");
            })));
        Invocation invocation = await Invocation.Of(
            [.. arguments, "--head", "knn:1", "--certificates", "exact", "--require", condition, "--quiet"]);
        Assert.Equal(exitCode, invocation.ExitCode);
    }

    [Theory]
    [InlineData("exact@10")]
    [InlineData("exact@10>0.8")]
    [InlineData("exact@10>=80")]
    [InlineData("exact@-1>=0.8")]
    [InlineData("exact@x>=0.8")]
    [InlineData("median>=12%")]
    [InlineData("median:>=12")]
    [InlineData("recall>=0.8")]
    [InlineData("accuracy>=-0.1")]
    [InlineData("accuracy>=1e-1")]
    [InlineData("accuracy>=0.5,")]
    [InlineData("accuracy>=101%")]
    public async Task What_is_no_condition_is_wrong_usage(string condition)
    {
        Invocation invocation = await Invocation.Of("certify", "--train", "a.csv", "--test", "b.csv", "--require", condition);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(
            $"certiflip: --require '{condition}': expected conditions such as exact@10>=0.8", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--certificates kl", "exact@1>=0.5", "this run has no certificate 'exact'; expected one of kl.")]
    [InlineData("", "white-box@1>=0.5", "this run has no certificate 'white-box'; expected one of kl, tight, structured, exact.")]
    [InlineData("", "collective@1>=0.5", "this run has no collective certificate; ask for one, or leave the condition out.")]
    public async Task Conditions_on_what_the_run_does_not_compute_are_wrong_usage(string options, string condition, string message)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(
            [.. SmallData.WriteTo(folder), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--require", condition]);
        Assert.Equal((2, $"certiflip: --require '{condition}': {message}"), (invocation.ExitCode, invocation.Error.Split('\n')[0]));
    }

    [Fact]
    public async Task Accuracy_of_rows_without_labels_cannot_be_required()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        folder.Write("test.csv", "a,b\n-1,0.5\n1,0.5\n");
        Invocation invocation = await Invocation.Of([.. arguments, "--require", "accuracy>=0.5"]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains("the test rows have no labels", invocation.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Invocation.Of([.. arguments, "--require", "exact@1>=0.5"])).ExitCode);
    }
}
