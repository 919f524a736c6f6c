using System.Diagnostics;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>A program of samples/, which the build puts beside the tests.</summary>
internal static class SampleProgram
{
    /// <summary>What it prints.</summary>
    public static Task<string> OutputOf(string sample, params string[] arguments) => OutputIn("", sample, arguments);

    /// <summary>What it prints where it is run in a folder.</summary>
    public static async Task<string> OutputIn(string folder, string sample, params string[] arguments)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, $"{sample}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true, WorkingDirectory = folder };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return output.ReplaceLineEndings("\n");
    }
}
