using System.Diagnostics;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests;

/// <summary>What needs a process: signals, the environment, redirected streams.</summary>
public sealed class ProcessTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_in_the_middle_ends_it_at_once_and_leaves_no_file(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A test cannot send signals to another process here.");
        Assert.SkipWhen(IsIgnored(signal), "Whatever started the tests ignores the signal, and processes inherit that.");
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
        await Send(signal, process);
        Invocation invocation = await process.Finish();
        Assert.Equal((exitCode, "certiflip: Interrupted. No file was written."), (invocation.ExitCode, invocation.LastError));
        Assert.Equal(["test.csv", "train.csv"], folder.Names);
    }

    /// <summary>Nobody writes to the pipe, so that opening it takes for ever.</summary>
    [Theory]
    [InlineData("TERM", 143, "certify", "--train", "{0}", "--test", "test.csv", "--out", "{1}")]
    [InlineData("HUP", 129, "serve", "--model", "{0}")]
    public async Task A_signal_ends_what_waits_for_a_pipe(string signal, int exitCode, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs named pipes in folders.");
        Assert.SkipWhen(IsIgnored(signal), "Whatever started the tests ignores the signal, and processes inherit that.");
        using var folder = new TestFolder();
        using (Process make = Process.Start("mkfifo", [folder["pipe"]]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var process = CommandProcess.Start(
            NoEnvironment,
            arguments.Select(word => word.Replace("{0}", folder["pipe"], StringComparison.Ordinal)
                .Replace("{1}", folder["out.csv"], StringComparison.Ordinal)));
        await Task.Delay(2000, TestContext.Current.CancellationToken);
        Assert.False(process.HasExited);
        await Send(signal, process);
        Invocation invocation = await process.Finish().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal((exitCode, "certiflip: Interrupted. No file was written."), (invocation.ExitCode, invocation.LastError));
        Assert.Equal(["pipe"], folder.Names);
    }

    [Fact]
    public async Task What_a_killed_run_left_is_removed_by_the_next()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        folder.Write("big.csv", SmallData.Csv(60_000));
        using (var process = CommandProcess.Start(
            NoEnvironment, "certify", "--train", folder["big.csv"], "--test", folder["big.csv"], "--out", folder["out.csv"]))
        {
            while (folder.Names.Length < 4 && !process.HasExited)
                await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Invocation next = await Invocation.Of([.. arguments, "--out", folder["next.csv"]]);
        Assert.Equal(0, next.ExitCode);
        Assert.Equal(["big.csv", "next.csv", "test.csv", "train.csv"], folder.Names);
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

    private static async Task Send(string signal, CommandProcess process)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Whether a signal is among the ignored ones, as in jobs that a script starts in the background.
    /// </summary>
    private static bool IsIgnored(string signal)
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        int number = signal switch { "HUP" => 1, "INT" => 2, _ => 15 };
        string? line =
            File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & 1UL << (number - 1)) != 0;
    }
}
