using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Labels;

public sealed class RowGroupsTests : IDisposable
{
    private static readonly Dataset ThreeRows = new(new FeatureMatrix(3, 1, [1, 2, 3]), "test.csv");

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("groups.csv", "group\nb\na\nb\n")]
    [InlineData("groups.csv", "which\nb\na\nb\n")]
    [InlineData("groups.csv", "row,group\n2,b\n0,b\n1,a\n")]
    [InlineData("groups.tsv", "group\tage\nb\t30\na\t30\nb\t31\n")]
    public void Every_row_has_the_group_that_its_line_names(string name, string content)
    {
        string path = _folder.Write(name, content);
        RowGroups groups = RowGroups.Read(path, ThreeRows);
        Assert.Equal(path, groups.Source);
        Assert.Equal(["a", "b"], groups.Names);
        Assert.Equal([1, 0, 1], Enumerable.Range(0, groups.Count).Select(row => groups[row]));
    }

    [Theory]
    [InlineData("group\n10\n9\n10\n", "9 10")]
    [InlineData("group\n10\n9\nx\n", "10 9 x")]
    public void Groups_that_are_numbers_are_in_their_order(string content, string expected) =>
        Assert.Equal(expected.Split(' '), RowGroups.Read(_folder.Write("groups.csv", content), ThreeRows).Names);

    [Fact]
    public void Groups_of_an_array_are_read() =>
        Assert.Equal(["0", "1"], RowGroups.Read(_folder.Write("g.npy", NpyBytes.Array("<i4", [3], [1, 0, 1])), ThreeRows).Names);

    [Fact]
    public void Rows_that_were_left_out_have_their_line_in_the_file()
    {
        string path = _folder.Write("groups.csv", "group\nfirst\nsecond\nthird\n");
        RowGroups groups = RowGroups.Read(path, ThreeRows.Select([0, 2]));
        Assert.Equal(["first", "third"], groups.Names);
        Assert.Equal([0, 1], Enumerable.Range(0, groups.Count).Select(row => groups[row]));
    }

    [Theory]
    [InlineData("group\na\nb\n", "there are 2 groups for 3 rows of test.csv; one for each is expected")]
    [InlineData("group,age\na,1\n,2\nb,3\n", "line 3: the group is empty")]
    [InlineData("a,b\na,1\nb,2\nb,3\n", "expected a column of that name, or a single one")]
    [InlineData("row,group\n0,a\n1,b\n", "row 2 is missing from column 'row'")]
    public void Files_that_name_no_group_for_a_row_are_refused(string content, string expected)
    {
        string path = _folder.Write("groups.csv", content);
        Refusal.Of(() => RowGroups.Read(path, ThreeRows), path, expected);
    }
}
