using System.Diagnostics;
using CertiFlip.Kernels;

namespace CertiFlip.Tests.Isolation;

/// <summary>
/// Runs tests of this assembly again in a process of its own, on a processor that seems to have no vector instructions.
/// </summary>
internal static class ChildRun
{
    private const string ChildVariable = "CERTIFLIP_TESTS_CHILD";

    /// <summary>Whether this process is such a child, which must not start children of its own.</summary>
    public static bool IsChild => Environment.GetEnvironmentVariable(ChildVariable) is not null;

    public static async Task AssertPasses(IEnumerable<Type> classes, params (string Name, string Value)[] environment)
    {
        Assert.SkipWhen(IsChild, "Already running without vector instructions.");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(ChildRun).Assembly.Location);
        foreach (Type type in classes)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(type.FullName!);
        }

        start.Environment[ChildVariable] = "1";
        start.Environment["DOTNET_EnableHWIntrinsic"] = "0";
        start.Environment.Remove(KernelSet.EnvironmentVariable); // A vector kernel that is forced here would not exist there.
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Process child = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        Task<string> output = child.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = child.StandardError.ReadToEndAsync(cancellation);
        await child.WaitForExitAsync(cancellation);
        string report = await output + await errors;
        Assert.True(child.ExitCode == 0, report);

        // A class that was renamed away would pass too, having no tests.
        Assert.DoesNotContain("Total: 0", report);
    }
}
