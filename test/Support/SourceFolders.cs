using System.Text.RegularExpressions;

namespace CertiFlip.Testing;

/// <summary>The folders of a project, and which of them use which: a file uses a folder where it names a type declared in it.</summary>
/// <remarks>
/// Names are read from the source, without comments and strings. A name counts where it can be a type: not after a dot, unless the
/// folder's name stands before the dot, and not where it is declared as a member.
/// </remarks>
internal sealed partial class SourceFolders
{
    private readonly Dictionary<string, string> _code = [];

    /// <summary>Reads a project.</summary>
    /// <param name="project">Its folder in <c>src</c>.</param>
    public SourceFolders(string project)
    {
        string root = Repository.File("src", project);
        foreach (string file in Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (!path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
                _code.Add(path, CommentsAndStrings().Replace(File.ReadAllText(file), " "));
        }
    }

    /// <summary>Fails where a folder uses one that it may not, or is not listed, or is listed and not there.</summary>
    /// <param name="allowed">
    /// For each folder, with a blank between its name and theirs, the folders it may use. The project's own folder is called
    /// <c>root</c>; a folder below a listed one belongs to it.
    /// </param>
    public void KeepTo(params string[] allowed)
    {
        Dictionary<string, string[]> rules = allowed.Select(rule => rule.Split(' ')).ToDictionary(words => words[0], words => words[1..]);
        Assert.Equal(rules.Keys.Order(), _code.Keys.Select(FolderOf).Distinct().Order());
        string[] broken =
        [
            .. from file in _code.Keys
               from used in Used(file)
               where used != FolderOf(file) && !rules[FolderOf(file)].Contains(used)
               select $"{file} uses {used}",
        ];
        Assert.Empty(broken);
    }

    private static string FolderOf(string file) => file.Contains('/') ? file[..file.IndexOf('/')] : "root";

    private IEnumerable<string> Used(string file)
    {
        HashSet<string> here = [.. TypesIn(file)];
        return _code.Keys
            .Where(other => TypesIn(other).Except(here).Any(type => Mention(type, FolderOf(other)).IsMatch(_code[file])))
            .Select(FolderOf)
            .Distinct();
    }

    private IEnumerable<string> TypesIn(string file) => Declaration().Matches(_code[file]).Select(match => match.Groups[1].Value);

    private static Regex Mention(string type, string folder) => new(
        $@"(?<![.\w]){type}\b(?!\s*(?:=>|\{{|=[^=]|;))|\b{folder}\.{type}\b", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|@?\$?""(?:\\.|""""|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex CommentsAndStrings();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\],\s?]+?)\s+([A-Z]\w*)")]
    private static partial Regex Declaration();
}
