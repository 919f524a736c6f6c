using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;
using Spectre.Console.Testing;

namespace CertiFlip.Cli.Tests.Commands.Certify;

public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_prints_its_table_and_three_predictions_in_words()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of("demo", "--report", folder["demo.html"]);
        Assert.Equal(0, invocation.ExitCode);
        string text = invocation.Output.Replace(folder["demo.html"], "demo.html", StringComparison.Ordinal);
        text = Machine().Replace(text, "Time: # s with # threads.");
        Golden.Matches(text, "test", "CertiFlip.Cli.Tests", "Golden", "demo.txt");
        Assert.Equal(["demo.html"], folder.Names);
    }

    [Fact]
    public async Task The_files_that_save_keeps_certify_to_the_same_table()
    {
        using var folder = new TestFolder();
        Invocation demo = await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["digits"]);
        Invocation certify = await Invocation.Of(
            "certify", "--train", Path.Combine(folder["digits"], "train.csv"), "--test", Path.Combine(folder["digits"], "test.csv"),
            "--report", folder["certify.html"], "--name", "Handwritten digits (UCI)");
        Assert.Contains(certify.Output[..certify.Output.IndexOf("Balanced is", StringComparison.Ordinal)], demo.Output,
            StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(folder["demo.html"]), File.ReadAllText(folder["certify.html"]));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_a_failure_in_one_line()
    {
        using var folder = new TestFolder();
        folder.Write("taken", "");
        Invocation invocation = await Invocation.Of("demo", "--report", folder["demo.html"], "--save", folder["taken"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith("certiflip: ", invocation.LastError, StringComparison.Ordinal);
        Assert.Equal(["taken"], folder.Names);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public async Task An_interrupted_demo_has_written_nothing_as_it_says(int milliseconds)
    {
        using var folder = new TestFolder();
        using var interrupted = new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds));
        using var output = new TestConsole();
        using var status = new TestConsole();
        int exitCode = await new CertiFlipCommand(output, status).RunAsync(
            ["demo", "--report", folder["demo.html"], "--save", folder["digits"]], interrupted.Token);
        string[] files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        if (exitCode == 0)
            Assert.Equal(3, files.Length); // This machine was faster.
        else
            Assert.Equal(
                ("", "certiflip: Interrupted. No file was written.\n", 0),
                (output.Output, status.Output.Split('\n')[^2] + "\n", files.Length));
    }

    [Fact]
    public async Task The_picture_in_the_readme_is_the_demo_s_chart()
    {
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"]);
        string html = File.ReadAllText(folder["demo.html"]);
        int start = html.IndexOf("<svg", StringComparison.Ordinal);
        int end = html.IndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length;
        Golden.Matches(html[start..end] + "\n", "docs", "images", "demo.svg");
    }

    [GeneratedRegex("Time: [0-9.]+ s with [0-9]+ threads?.")]
    private static partial Regex Machine();
}
