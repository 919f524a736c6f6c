using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Docs;

/// <summary>What the README shows is what there is. Its commands are run by .ci/run.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.File("README.md")).ReplaceLineEndings("\n");

    private static readonly string Sample =
        File.ReadAllText(Repository.File("samples", "FirstCertificate", "Program.cs")).ReplaceLineEndings("\n");

    [Fact]
    public void The_library_example_is_the_sample_that_the_build_compiles() =>
        Assert.Contains($"```csharp\n{Sample}```\n", Readme, StringComparison.Ordinal);

    [Fact]
    public async Task The_example_of_smoothing_is_the_sample_and_prints_what_is_shown()
    {
        string page = File.ReadAllText(Repository.File("docs", "smoothing.md")).ReplaceLineEndings("\n");
        string sample = File.ReadAllText(Repository.File("samples", "SmoothAnything", "Program.cs")).ReplaceLineEndings("\n");
        Assert.Contains($"```csharp\n{sample}```\n", page, StringComparison.Ordinal);
        Assert.Contains($"```text\n{await SampleProgram.OutputOf("SmoothAnything")}```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_s_output_is_what_it_prints()
    {
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["digits"]);
        string output = await SampleProgram.OutputOf(
            "FirstCertificate", Path.Combine(folder["digits"], "train.csv"), Path.Combine(folder["digits"], "test.csv"));
        Assert.Contains($"```text\n{output}```\n", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_s_output_is_what_it_prints()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of("demo", "--report", folder["demo.html"]);
        string printed = invocation.Output.Replace(folder["demo.html"], "certiflip-demo.html", StringComparison.Ordinal);
        Assert.Contains($"```text\n{Normal(printed)}```\n", Normal(Readme), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_commands_on_the_digits_print_is_what_is_shown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page's commands are for a Unix shell.");
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["digits"]);
        Golden.Matches(await ShownOutput.Renewed(Readme, folder), "README.md");
    }

    /// <summary>Without the time taken and the blanks that a table pads its lines with.</summary>
    private static string Normal(string text) => TrailingBlanks().Replace(Machine().Replace(text, "Time: #"), "\n");

    [GeneratedRegex("Time: [0-9.]+ s with [0-9]+ threads?")]
    private static partial Regex Machine();

    [GeneratedRegex(" +\n")]
    private static partial Regex TrailingBlanks();
}
