using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Docs;

/// <summary>
/// Whoever follows a page of docs/cases sees what it shows: samples and commands are run, and every number in its
/// sentences is one that they print.
/// </summary>
public sealed partial class CaseTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Repository.File("docs", "cases"), "*.md").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_page_shows_what_its_sample_and_its_commands_print(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page's commands are for a Unix shell.");
        using var folder = new TestFolder();
        string page = Page("docs", "cases", name);
        Match sample = Sample().Match(page);
        Assert.True(sample.Success, "The page runs no sample.");
        string printed = await SampleProgram.OutputIn(
            folder.Path, sample.Groups["name"].Value, sample.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Group shown = sample.Groups["output"];
        string renewed = page[..shown.Index] + printed + page[(shown.Index + shown.Length)..];
        Golden.Matches(await ShownOutput.Renewed(renewed, folder), "docs", "cases", name);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_number_in_a_sentence_is_printed(string name)
    {
        string page = Page("docs", "cases", name);
        HashSet<string> printed =
            [.. Outputs().Matches(page).SelectMany(output => Numbers().Matches(output.Value)).Select(number => number.Value)];
        string sentences = Code().Replace(page, "");
        Assert.All(Numbers().Matches(sentences).Select(number => number.Value), number => Assert.Contains(number, printed));
    }

    [Fact]
    public void The_index_has_every_page() =>
        Assert.All(Pages, page => Assert.Contains($"](cases/{page.Data})", Page("docs", "cases.md"), StringComparison.Ordinal));

    private static string Page(params string[] path) => File.ReadAllText(Repository.File(path)).ReplaceLineEndings("\n");

    [GeneratedRegex(
        "```sh\ndotnet run -c Release --project samples/(?<name>[A-Za-z]+)( -- (?<arguments>[^\n]*))?\n```\n"
        + "\n```text\n(?<output>.*?)```\n",
        RegexOptions.Singleline)]
    private static partial Regex Sample();

    [GeneratedRegex("```text\n.*?```\n", RegexOptions.Singleline)]
    private static partial Regex Outputs();

    [GeneratedRegex("```.*?```|`[^`]*`|\\]\\([^)]*\\)", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("[0-9]+([.,][0-9]+)*")]
    private static partial Regex Numbers();
}
