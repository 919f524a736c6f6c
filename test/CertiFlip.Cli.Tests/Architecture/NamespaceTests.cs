using System.Text.RegularExpressions;

namespace CertiFlip.Cli.Tests.Architecture;

/// <summary>
/// Folders of the command use each other in one direction: commands, then options, then report, then output. A
/// namespace is a folder, and the compiler refuses a <c>using</c> that is not needed, so that these lines say all.
/// </summary>
public sealed partial class NamespaceTests
{
    private const string Root = "CertiFlip.Cli";

    /// <summary>
    /// What each folder of shared things may use. A command's folder may use all of these, and no other command's.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Options"] = ["Report", "Output"],
        ["Report"] = ["Output"],
        ["Output"] = [],
    };

    private static readonly (string Folder, string[] Uses)[] Folders =
    [
        .. from file in Directory.GetFiles(Repository.File("src", Root), "*.cs", SearchOption.AllDirectories)
           let folder = Path.GetRelativePath(Repository.File("src", Root), Path.GetDirectoryName(file)!).Replace('\\', '/')
           where !folder.StartsWith("obj", StringComparison.Ordinal) && !folder.StartsWith("bin", StringComparison.Ordinal)
           group file by folder into files
           select (files.Key, files.SelectMany(NamespacesIn).Where(used => used != files.Key).Distinct().Order().ToArray()),
    ];

    [Fact]
    public void A_folder_is_a_namespace() => Assert.All(
        from folder in Folders
        from file in Directory.GetFiles(Repository.File(["src", Root, .. folder.Folder.Split('/')]), "*.cs")
        where Path.GetFileName(file) != "Program.cs"
        select (File: file, Namespace: folder.Folder == "." ? Root : $"{Root}.{folder.Folder.Replace('/', '.')}"),
        entry => Assert.Contains($"namespace {entry.Namespace};", File.ReadLines(entry.File)));

    [Fact]
    public void Shared_folders_use_only_those_below_them() => Assert.All(MayUse, folder =>
        Assert.Empty(Folders.Single(found => found.Folder == folder.Key).Uses.Except(folder.Value)));

    [Fact]
    public void Commands_use_shared_folders_and_not_each_other() => Assert.All(
        Folders.Where(folder => folder.Folder.StartsWith("Commands/", StringComparison.Ordinal)),
        folder => Assert.Empty(folder.Uses.Except(MayUse.Keys)));

    [Fact]
    public void There_is_no_other_folder() => Assert.All(
        Folders.Select(folder => folder.Folder).Except([".", .. MayUse.Keys]),
        folder => Assert.StartsWith("Commands/", folder, StringComparison.Ordinal));

    /// <summary>The command's own folders that a file uses, by <c>using</c> or by a qualified name.</summary>
    private static IEnumerable<string> NamespacesIn(string file) =>
        from line in File.ReadLines(file)
        where !line.StartsWith("namespace ", StringComparison.Ordinal)
        from Match match in OwnNamespace().Matches(line)
        select match.Groups[1].Value.Replace('.', '/');

    [GeneratedRegex(@"\bCertiFlip\.Cli\.(Commands\.\w+|Options|Report|Output)\b")]
    private static partial Regex OwnNamespace();
}
