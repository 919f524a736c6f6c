using CertiFlip.Packages.Tests.Support;

namespace CertiFlip.Packages.Tests;

/// <summary>The tool, installed from the folder that it was packed into.</summary>
public sealed class ToolTests(PackedPackages packed)
{
    /// <summary>What NuGet chooses for this system; and what every system can have.</summary>
    [Theory]
    [InlineData("CertiFlip.Cli")]
    [InlineData("CertiFlip.Cli.any")]
    public async Task It_installs_from_a_folder_and_runs(string package)
    {
        using var folder = new TestFolder();
        Dictionary<string, string> environment = new(packed.OnlyFeedOf(folder));
        await DotnetCommand.Run("dotnet", folder.Path, environment, "tool", "install", package, "--version",
            packed.Version, "--tool-path", "tools", "--configfile", "nuget.config");

        // The native one finds no .NET, and needs none.
        bool isNative = package == "CertiFlip.Cli" && PackedPackages.Systems.Contains("linux-x64");
        if (isNative)
            environment["DOTNET_ROOT"] = environment["PATH"] = folder["nowhere"];
        Task<string> Certiflip(params string[] arguments) =>
            DotnetCommand.Run(Path.Combine(folder["tools"], OperatingSystem.IsWindows() ? "certiflip.exe" : "certiflip"), folder.Path,
                environment, arguments);

        Assert.StartsWith(packed.Version, await Certiflip("--version"), StringComparison.Ordinal);
        Assert.Contains("survives any 40 wrong labels", await Certiflip("demo", "--save", "digits"), StringComparison.Ordinal);
        Assert.Contains("exact", await Certiflip("certify", "--train", "digits/train.csv", "--test", "digits/test.csv",
            "--test-rows", "20", "--out", "certificates.csv"), StringComparison.Ordinal);
        Assert.Equal(21, File.ReadAllLines(folder["certificates.csv"]).Length);
        Assert.True(File.Exists(folder["certiflip-demo.html"]));
        Assert.Equal(isNative, Directory.GetFiles(folder["tools"], "certiflip-avx512", SearchOption.AllDirectories).Length == 1);
    }
}
