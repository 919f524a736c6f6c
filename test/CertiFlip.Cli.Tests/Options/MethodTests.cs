using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary><c>certify</c> by the other methods.</summary>
public sealed partial class MethodTests
{
    [Theory]
    [InlineData("partition", "--method partition --partitions 5")]
    [InlineData("white-box", "--method partition --partitions 3 --certificates white-box --ridge fixed:0.1 --no-intercept")]
    [InlineData("monte-carlo", "--method monte-carlo --samples 400 --confidence 0.99 --noise 0.2")]
    [InlineData("monte-carlo-knn", "--method monte-carlo --learner knn:5 --samples 300 --certificates tight --noise 0.2")]
    [InlineData("monte-carlo-logistic", "--method monte-carlo --learner logistic:0.5 --samples 300 --seed 7 --noise 0.2")]
    public async Task What_is_printed_reads_as_approved(string golden, string options)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--threads", "2", .. options.Split(' ')]);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "Time: # s"), "test", "CertiFlip.Cli.Tests", "Golden", $"certify-{golden}.txt");
    }

    [Theory]
    [InlineData(
        "--method partition --partitions 5", "row,label,prediction,log_failure,radius_partition,radius_white_box,listed_classes_only")]
    [InlineData("--method partition --certificates partition", "row,label,prediction,log_failure,radius_partition,listed_classes_only")]
    [InlineData("--method monte-carlo", "row,label,prediction,log_failure,radius_kl,radius_tight,listed_classes_only")]
    [InlineData("--method monte-carlo --certificates tight", "row,label,prediction,log_failure,radius_tight,listed_classes_only")]
    public async Task Columns_are_those_of_the_method(string options, string header)
    {
        using var folder = new TestFolder();
        await Invocation.Of([.. SmallData.WriteTo(folder), "--out", folder["out.csv"], "--quiet", .. options.Split(' ')]);
        Assert.Equal(header, File.ReadLines(folder["out.csv"]).First());
    }

    [Theory]
    [InlineData("--method partition --partitions 5")]
    [InlineData("--method monte-carlo --samples 300")]
    [InlineData("--method monte-carlo --learner knn:3 --samples 300")]
    [InlineData("--method monte-carlo --learner logistic --samples 100")]
    public async Task Every_number_of_threads_writes_the_same_bytes(string options)
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        folder.Write("test.csv", SmallData.Csv(101, seed: 3));
        foreach (string threads in (string[])["1", "2", "5"])
            await Invocation.Of(
                [
                    .. arguments, "--threads", threads, "--out", folder[$"{threads}.csv"], "--report", folder[$"{threads}.html"], "--quiet",
                    .. options.Split(' '),
                ]);
        foreach (string kind in (string[])["csv", "html"])
        {
            string one = File.ReadAllText(folder[$"1.{kind}"]);
            Assert.Equal(one, File.ReadAllText(folder[$"2.{kind}"]));
            Assert.Equal(one, File.ReadAllText(folder[$"5.{kind}"]));
        }
    }

    [Fact]
    public async Task An_abstention_has_no_prediction_and_is_not_accurate()
    {
        // With one sample no bound is below ½ at this confidence.
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(
            [.. SmallData.WriteTo(folder), "--method", "monte-carlo", "--samples", "1", "--out", folder["out.csv"], "--json", "--quiet"]);
        Assert.All(File.ReadLines(folder["out.csv"]).Skip(1), line => Assert.Matches("^[0-9]+,(ham|spam),,-?[0-9.E-]+,0,0,$", line));
        using JsonDocument json = JsonDocument.Parse(invocation.Output);
        Assert.Equal(10, json.RootElement.GetProperty("abstentions").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("certificates")[0].GetProperty("accuracy").GetDouble());
    }

    [Theory]
    [InlineData("--method monte-carlo --learner knn:41", "certiflip: --learner 'knn:41': expected at most 40 neighbours, ")]
    [InlineData("--method monte-carlo --certificates exact", "certiflip: --certificates 'exact': expected any of kl,tight, ")]
    [InlineData("--method monte-carlo --partitions 3", "certiflip: --partitions has no effect with monte-carlo: leave it out.")]
    [InlineData(
        "--method monte-carlo --learner knn --ridge fixed:1", "certiflip: --ridge has no effect with monte-carlo of knn: leave it out.")]
    [InlineData("--method partition --noise 0.2", "certiflip: --noise has no effect with partition: leave it out.")]
    [InlineData("--method partition --partitions 3,5", "certiflip: --partitions: certify takes one number of parts")]
    [InlineData("--method partition --ridge paper", "certiflip: --ridge 'paper': expected relative:C or fixed:L")]
    [InlineData("--samples 10", "certiflip: --samples has no effect with smoothing: leave it out.")]
    public async Task An_option_that_has_no_effect_or_makes_no_sense_is_wrong_usage(string options, string message)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--quiet", .. options.Split(' ')]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(message, invocation.Error, StringComparison.Ordinal);
        Assert.Single(invocation.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_report_by_sampling_does_not_call_itself_a_proof()
    {
        using var folder = new TestFolder();
        await Invocation.Of([.. SmallData.WriteTo(folder), "--method", "monte-carlo", "--report", folder["report.html"], "--quiet"]);
        string html = File.ReadAllText(folder["report.html"]);
        Assert.Contains("with the stated confidence", html, StringComparison.Ordinal);
        Assert.Contains("each with confidence 0.999", html, StringComparison.Ordinal);
        Assert.DoesNotContain("It is a proof", html, StringComparison.Ordinal);
        Assert.Contains("The draws follow from the seed", html, StringComparison.Ordinal);
        Assert.Contains("The features, λ, q and the learner must have been chosen without these labels", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_is_not_several()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--method", "partition", "--partitions", "1"]);
        Assert.Contains("\n1 part of 40 rows by a hash", invocation.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("Time: [0-9.]+ s")]
    private static partial Regex Seconds();
}
