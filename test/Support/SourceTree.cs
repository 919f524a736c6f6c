namespace CertiFlip.Testing;

/// <summary>The C# files below a folder, and which of them uses which.</summary>
/// <remarks>
/// A file uses another where it names a type that only the other declares, in a namespace that it can see. Types that
/// two files declare are left out: a name alone does not tell them apart.
/// </remarks>
internal sealed class SourceTree
{
    private readonly Dictionary<SourceFile, HashSet<SourceFile>> _uses;

    private SourceTree(IReadOnlyList<SourceFile> files)
    {
        Files = files;
        ILookup<string, SourceFile> declared = files
            .SelectMany(file => file.Declared, (file, name) => (Name: name, File: file))
            .ToLookup(entry => entry.Name, entry => entry.File);
        Dictionary<string, SourceFile> homes = declared
            .Where(home => home.Count() == 1)
            .ToDictionary(home => home.Key, home => home.Single());
        _uses = files.ToDictionary(file => file, file => file.Uses(homes));
    }

    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>Every use of a file by another.</summary>
    public IEnumerable<(SourceFile User, SourceFile Used)> Uses =>
        _uses.SelectMany(entry => entry.Value, (entry, used) => (entry.Key, used));

    /// <summary>Files that exactly one other uses.</summary>
    public IReadOnlyList<SourceFile> WithOneUser =>
        [.. Uses.GroupBy(use => use.Used).Where(users => users.Count() == 1).Select(users => users.Key)];

    /// <summary>Pairs of folders of which a file of the first uses a file of the second.</summary>
    public IReadOnlySet<(string From, string To)> FolderArrows =>
        Uses.Select(use => (use.User.Folder, use.Used.Folder)).Where(arrow => arrow.Item1 != arrow.Item2).ToHashSet();

    /// <summary>Pairs of folders that use each other, each once.</summary>
    public IReadOnlyList<(string, string)> MutualFolders
    {
        get
        {
            IReadOnlySet<(string From, string To)> arrows = FolderArrows;
            return
            [
                .. from arrow in arrows
                   where string.CompareOrdinal(arrow.From, arrow.To) < 0 && arrows.Contains((arrow.To, arrow.From))
                   orderby arrow
                   select arrow,
            ];
        }
    }

    /// <summary>
    /// The most files of which each uses every other, directly or through others; one file where there is no circle.
    /// </summary>
    public IReadOnlyList<SourceFile> LargestCircle
    {
        get
        {
            Dictionary<SourceFile, HashSet<SourceFile>> reached = Files.ToDictionary(file => file, ReachedFrom);
            bool InOneCircle(SourceFile a, SourceFile b) => a == b || (reached[a].Contains(b) && reached[b].Contains(a));
            return Files.Select(file => Files.Where(other => InOneCircle(file, other)).ToArray()).MaxBy(circle => circle.Length) ?? [];
        }
    }

    /// <summary>Reads what is not built.</summary>
    public static SourceTree Read(string root) => new(
    [
        .. from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           let name = Path.GetRelativePath(root, path).Replace('\\', '/')
           where !name.Split('/').Any(part => part is "obj" or "bin")
           select new SourceFile(name, File.ReadAllText(path)),
    ]);

    private HashSet<SourceFile> ReachedFrom(SourceFile start)
    {
        HashSet<SourceFile> reached = [];
        var waiting = new Stack<SourceFile>(_uses[start]);
        while (waiting.TryPop(out SourceFile? file))
        {
            if (reached.Add(file))
            {
                foreach (SourceFile next in _uses[file])
                    waiting.Push(next);
            }
        }

        return reached;
    }
}
