namespace CertiFlip.Tests.Architecture;

/// <summary>
/// The structure of all sources in numbers. They say how far somebody must go to follow an idea: a limit that is broken
/// says that something stands in the wrong place, not that a file should be cut.
/// </summary>
public class StructureTests
{
    private const double MostWithOneUser = 0.25;
    private const double MostArrowsPerFile = 0.45;
    private const int MostMutualFolders = 2;
    private const int LargestCircle = 3;
    private const int LongestLine = 140;
    private const int LongestComment = 120;

    // Offenders that a message names: enough to begin with.
    private const int Named = 25;

    private static readonly SourceTree Sources = SourceTree.Read(Repository.File("src"));

    public static TheoryData<string> Folders => ["src", "test", "bench", "samples", "fuzz"];

    [Fact]
    public void A_quarter_of_the_files_at_most_has_one_user()
    {
        double share = Sources.WithOneUser.Count / (double)Sources.Files.Count;
        Assert.True(
            share <= MostWithOneUser,
            $"{share:P0} of the files are used by one other alone. Do they belong in it? {List(Sources.WithOneUser)}");
    }

    [Fact]
    public void Folders_use_few_others()
    {
        double arrows = Sources.FolderArrows.Count / (double)Sources.Files.Count;
        Assert.True(
            arrows <= MostArrowsPerFile,
            $"There are {Sources.FolderArrows.Count} arrows between folders, {arrows:F2} for each of {Sources.Files.Count} files.");
    }

    [Fact]
    public void Folders_do_not_use_each_other()
    {
        IReadOnlyList<(string, string)> pairs = Sources.MutualFolders;
        Assert.True(pairs.Count <= MostMutualFolders, $"{pairs.Count} pairs of folders use each other. {List(pairs)}");
    }

    [Fact]
    public void Files_stand_in_no_large_circle()
    {
        IReadOnlyList<SourceFile> circle = Sources.LargestCircle;
        Assert.True(circle.Count <= LargestCircle, $"{circle.Count} files use each other in a circle. {List(circle)}");
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Lines_fit_on_a_page(string folder)
    {
        string[] tooLong = [.. LongLines(folder)];
        Assert.True(tooLong.Length == 0, $"{tooLong.Length} lines are too long. {List(tooLong)}");
    }

    private static IEnumerable<string> LongLines(string folder) =>
        from file in SourceTree.Read(Repository.File(folder)).Files
        from line in file.Text.Split('\n').Index()
        let text = line.Item.TrimEnd('\r')
        let most = text.TrimStart().StartsWith("//", StringComparison.Ordinal) ? LongestComment : LongestLine
        where text.Length > most
        select $"{folder}/{file}:{line.Index + 1} has {text.Length} columns, {most} at most";

    private static string List<T>(IReadOnlyCollection<T> offenders) =>
        string.Concat(offenders.Take(Named).Select(offender => $"\n  {offender}"))
        + (offenders.Count > Named ? $"\n  and {offenders.Count - Named} more" : "");
}
