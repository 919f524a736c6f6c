namespace CertiFlip.Tests.Architecture;

/// <summary>
/// Folders of the library use each other in one direction only, so that a certificate cannot come to depend on how a
/// head was fitted.
/// </summary>
public class NamespaceTests
{
    private const string Root = ".";

    // What each folder may use. The root holds what a user types; certifiers and regression are in its namespace.
    private static readonly Dictionary<string, string[]> Directions = new()
    {
        [Root] = [],
        ["Kernels"] = [Root],
        ["Matrices"] = [Root, "Kernels"],
        ["Features"] = [Root, "Kernels", "Matrices", "Features/Images", "Features/Text"],
        ["Features/Images"] = [Root, "Kernels", "Matrices"],
        ["Features/Text"] = [Root, "Kernels", "Matrices"],
        ["Heads"] = [Root, "Kernels", "Matrices"],
        ["Smoothing"] = [Root, "Kernels"],
        ["Learners"] = [Root, "Kernels", "Matrices", "Heads", "Smoothing"],
        ["Votes"] = [Root, "Kernels"],
        ["Exact"] = [Root, "Kernels", "Votes"],
        ["Smoothed"] = [Root, "Kernels", "Votes", "Smoothing"],
        ["Partition"] = [Root, "Kernels", "Votes", "Exact"],
        ["Poisoning"] = [Root, "Kernels", "Matrices", "Heads"],
        ["Collective"] = [Root, "Kernels", "Votes", "Exact"],
        ["Certifiers"] =
        [
            Root, "Blocks", "Collective", "Kernels", "Heads", "Matrices", "Votes", "Exact", "Smoothed", "Smoothing",
            "Partition", "Poisoning",
        ],
        ["Blocks"] = [Root, "Kernels", "Matrices", "Heads", "Votes", "Smoothed"],
        ["Regression"] = [Root, "Kernels", "Heads", "Votes"],
        ["Auditing"] = [Root, "Kernels", "Heads", "Votes", "Exact"],
        ["Attacks"] = [Root, "Kernels", "Matrices", "Votes"],
    };

    private static readonly SourceTree Library = SourceTree.Read(Repository.File("src", "CertiFlip"));

    public static TheoryData<string> Folders => [.. Library.Files.Select(file => file.Folder).Distinct()];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_uses_what_it_may(string folder)
    {
        Assert.True(Directions.TryGetValue(folder, out string[]? allowed), $"Nothing says yet what {folder} may use: add a line above.");
        string[] strangers =
        [
            .. from use in Library.Uses
               where use.User.Folder == folder && use.Used.Folder != folder && !allowed.Contains(use.Used.Folder)
               select $"{use.User} uses {use.Used}",
            .. from file in Library.Files
               where file.Folder == folder
               from name in file.Usings.Where(name => name.StartsWith("CertiFlip.", StringComparison.Ordinal))
               let used = name["CertiFlip.".Length..].Replace('.', '/')
               where used != folder && !allowed.Contains(used)
               select $"{file} imports {name}",
        ];
        Assert.Empty(strangers);
    }

    [Fact]
    public void Directions_hold_no_circle()
    {
        List<string> settled = [];
        while (Directions.Keys.Except(settled).FirstOrDefault(folder => Directions[folder].All(settled.Contains)) is { } next)
            settled.Add(next);
        Assert.Empty(Directions.Keys.Except(settled));
    }

    [Fact]
    public void Namespace_is_that_of_the_folder() => Assert.All(
        Library.Files,
        file =>
            Assert.Equal(
                file.Folder is Root or "Certifiers" or "Regression" ? "CertiFlip" : $"CertiFlip.{file.Folder.Replace('/', '.')}",
                file.Namespace));
}
