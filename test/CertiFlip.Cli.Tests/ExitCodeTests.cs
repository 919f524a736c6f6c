using System.Diagnostics;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests;

/// <summary>The one table of exit codes: what documents show of it, and that each code in it happens.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Codes => [.. ExitCode.All.SelectMany(row => row.Code.Split(", "))];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_code_happens(string code) => Assert.Equal(code, code switch
    {
        "0" => await Of("demo"),
        "1" => await Of("check", "--train", _folder["absent.csv"]),
        "2" => await Of("certify", "--nois", "0.2"),
        "3" => await Of([.. SmallData.WriteTo(_folder), "--quiet", "--require", "median>=1000"]),
        "75" => await OfMergeBeforeShards(),
        "129" => await Signalled("HUP"),
        "130" => await Signalled("INT"),
        "143" => await Signalled("TERM"),
        _ => $"a case for {code}",
    });

    [Fact]
    public async Task Documents_and_help_have_the_table()
    {
        string document = await File.ReadAllTextAsync(Repository.File("docs", "command.md"), TestContext.Current.CancellationToken);
        Assert.All(ExitCode.All, row => Assert.Contains($"| {row.Code} |", document, StringComparison.Ordinal));
        Assert.All(CommandEnvironment.All, row => Assert.Contains($"`{row.Name.Split(", ")[0]}`", document, StringComparison.Ordinal));
        Assert.EndsWith($"{ExitCode.InBrief}\n", (await Invocation.Of("--help")).Output, StringComparison.Ordinal);
    }

    private static async Task<string> Of(params string[] arguments) => $"{(await Invocation.Of(arguments)).ExitCode}";

    private async Task<string> OfMergeBeforeShards()
    {
        string job = Path.Combine(_folder.Path, "job");
        await Of(["plan", "--shards", "2", "--out", job, .. SmallData.WriteTo(_folder)]);
        return await Of("merge", job);
    }

    /// <summary>Waits at a pipe that nobody writes to, and is told to end.</summary>
    private async Task<string> Signalled(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using (var pipe = Process.Start("mkfifo", [_folder["pipe.csv"]]))
            await pipe.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var command = CommandProcess.Start(new Dictionary<string, string>(), "check", "--train", _folder["pipe.csv"]);
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        using (var kill = Process.Start("kill", [$"-{signal}", $"{command.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        return $"{(await command.Finish()).ExitCode}";
    }
}
