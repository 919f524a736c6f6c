using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CertiFlip.Cli.CommandLine;

namespace CertiFlip.Cli.Tests.Docs;

/// <summary>Whoever follows docs/getting-started.md sees what it shows. Its installation and its part in Python are run by .ci/run.</summary>
public sealed partial class GettingStartedTests
{
    private static readonly string[] Page = ["docs", "getting-started.md"];

    [Fact]
    public async Task The_page_shows_what_its_commands_print()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page's commands are for a Unix shell.");
        using var folder = new TestFolder();
        string page = (await File.ReadAllTextAsync(Repository.File(Page), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        var rewritten = new StringBuilder();
        int end = 0;
        foreach (Match example in Examples().Matches(page).Where(example => !NeedsMore().IsMatch(example.Groups["commands"].Value)))
        {
            string printed = await Run(example.Groups["commands"].Value, folder);
            Group shown = example.Groups["output"];
            if (!shown.Success)
                continue;

            // The page may have been written on another machine, on another day.
            if (Machine().Match(shown.Value) is { Success: true } machine)
                printed = Machine().Replace(printed, machine.Value);
            rewritten.Append(page, end, shown.Index - end).Append(TrailingBlanks().Replace(printed, "\n"));
            end = shown.Index + shown.Length;
        }

        Golden.Matches(rewritten.Append(page, end, page.Length - end).ToString(), Page);
    }

    private static async Task<string> Run(string commands, TestFolder folder)
    {
        string certiflip = $"certiflip() {{ dotnet '{typeof(CertiFlipCommand).Assembly.Location}' \"$@\"; }}";
        var start = new ProcessStartInfo("bash", ["-euc", $"{certiflip}\n{commands}"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{commands}\nends with {process.ExitCode}: {await error}");
        return (await output).ReplaceLineEndings("\n");
    }

    [GeneratedRegex("```sh\n(?<commands>.*?)```\n(\n```text\n(?<output>.*?)```\n)?", RegexOptions.Singleline)]
    private static partial Regex Examples();

    [GeneratedRegex("^(dotnet|python3) ", RegexOptions.Multiline)]
    private static partial Regex NeedsMore();

    [GeneratedRegex("Time: [0-9.]+ s with [0-9]+ threads?")]
    private static partial Regex Machine();

    [GeneratedRegex(" +\n")]
    private static partial Regex TrailingBlanks();
}
