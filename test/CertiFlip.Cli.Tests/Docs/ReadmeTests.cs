using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Docs;

/// <summary>
/// What the README, the samples' README and docs/examples.md show is what there is. The README's commands are run by
/// .ci/run.
/// </summary>
public sealed partial class ReadmeTests
{
    private const int MostLines = 220;

    private static readonly string Readme = Page("README.md");

    [Fact]
    public void The_page_is_short() => Assert.InRange(Readme.Count(character => character == '\n'), 1, MostLines);

    /// <summary>The tests of the packages build and run the program of the library's README.</summary>
    [Fact]
    public void The_library_example_and_its_output_are_those_of_the_package() =>
        Assert.Contains(ProgramAndOutput().Match(Page("src", "CertiFlip", "README.md")).Value, Readme, StringComparison.Ordinal);

    [Fact]
    public async Task The_first_sample_is_shown_with_what_it_prints()
    {
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["digits"]);
        string output = await SampleProgram.OutputOf(
            "FirstCertificate", Path.Combine(folder["digits"], "train.csv"), Path.Combine(folder["digits"], "test.csv"));
        string program = Page("samples", "FirstCertificate", "Program.cs");
        Assert.Contains($"```csharp\n{program}```\n\n```text\n{output}```\n", Page("samples", "README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_of_smoothing_is_the_sample_and_prints_what_is_shown()
    {
        string page = Page("docs", "smoothing.md");
        string sample = Page("samples", "SmoothAnything", "Program.cs");
        Assert.Contains($"```csharp\n{sample}```\n", page, StringComparison.Ordinal);
        Assert.Contains($"```text\n{await SampleProgram.OutputOf("SmoothAnything")}```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_s_output_is_what_it_prints()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of("demo", "--report", folder["demo.html"]);
        string printed = invocation.Output.Replace(folder["demo.html"], "certiflip-demo.html", StringComparison.Ordinal);
        Assert.Contains($"```text\n{Normal(printed)}```\n", Normal(Readme), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/examples.md")]
    public async Task What_commands_on_the_digits_print_is_what_is_shown(string page)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page's commands are for a Unix shell.");
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["digits"]);
        string[] path = page.Split('/');
        Golden.Matches(await ShownOutput.Renewed(Page(path), folder), path);
    }

    private static string Page(params string[] path) => File.ReadAllText(Repository.File(path)).ReplaceLineEndings("\n");

    /// <summary>Without the time taken and the blanks that a table pads its lines with.</summary>
    private static string Normal(string text) => TrailingBlanks().Replace(Machine().Replace(text, "Time: #"), "\n");

    [GeneratedRegex("Time: [0-9.]+ s with [0-9]+ threads?")]
    private static partial Regex Machine();

    [GeneratedRegex("```csharp\n.*?```\n\n```text\n.*?```\n", RegexOptions.Singleline)]
    private static partial Regex ProgramAndOutput();

    [GeneratedRegex(" +\n")]
    private static partial Regex TrailingBlanks();
}
