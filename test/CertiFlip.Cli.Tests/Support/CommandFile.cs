using System.Diagnostics;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>
/// The command that tests start: the one that is built beside them, on .NET, or the file that the environment variable
/// <c>CERTIFLIP_COMMAND</c> names. With the variable, runs that are otherwise inside the test process are processes
/// too.
/// </summary>
internal static class CommandFile
{
    /// <summary>The file that is tested instead of what is built beside the tests; null where there is none.</summary>
    public static string? Other { get; } = Environment.GetEnvironmentVariable("CERTIFLIP_COMMAND") is { Length: > 0 } path
        ? Path.GetFullPath(path)
        : null;

    /// <summary>As a shell reads it.</summary>
    public static string InShell => Other is null ? $"dotnet '{BesideTheTests}'" : $"'{Other}'";

    private static string BesideTheTests => typeof(CertiFlipCommand).Assembly.Location;

    public static ProcessStartInfo Start(IEnumerable<string> arguments) => Start(arguments, other: Other is not null);

    /// <summary>Starts one of the two.</summary>
    public static ProcessStartInfo Start(IEnumerable<string> arguments, bool other) => other
        ? new ProcessStartInfo(Other!, arguments)
        : new ProcessStartInfo("dotnet", [BesideTheTests, .. arguments]);
}
