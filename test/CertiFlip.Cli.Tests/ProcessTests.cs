using System.Diagnostics;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests;

/// <summary>What needs a process: signals, the environment, redirected streams.</summary>
public sealed class ProcessTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public async Task Ctrl_C_in_the_middle_leaves_no_file_and_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A test cannot send Ctrl-C to another process here.");
        Assert.SkipWhen(IgnoresCtrlC(), "Whatever started the tests ignores Ctrl-C, and processes inherit that.");
        using var folder = new TestFolder();
        folder.Write("train.csv", SmallData.Csv(40_000));
        folder.Write("test.csv", SmallData.Csv(60_000, seed: 2));
        using var process = CommandProcess.Start(
            NoEnvironment, "certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--out", folder["out.csv"], "--report",
            folder["report.html"]);

        // The announced files show that work has begun; a second later it is among the test rows, for several more.
        while (folder.Names.Length < 4 && !process.HasExited)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        Invocation invocation = await process.Finish();
        Assert.Equal(1, invocation.ExitCode);
        Assert.Equal("certiflip: Interrupted. No file was written.", invocation.LastError);
        Assert.Equal(["test.csv", "train.csv"], folder.Names);
    }

    [Fact]
    public async Task A_machine_set_to_decimal_commas_gives_the_same_numbers()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        using var german = CommandProcess.Start(
            new Dictionary<string, string> { ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8" },
            [.. arguments, "--out", folder["german.csv"]]);
        Invocation invocation = await german.Finish();
        Invocation here = await Invocation.Of([.. arguments, "--out", folder["here.csv"]]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Equal(File.ReadAllText(folder["here.csv"]), File.ReadAllText(folder["german.csv"]));
        Assert.Equal(here.Output.Split('\n')[1], invocation.Output.Split('\n')[1]);
    }

    [Fact]
    public async Task A_kernel_that_does_not_exist_is_a_failure_that_names_those_that_do()
    {
        using var folder = new TestFolder();
        using var process = CommandProcess.Start(
            new Dictionary<string, string> { ["CERTIFLIP_KERNEL"] = "vector1024" }, [.. SmallData.WriteTo(folder), "--quiet"]);
        Invocation invocation = await process.Finish();
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains("scalar", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirected_output_carries_no_terminal_codes()
    {
        using var folder = new TestFolder();
        using var process = CommandProcess.Start(NoEnvironment, SmallData.WriteTo(folder));
        Invocation invocation = await process.Finish();
        Assert.DoesNotContain('\u001b', invocation.Output + invocation.Error);
        Assert.All(invocation.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    /// <summary>
    /// Whether SIGINT is among the ignored signals, as in jobs that a script starts in the background.
    /// </summary>
    private static bool IgnoresCtrlC()
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        string? line =
            File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & 1 << 1) != 0;
    }
}
