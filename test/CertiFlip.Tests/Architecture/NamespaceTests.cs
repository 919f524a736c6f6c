using System.Text.RegularExpressions;

namespace CertiFlip.Tests.Architecture;

/// <summary>Namespaces know each other in one direction only, so that a certificate cannot come to depend on how a head was fitted.</summary>
public partial class NamespaceTests
{
    [Theory]
    [InlineData("Numerics", "Smoothing", "Certificates", "Heads", "Features", "Learners", "Certification", "Attacks", "Auditing")]
    [InlineData("Smoothing", "Certificates", "Heads", "Features", "Learners", "Certification", "Attacks", "Auditing")]
    [InlineData("Certificates", "Heads", "Features", "Learners", "Certification", "Attacks", "Auditing")]
    [InlineData("Heads", "Smoothing", "Certificates", "Features", "Learners", "Certification", "Attacks", "Auditing")]
    [InlineData("Features", "Smoothing", "Certificates", "Learners", "Certification", "Attacks", "Auditing")]
    [InlineData("Learners", "Smoothing", "Certificates", "Features", "Certification", "Attacks", "Auditing")]
    public void Namespace_does_not_know(string name, params string[] strangers)
    {
        string[] files = Directory.GetFiles(Repository.File("src", "CertiFlip", name), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotContain(Mentioned(file), strangers.Contains));
    }

    [Fact]
    public void Folder_is_the_namespace()
    {
        string root = Repository.File("src", "CertiFlip");
        Assert.All(Directory.GetDirectories(root).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")), folder =>
            Assert.All(Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories), file =>
            {
                string expected = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
                Assert.Contains($"namespace CertiFlip.{expected};", File.ReadAllText(file));
            }));
    }

    /// <summary>The library's namespaces that a file mentions, in a using line or in front of a name; what documentation says does not count.</summary>
    private static IEnumerable<string> Mentioned(string file) =>
        from line in File.ReadLines(file)
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        from Match match in NamespaceOfTheLibrary().Matches(line)
        select match.Groups[1].Value;

    [GeneratedRegex(@"\b(Numerics|Smoothing|Certificates|Heads|(?<=CertiFlip\.)Features|Learners|Certification|Attacks|Auditing)\b(?=[.;])")]
    private static partial Regex NamespaceOfTheLibrary();
}
