namespace CertiFlip.Testing;

/// <summary>Which folders of a project may use which.</summary>
internal static class FolderRules
{
    /// <summary>Fails where a folder uses one that it may not, or is not listed, or is listed and not there.</summary>
    /// <param name="project">The project's folder in <c>src</c>.</param>
    /// <param name="rules">
    /// For each folder its path and, with blanks between, the folders it may use, which are listed before it: so there
    /// is no circle. The project's own folder is a dot.
    /// </param>
    public static void Hold(string project, params string[] rules) => Check(project, null, rules);

    /// <summary>The same, where a project's own folder holds the entry points to one of its folders.</summary>
    public static void HoldWithEntryPoints(string project, string behind, params string[] rules) => Check(project, behind, rules);

    private static void Check(string project, string? behindRoot, string[] rules)
    {
        Dictionary<string, string[]> allowed = [];
        foreach (string[] words in rules.Select(rule => rule.Split(' ')))
        {
            Assert.Subset(allowed.Keys.ToHashSet(), words[1..].ToHashSet());
            allowed.Add(words[0], words[1..]);
        }

        SourceTree sources = SourceTree.Read(Repository.File("src", project));
        Assert.Equal(allowed.Keys.Order(), sources.Files.Select(file => file.Folder).Distinct().Order());
        string[] broken =
        [
            .. from use in sources.Uses
               where use.Used.Folder != use.User.Folder && !allowed[use.User.Folder].Contains(use.Used.Folder)
               where use.User.Folder != "." || behindRoot?.Split(' ').Contains(use.Used.Folder) != true
               select $"{use.User} uses {use.Used}",
        ];
        Assert.Empty(broken);
    }
}
