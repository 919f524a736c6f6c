using System.IO.Compression;
using System.Runtime.InteropServices;
using CertiFlip.Packages.Tests.Support;

[assembly: AssemblyFixture(typeof(PackedPackages))]

namespace CertiFlip.Packages.Tests.Support;

/// <summary>
/// What `dotnet pack` makes of the clone, in a folder that is the only feed for who installs from it.
/// </summary>
public sealed class PackedPackages : IAsyncLifetime
{
    /// <summary>What the tool is packed for by itself; the native one is only compiled on its own system.</summary>
    public static readonly string[] Systems =
        OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64
            ? ["linux-musl-x64", "linux-x64"]
            : ["linux-musl-x64"];

    private readonly TestFolder _work = new();
    private readonly TestFolder _feed = new();

    /// <summary>Where the user's packages are.</summary>
    public static string Cache => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The folder that holds the packages.</summary>
    public string Feed => _feed.Path;

    /// <summary>The version that all of them have.</summary>
    public string Version { get; private set; } = "";

    /// <summary>File names, without the version and in order.</summary>
    public IReadOnlyList<string> Names => [.. _feed.Names.Select(name => name.Replace($".{Version}.", ".", StringComparison.Ordinal))];

    /// <summary>
    /// Packs beside the clone's own build, which may be running. What analysers say of the code is the build's
    /// business.
    /// </summary>
    public async ValueTask InitializeAsync()
    {
        string[] pack = ["pack", "--artifacts-path", _work.Path, "--output", Feed, "-p:RunAnalyzers=false"];
        await DotnetCommand.Run("dotnet", Repository.Root, new Dictionary<string, string>(), [.. pack, "-p:IsForEachSystem=true"]);
        foreach (string system in Systems)
        {
            await DotnetCommand.Run(
                "dotnet", Repository.Root, new Dictionary<string, string>(), [.. pack, "src/CertiFlip.Cli", "--runtime", system]);
        }

        string library = Assert.Single(_feed.Names, name => name.StartsWith("CertiFlip.", StringComparison.Ordinal)
            && char.IsDigit(name["CertiFlip.".Length]) && name.EndsWith(".nupkg", StringComparison.Ordinal));
        Version = library["CertiFlip.".Length..^".nupkg".Length];
    }

    public ValueTask DisposeAsync()
    {
        _work.Dispose();
        _feed.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens a package to look into it.</summary>
    public ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(_feed[$"{id}.{Version}.{extension}"]);

    /// <summary>
    /// Settings in a folder and its environment under which NuGet knows this feed and no other, and installs under that
    /// folder alone: the user's packages are looked at, and stay as they are.
    /// </summary>
    internal IReadOnlyDictionary<string, string> OnlyFeedOf(TestFolder folder)
    {
        folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="installed" value="{Cache}" /></fallbackPackageFolders>
            </configuration>
            """);
        return new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = folder["packages"],
            ["DOTNET_CLI_HOME"] = folder["home"],
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        };
    }
}
