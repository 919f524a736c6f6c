using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Text.RegularExpressions;
using CertiFlip.Packages.Tests.Support;

namespace CertiFlip.Packages.Tests;

/// <summary>What is in the packages.</summary>
public sealed partial class PackageContentTests(PackedPackages packed)
{
    private const int MostBytes = 5 << 20;

    // With ONNX Runtime and Skia for each system that it runs on.
    private const int MostBytesOfTool = 90 << 20;
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> Packages =>
    [
        "CertiFlip", "CertiFlip.Columnar", "CertiFlip.Data", "CertiFlip.Hosting", "CertiFlip.ML", "CertiFlip.Notebooks", "CertiFlip.Onnx",
        "CertiFlip.Cli", "CertiFlip.Cli.any",
        .. PackedPackages.Systems.Select(system => $"CertiFlip.Cli.{system}"),
    ];

    [Fact]
    public void Packing_makes_the_libraries_with_their_symbols_and_the_tool() =>
        Assert.Equal(
            [
                "CertiFlip.Cli.any.nupkg", .. PackedPackages.Systems.Select(system => $"CertiFlip.Cli.{system}.nupkg"),
                "CertiFlip.Cli.nupkg", "CertiFlip.Columnar.nupkg", "CertiFlip.Columnar.snupkg", "CertiFlip.Data.nupkg",
                "CertiFlip.Data.snupkg", "CertiFlip.Hosting.nupkg", "CertiFlip.Hosting.snupkg", "CertiFlip.ML.nupkg",
                "CertiFlip.ML.snupkg", "CertiFlip.Notebooks.nupkg", "CertiFlip.Notebooks.snupkg", "CertiFlip.Onnx.nupkg",
                "CertiFlip.Onnx.snupkg", "CertiFlip.nupkg", "CertiFlip.snupkg",
            ],
            packed.Names.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_holds_what_was_approved_and_nothing_else(string id)
    {
        using ZipArchive package = packed.Open(id);
        IEnumerable<string> files = package.Entries.Select(entry => entry.FullName).Where(name => !IsEnvelope(name))
            .Order(StringComparer.Ordinal);
        string description = Commit().Replace(Text(package, $"{id}.nuspec"), "")
            .Replace(packed.Version, "VERSION", StringComparison.Ordinal);
        Golden.Matches($"{string.Join('\n', files)}\n\n{description}\n", "test", "CertiFlip.Packages.Tests", "Golden", $"{id}.txt");
        Assert.InRange(new FileInfo(Path.Combine(packed.Feed, $"{id}.{packed.Version}.nupkg")).Length, 1,
            id.StartsWith("CertiFlip.Cli.", StringComparison.Ordinal) ? MostBytesOfTool : MostBytes);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_names_the_commit_that_it_was_built_from(string id)
    {
        Assert.SkipUnless(Path.Exists(Repository.File(".git")), "This is not a clone.");
        using ZipArchive package = packed.Open(id);
        Assert.Matches(Commit(), Text(package, $"{id}.nuspec"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_s_readme_can_be_read_away_from_the_repository(string id)
    {
        using ZipArchive package = packed.Open(id);
        string readme = Text(package, "README.md");
        Assert.DoesNotMatch(RelativeLink(), readme);
        string title = id.StartsWith("CertiFlip.Cli", StringComparison.Ordinal) ? "certiflip" : id;
        Assert.StartsWith($"# {title}\n", readme, StringComparison.Ordinal);
        Assert.StartsWith("MIT License", Text(package, "LICENSE"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_s_readme_names_what_it_depends_on_and_its_icon_is_there(string id)
    {
        using ZipArchive package = packed.Open(id);
        Assert.NotNull(package.GetEntry("icon.png"));
        string readme = Text(package, "README.md");
        IEnumerable<string> dependencies = Dependency().Matches(Text(package, $"{id}.nuspec")).Select(match => match.Groups[1].Value);
        Assert.All(dependencies, dependency =>
            Assert.Contains(dependency, Section(readme, "What it depends on"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_tool_names_every_library_that_comes_with_it()
    {
        using ZipArchive package = packed.Open("CertiFlip.Cli.any");
        string notices = Text(package, "THIRD-PARTY-NOTICES.txt");
        string[] libraries = [.. package.Entries.Select(entry => entry.Name)
            .Where(name => name.EndsWith(".dll", StringComparison.Ordinal) && !name.StartsWith("CertiFlip", StringComparison.Ordinal))];
        Assert.NotEmpty(libraries);
        Assert.All(libraries, library => Assert.Contains($"\n{library[..^".dll".Length]} ", notices, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CertiFlip")]
    [InlineData("CertiFlip.Columnar")]
    [InlineData("CertiFlip.Data")]
    [InlineData("CertiFlip.Hosting")]
    public void A_library_s_symbols_hold_its_sources(string id)
    {
        using ZipArchive symbols = packed.Open(id, "snupkg");
        using var content = new MemoryStream();
        using (Stream entry = symbols.GetEntry($"lib/net10.0/{id}.pdb")!.Open())
            entry.CopyTo(content);
        content.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
        MetadataReader pdb = provider.GetMetadataReader();
        Assert.NotEmpty(pdb.Documents);
        Assert.All(pdb.Documents, document => Assert.Contains(
            pdb.GetCustomDebugInformation(document),
            information => pdb.GetGuid(pdb.GetCustomDebugInformation(information).Kind) == EmbeddedSource));
    }

    private static bool IsEnvelope(string name) =>
        name is "[Content_Types].xml" or "_rels/.rels" || name.StartsWith("package/services/metadata/", StringComparison.Ordinal);

    /// <summary>The last section of a page.</summary>
    private static string Section(string page, string title) => page[page.IndexOf($"\n## {title}\n", StringComparison.Ordinal)..];

    private static string Text(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open(), Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex("\n *<repository type=\"git\" commit=\"[0-9a-f]{40}\" />")]
    private static partial Regex Commit();

    [GeneratedRegex("<dependency id=\"([^\"]+)\"")]
    private static partial Regex Dependency();

    [GeneratedRegex(@"\]\((?!https://)")]
    private static partial Regex RelativeLink();
}
