using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Frontier;

public sealed partial class FrontierCommandTests
{
    private static readonly string[] SomeFail = ["--heads", "ridge,saturated-ridge,knn:3,knn:41", "--ridges", "relative:1,fixed:0"];

    [Fact]
    public async Task The_table_reads_as_approved()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), .. SomeFail, "--threads", "2"]);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.# s"), "test", "CertiFlip.Cli.Tests", "Golden", "frontier-table.txt");
    }

    [Fact]
    public async Task The_file_reads_as_approved()
    {
        using var folder = new TestFolder();
        await Invocation.Of([.. Arguments(folder), .. SomeFail, "--components", "2,1", "--out", folder["settings.csv"], "--quiet"]);
        Golden.Matches(File.ReadAllText(folder["settings.csv"]), "test", "CertiFlip.Cli.Tests", "Golden", "frontier-out.csv");
    }

    [Fact]
    public async Task Files_are_the_same_for_every_number_of_threads()
    {
        using var folder = new TestFolder();
        foreach (string threads in (string[])["1", "2", "5"])
            await Invocation.Of(
                [
                    .. Arguments(folder), .. SomeFail, "--threads", threads, "--out", folder[$"{threads}.csv"], "--report",
                    folder[$"{threads}.html"], "--quiet",
                ]);
        foreach (string kind in (string[])["csv", "html"])
        {
            string one = File.ReadAllText(folder[$"1.{kind}"]);
            Assert.Equal(one, File.ReadAllText(folder[$"2.{kind}"]));
            Assert.Equal(one, File.ReadAllText(folder[$"5.{kind}"]));
        }
    }

    [Fact]
    public async Task Numbers_are_those_that_certify_gives_for_the_same_features()
    {
        using var folder = new TestFolder();
        using JsonDocument frontier =
            await JsonOf([.. Arguments(folder), "--heads", "ridge", "--ridges", "fixed:0.5", "--components", "2"]);
        using JsonDocument certified = await JsonOf(
            "certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--ridge", "fixed:0.5", "--certificates", "exact");
        JsonElement setting = Assert.Single(frontier.RootElement.GetProperty("settings").EnumerateArray()),
            curve = certified.RootElement.GetProperty("certificates")[0];
        foreach (string number in (string[])["accuracy", "median_radius", "certified_accuracy"])
            Assert.Equal(
                curve.GetProperty(number).GetRawText().ReplaceLineEndings(""),
                setting.GetProperty(number).GetRawText().ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Of_the_features_the_first_are_seen()
    {
        using var folder = new TestFolder();
        string[] arguments = Arguments(folder);
        using JsonDocument first = await JsonOf([.. arguments, "--heads", "knn:3", "--components", "1"]);
        foreach (string file in (string[])["train.csv", "test.csv"])
            folder.Write(
                file,
                string.Join(
                    '\n',
                    File.ReadLines(folder[file]).Select(line => { string[] cells = line.Split(','); return $"{cells[0]},{cells[2]}"; })));
        using JsonDocument alone = await JsonOf([.. arguments, "--heads", "knn:3"]);
        Assert.Equal(Numbers(alone), Numbers(first));
    }

    [Fact]
    public async Task The_page_has_a_point_for_each_setting_and_says_what_a_choice_may_look_at()
    {
        using var folder = new TestFolder();
        await Invocation.Of([.. Arguments(folder), .. SomeFail, "--report", folder["report.html"], "--quiet"]);
        string html = File.ReadAllText(folder["report.html"]);
        int start = html.IndexOf("<svg", StringComparison.Ordinal),
            end = html.IndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length;
        XElement chart = XElement.Parse(html[start..end]);
        using JsonDocument json = await JsonOf([.. Arguments(folder), .. SomeFail]);
        Assert.Equal(
            json.RootElement.GetProperty("settings").GetArrayLength(),
            chart.Elements().Count(element => element.Name.LocalName == "circle"));
        Assert.Contains("A setting that was chosen by looking at suspect labels has no guarantee.", html, StringComparison.Ordinal);
        Assert.Contains("knn:41, 2 features", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_cannot_be_fitted_is_told_and_the_others_go_on()
    {
        using var folder = new TestFolder();
        using JsonDocument json = await JsonOf([.. Arguments(folder), "--heads", "knn:3,knn:41", "--components", "2"]);
        Assert.Equal("knn:3", Assert.Single(json.RootElement.GetProperty("settings").EnumerateArray()).GetProperty("head").GetString());
        JsonElement failure = Assert.Single(json.RootElement.GetProperty("failures").EnumerateArray());
        Assert.Equal(
            ("knn:41", "knn:41 needs 41 training rows, but there are 40."),
            (failure.GetProperty("head").GetString(), failure.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Where_every_setting_fails_there_is_no_result()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), "--heads", "knn:41,knn:50", "--out", folder["out.csv"]]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.EndsWith(
            "every setting failed; knn:41, 1 feature: knn:41 needs 41 training rows, but there are 40.", invocation.LastError,
            StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.csv"]));
    }

    [Theory]
    [InlineData("--heads", "forest")]
    [InlineData("--heads", "ridge,knn:0")]
    [InlineData("--heads", "")]
    [InlineData("--ridges", "relative:1,paper")]
    [InlineData("--ridges", "fixed:-1")]
    [InlineData("--components", "5,0")]
    [InlineData("--gain", "0")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage_and_named(string option, string value)
    {
        Invocation invocation = await Invocation.Of("frontier", "--train", "a.csv", "--validation", "b.csv", option, value);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {option} '{value}': expected ", invocation.Error, StringComparison.Ordinal);
        Assert.Equal("certiflip: See 'certiflip frontier --help'.", invocation.LastError);
    }

    [Theory]
    [InlineData("--heads knn,kernel --ridges fixed:1", "certiflip: --ridges has no effect with knn and kernel: leave it out.")]
    [InlineData("--heads ridge --gain 2", "certiflip: --gain has no effect with ridge: leave it out.")]
    public async Task An_option_that_has_no_effect_is_wrong_usage(string options, string message)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), "--quiet", .. options.Split(' ')]);
        Assert.Equal((2, message), (invocation.ExitCode, invocation.LastError));
    }

    [Fact]
    public async Task More_features_than_there_are_is_wrong_usage()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Arguments(folder), "--components", "1,3"]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith("certiflip: --components '3': expected at most 2, ", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_labels_to_choose_by_nothing_is_chosen()
    {
        using var folder = new TestFolder();
        string[] arguments = Arguments(folder);
        folder.Write("test.csv", "a,b\n0.5,0.5\n");
        Invocation invocation = await Invocation.Of([.. arguments, "--quiet"]);
        Assert.Equal(
            (1, $"certiflip: {folder["test.csv"]}: there are no labels to choose by; expected them in the file or in --validation-labels."),
            (invocation.ExitCode, invocation.LastError));
    }

    [Fact]
    public async Task The_rows_to_learn_from_are_not_those_to_choose_by()
    {
        using var folder = new TestFolder();
        Arguments(folder);
        Invocation invocation = await Invocation.Of("frontier", "--train", folder["train.csv"], "--validation", folder["train.csv"]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.EndsWith("expected rows other than those of --train.", invocation.LastError, StringComparison.Ordinal);
    }

    private static string[] Arguments(TestFolder folder)
    {
        SmallData.WriteTo(folder);
        return ["frontier", "--train", folder["train.csv"], "--validation", folder["test.csv"]];
    }

    private static async Task<JsonDocument> JsonOf(params IEnumerable<string> arguments) =>
        JsonDocument.Parse((await Invocation.Of([.. arguments, "--json", "--quiet"])).Output);

    private static string Numbers(JsonDocument json)
    {
        JsonElement setting = Assert.Single(json.RootElement.GetProperty("settings").EnumerateArray());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{setting.GetProperty("accuracy").GetDouble()} {setting.GetProperty("median_radius").GetDouble()}");
    }

    [GeneratedRegex(@"[0-9]+\.[0-9]{1,2} s")]
    private static partial Regex Seconds();
}
