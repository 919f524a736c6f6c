using System.Text.RegularExpressions;

namespace CertiFlip.Tests.Architecture;

/// <summary>Namespaces know each other in one direction only, so that a certificate cannot come to depend on how a head was fitted.</summary>
public partial class NamespaceTests
{
    [Theory]
    [InlineData("Kernels", "Matrices", "Features", "Heads", "Votes", "Exact", "Smoothed", "Smoothing", "Partition", "Learners", "Attacks", "Auditing")]
    [InlineData("Matrices", "Features", "Heads", "Votes", "Exact", "Smoothed", "Smoothing", "Partition", "Learners", "Attacks", "Auditing")]
    [InlineData("Features", "Heads", "Votes", "Exact", "Smoothed", "Smoothing", "Partition", "Learners", "Attacks", "Auditing")]
    [InlineData("Heads", "Features", "Votes", "Exact", "Smoothed", "Smoothing", "Partition", "Learners", "Attacks", "Auditing")]
    [InlineData("Smoothing", "Features", "Heads", "Votes", "Exact", "Smoothed", "Partition", "Learners", "Attacks", "Auditing")]
    [InlineData("Votes", "Features", "Heads", "Exact", "Smoothed", "Smoothing", "Partition", "Learners", "Attacks", "Auditing")]
    [InlineData("Exact", "Features", "Heads", "Smoothed", "Smoothing", "Partition", "Learners", "Attacks", "Auditing")]
    [InlineData("Smoothed", "Features", "Heads", "Exact", "Partition", "Learners", "Attacks", "Auditing")]
    public void Namespace_does_not_know(string name, params string[] strangers)
    {
        string[] files = Directory.GetFiles(Repository.File("src", "CertiFlip", name), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotContain(Mentioned(file), strangers.Contains));
    }

    /// <summary>The library's namespaces that a file uses.</summary>
    private static IEnumerable<string> Mentioned(string file) =>
        from line in File.ReadLines(file)
        from Match match in UsingOfTheLibrary().Matches(line)
        select match.Groups[1].Value;

    [GeneratedRegex(@"^using CertiFlip\.(\w+)")]
    private static partial Regex UsingOfTheLibrary();
}
