using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Docs;

/// <summary>
/// What the commands of a page print, put where the page shows it: each block of <c>sh</c> is run, and a block of
/// <c>text</c> that follows at once is its output.
/// </summary>
internal static partial class ShownOutput
{
    /// <param name="page">The page.</param>
    /// <param name="folder">Where its commands are run.</param>
    /// <returns>
    /// The page with what its commands print now, but for the times, which may be those of another machine on another
    /// day.
    /// </returns>
    public static async Task<string> Renewed(string page, TestFolder folder)
    {
        var renewed = new StringBuilder();
        int end = 0;
        foreach (Match example in Examples().Matches(page).Where(example => !NeedsMore().IsMatch(example.Groups["commands"].Value)))
        {
            string printed = await Run(example.Groups["commands"].Value, folder);
            Group shown = example.Groups["output"];
            if (!shown.Success)
                continue;
            renewed.Append(page, end, shown.Index - end).Append(TrailingBlanks().Replace(WithTimesOf(shown.Value, printed), "\n"));
            end = shown.Index + shown.Length;
        }

        return renewed.Append(page, end, page.Length - end).ToString();
    }

    private static string WithTimesOf(string shown, string printed)
    {
        MatchCollection times = Times().Matches(shown);
        int next = 0;
        return Times().Replace(printed, time => next < times.Count ? times[next++].Value : time.Value);
    }

    private static async Task<string> Run(string commands, TestFolder folder)
    {
        string certiflip = $"certiflip() {{ {CommandFile.InShell} \"$@\"; }}";
        string ours = OwnFunction().Replace(commands, "");
        var start = new ProcessStartInfo(
            "bash", ["-euc", $"{certiflip}\n{ours}"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
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

    [GeneratedRegex("^certiflip\\(\\) .*\n", RegexOptions.Multiline)]
    private static partial Regex OwnFunction();

    [GeneratedRegex("[0-9]+\\.[0-9]+ s\\b( with [0-9]+ threads?)?")]
    private static partial Regex Times();

    [GeneratedRegex(" +\n")]
    private static partial Regex TrailingBlanks();
}
