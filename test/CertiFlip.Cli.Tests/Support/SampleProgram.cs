using System.Diagnostics;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>A program of samples/, which the build puts beside the tests.</summary>
internal static class SampleProgram
{
    /// <summary>What it prints.</summary>
    public static async Task<string> OutputOf(string sample, params string[] arguments)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, $"{sample}.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return output.ReplaceLineEndings("\n");
    }
}
