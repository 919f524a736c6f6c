using System.Diagnostics;

namespace CertiFlip.Packages.Tests.Support;

/// <summary>
/// Runs a program in a folder as somebody would who has a .NET SDK and nothing else of ours: what the test run set for
/// itself is not passed on.
/// </summary>
internal static class DotnetCommand
{
    /// <summary>What it printed on standard output; the test fails with all of it where it did not succeed.</summary>
    public static async Task<string> Run(
        string program, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        (int code, string output, string error) = await Ended(program, folder, environment, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}\n{error}");
        return output.ReplaceLineEndings("\n");
    }

    /// <summary>Its exit code, and all that it printed.</summary>
    public static async Task<(int Code, string Said)> TryRun(
        string program, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        (int code, string output, string error) = await Ended(program, folder, environment, arguments);
        return (code, output + error);
    }

    private static async Task<(int Code, string Output, string Error)> Ended(
        string program, string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name =>
            name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // A process that stays would keep the output open.
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
