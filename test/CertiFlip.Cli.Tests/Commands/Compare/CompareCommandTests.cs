using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Compare;

public sealed partial class CompareCommandTests
{
    private static readonly string[] AllMethods = ["--methods", "all", "--partitions", "3,5", "--samples", "200", "--noise", "0.2"];

    [Fact]
    public async Task The_table_reads_as_approved()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), .. AllMethods, "--threads", "2"]);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", "compare-table.txt");
    }

    [Fact]
    public async Task Names_and_radii_are_those_of_certify()
    {
        using var folder = new TestFolder();
        string[] compare = Arguments(folder);
        using JsonDocument compared = await JsonOf([.. compare, "--methods", "kl,exact,white-box", "--partitions", "5"]);
        JsonElement[] entries = [.. compared.RootElement.GetProperty("certificates").EnumerateArray()];
        Assert.Equal(["kl", "exact", "white-box 5"], entries.Select(entry => entry.GetProperty("curve").GetProperty("name").GetString()));

        compare[0] = "certify";
        using JsonDocument smoothing = await JsonOf([.. compare, "--certificates", "kl,exact"]);
        using JsonDocument partition =
            await JsonOf([.. compare, "--method", "partition", "--partitions", "5", "--certificates", "white-box"]);
        double[] certified = [.. MedianRadii(smoothing.RootElement), .. MedianRadii(partition.RootElement)];
        Assert.Equal(certified, entries.Select(entry => entry.GetProperty("curve").GetProperty("median_radius").GetDouble()));
    }

    [Fact]
    public async Task The_curves_that_out_names_start_at_no_flip_and_end_at_nought()
    {
        using var folder = new TestFolder();
        await Invocation.Of([.. Arguments(folder), .. AllMethods, "--out", folder["curves.csv"], "--quiet"]);
        string[][] rows = [.. File.ReadLines(folder["curves.csv"]).Select(line => line.Split(','))];
        Assert.Equal(["series", "noise", "flips", "certified_accuracy"], rows[0]);
        string[] series = [.. rows.Skip(1).Select(row => row[0]).Distinct()];
        Assert.Equal(
            ["kl", "tight", "structured", "exact", "monte-carlo", "partition 3", "partition 5", "white-box 3", "white-box 5"], series);
        Assert.All(series, name =>
        {
            string[][] curve = [.. rows.Where(row => row[0] == name)];
            Assert.Equal("0", curve[0][2]);
            Assert.Equal("0", curve[^1][3]);
        });
    }

    [Fact]
    public async Task The_chart_has_a_line_for_each_and_the_page_is_the_same_for_every_number_of_threads()
    {
        using var folder = new TestFolder();
        foreach (string threads in (string[])["1", "3"])
            await Invocation.Of(
                [.. Arguments(folder), .. AllMethods, "--threads", threads, "--report", folder[$"{threads}.html"], "--quiet"]);
        string html = File.ReadAllText(folder["1.html"]);
        Assert.Equal(html, File.ReadAllText(folder["3.html"]));
        int start = html.IndexOf("<svg", StringComparison.Ordinal),
            end = html.IndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length;
        Assert.Equal(9, XElement.Parse(html[start..end]).Descendants().Count(element => element.Name.LocalName == "path"));
        Assert.Contains("except for certificates by sampling", html, StringComparison.Ordinal);
        Assert.Contains(
            "The features, λ, q, the learner, the number of parts and the method must have been chosen", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--methods", "kl,loose")]
    [InlineData("--methods", "")]
    [InlineData("--partitions", "5,0")]
    [InlineData("--partitions", "5;6")]
    [InlineData("--samples", "0")]
    [InlineData("--confidence", "1")]
    [InlineData("--seed", "-1")]
    [InlineData("--learner", "forest")]
    [InlineData("--learner", "knn:0")]
    [InlineData("--learner", "logistic:0")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage_and_named(string option, string value)
    {
        Invocation invocation = await Invocation.Of("compare", "--train", "a.csv", "--test", "b.csv", option, value);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {option} '{value}': expected ", invocation.Error, StringComparison.Ordinal);
        Assert.Equal("certiflip: See 'certiflip compare --help'.", invocation.LastError);
    }

    [Theory]
    [InlineData("--methods kl,partition --samples 10", "certiflip: --samples has no effect with smoothing and partition: leave it out.")]
    [InlineData("--methods kl,exact --partitions 3", "certiflip: --partitions has no effect with smoothing: leave it out.")]
    [InlineData("--methods exact,partition --noise 0.1", "certiflip: --noise has no effect with exact and partition: leave it out.")]
    [InlineData("--methods white-box --noise 0.1", "certiflip: --noise has no effect with partition: leave it out.")]
    public async Task An_option_that_has_no_effect_is_wrong_usage(string options, string message)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), "--quiet", .. options.Split(' ')]);
        Assert.Equal((2, message), (invocation.ExitCode, invocation.LastError));
    }

    [Theory]
    [InlineData("--methods kl,partition --ridge paper", "certiflip: --ridge 'paper': expected relative:C or fixed:L")]
    [InlineData("--methods kl,monte-carlo --learner knn:41", "certiflip: --learner 'knn:41': expected at most 40 neighbours")]
    public async Task What_a_later_method_cannot_use_is_refused_before_the_first_one_works(string options, string message)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), .. options.Split(' ')]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(message, invocation.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("fitting", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_test_rows_the_first_may_be_enough()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), "--methods", "kl", "--test-rows", "3"]);
        Assert.Contains("40 training rows, 2 features, 3 test rows", invocation.Output, StringComparison.Ordinal);
        Invocation all = await Invocation.Of([.. Arguments(folder), "--methods", "kl", "--test-rows", "1000"]);
        Assert.Contains(" 10 test rows", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ridge_chosen_from_the_labels_is_marked_as_a_condition()
    {
        using var folder = new TestFolder();
        Invocation invocation =
            await Invocation.Of([.. Arguments(folder), "--methods", "kl,exact", "--ridge", "paper", "--report", folder["report.html"]]);
        Assert.Contains("Conditional on λ", invocation.Output, StringComparison.Ordinal);
        Assert.Contains("Conditional on λ", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);

        Invocation quiet =
            await Invocation.Of([.. Arguments(folder), "--methods", "kl", "--ridge", "paper", "--out", folder["out.csv"], "--quiet"]);
        Assert.Equal("certiflip: radii are conditional on λ, which --ridge paper computes from the labels.", quiet.LastError);
    }

    [Fact]
    public async Task The_smoothed_vote_of_a_learner_is_not_called_that_of_the_head()
    {
        using var folder = new TestFolder();
        string[] options = [.. Arguments(folder), "--methods", "tight,monte-carlo", "--learner", "knn:3", "--samples", "1"];
        string output = (await Invocation.Of(options)).Output.ReplaceLineEndings(" ");
        Assert.Contains(
            "(tight: the smoothed vote; monte-carlo: the smoothed vote of the learner knn:3)",
            output.Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_classifier_is_not_called_different_ones_and_no_radius_at_all_is_shown_as_such()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), "--methods", "monte-carlo", "--samples", "1"]);
        Assert.Contains(
            "The classifier is the smoothed vote of the learner ridge.",
            invocation.Output.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(" r=0 ", invocation.Output, StringComparison.Ordinal);
    }

    private static string[] Arguments(TestFolder folder)
    {
        string[] arguments = SmallData.WriteTo(folder);
        arguments[0] = "compare";
        return arguments;
    }

    private static async Task<JsonDocument> JsonOf(IEnumerable<string> arguments) =>
        JsonDocument.Parse((await Invocation.Of([.. arguments, "--json", "--quiet"])).Output);

    private static IEnumerable<double> MedianRadii(JsonElement summary) =>
        summary.GetProperty("certificates").EnumerateArray().Select(curve => curve.GetProperty("median_radius").GetDouble());

    [GeneratedRegex("[0-9]+\\.[0-9]{2} s")]
    private static partial Regex Seconds();
}
