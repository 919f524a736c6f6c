using System.Text.RegularExpressions;

namespace CertiFlip.Testing;

/// <summary>
/// One C# file, read from its text: no compiler is needed, and none agrees with every version of the language.
/// </summary>
internal sealed partial class SourceFile
{
    private readonly string _code;

    /// <param name="path">From the root of the tree, with slashes.</param>
    /// <param name="text">All of it.</param>
    public SourceFile(string path, string text)
    {
        (FilePath, Text) = (path, text);
        _code = CommentOrString().Replace(text, "");
        Namespace = NamespaceLine().Match(_code).Groups[1].Value;
        Usings = UsingLine().Matches(_code).Select(match => match.Groups[1].Value).ToHashSet();
        Declared = Declaration().Matches(_code).Select(match => match.Groups[1].Value).ToHashSet();
    }

    public string FilePath { get; }

    /// <summary>The folder, from the root of the tree; a dot for the root itself.</summary>
    public string Folder => FilePath.Contains('/', StringComparison.Ordinal) ? FilePath[..FilePath.LastIndexOf('/')] : ".";

    public string Text { get; }

    public string Namespace { get; }

    public IReadOnlySet<string> Usings { get; }

    /// <summary>The names of the types that are declared here, nested ones too.</summary>
    public IReadOnlySet<string> Declared { get; }

    public override string ToString() => FilePath;

    /// <summary>The other files that this one uses.</summary>
    /// <param name="homes">For each type's name the only file that declares it.</param>
    public HashSet<SourceFile> Uses(IReadOnlyDictionary<string, SourceFile> homes)
    {
        HashSet<string> alone = [.. NameAlone().Matches(_code).Select(match => match.Groups[1].Value)];
        HashSet<(string, string)> qualified =
            [.. NameAfterAnother().Matches(_code).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
        return
        [
            .. from name in Name().Matches(_code).Select(match => match.Value).Distinct()
               where homes.ContainsKey(name)
               let home = homes[name]
               where home != this && Sees(home.Namespace)
               where alone.Contains(name) || qualified.Contains((home.Namespace[(home.Namespace.LastIndexOf('.') + 1)..], name))
               select home,
        ];
    }

    private bool Sees(string name) =>
        Usings.Contains(name) || Namespace == name || Namespace.StartsWith($"{name}.", StringComparison.Ordinal);

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|[@$]*""(?:\\.|""""|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\],\s?]+?)\s+([A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Name();

    /// <summary>
    /// A name that is no member of something: not after a dot, and no property that is declared or set.
    /// </summary>
    [GeneratedRegex(@"(?<![.\w])([A-Z]\w*)\b(?!\s*(?:=>|\{|=[^=]|,\s*[A-Z]\w*\)\s*=))")]
    private static partial Regex NameAlone();

    [GeneratedRegex(@"\b(?=(\w+)\.([A-Z]\w*))")]
    private static partial Regex NameAfterAnother();
}
