using CertiFlip.Data.Pipelines;

namespace CertiFlip.Data.Tests.Pipelines;

/// <summary>Pairs of columns as differences.</summary>
public sealed class PairDifferencesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Features_are_the_first_item_less_the_second_in_the_order_of_the_first()
    {
        Table table = Read("b_y,a_x,note,b_x,a_y\n1,2,nice,3,5\n10,20,good,30,50\n");
        var map = PairDifferences.Of(table, "a_", "b_");
        Assert.Equal(["x", "y"], map.FeatureNames);
        Assert.Equal(["a_x", "a_y", "b_x", "b_y"], map.Columns);
        Assert.Equal("differences of pairs", map.Description);
        Assert.Equal([-1.0, 4, -10, 40], map.Transform(table).Values.ToArray());
    }

    [Fact]
    public void Vectors_are_subtracted_number_by_number()
    {
        Table table = Read("[{\"chosen\":[1,2],\"rejected\":[4,8]},{\"chosen\":[3,3],\"rejected\":[2,1]}]", "pairs.json");
        var map = PairDifferences.Of(table, "chosen", "rejected");
        Assert.Equal((2, 0), (map.Features, map.FeatureNames.Count));
        Assert.Equal([-3.0, -6, 1, 2], map.Transform(table).Values.ToArray());
    }

    /// <summary>Seen in a mirror every difference has the other sign, to the bit.</summary>
    [Fact]
    public void Exchanged_items_have_the_difference_with_the_other_sign()
    {
        Table table = Read("a1,b1\n0.1,0.3\n1e-300,7\n-2.5,1e17\n");
        double[] one = PairDifferences.Of(table, "a", "b").Transform(table).Values.ToArray();
        double[] other = PairDifferences.Of(table, "b", "a").Transform(table).Values.ToArray();
        Assert.Equal(Array.ConvertAll(one, value => -value), other);
    }

    [Fact]
    public void A_stored_map_makes_the_same_features_of_other_rows()
    {
        var map = PairDifferences.Of(Read("a_x,b_x,a_y,b_y\n1,2,3,4\n"), "a_", "b_");
        Pipeline stored = new(map);
        var arrays = new ModelArrays();
        stored.Store(arrays);
        Table others = Read("b_y,a_y,b_x,a_x\n1,2,3,4\n5,5,6,8\n");
        Pipeline restored = Pipeline.Restore(arrays);
        Assert.Equal([1.0, 1, 2, 0], restored.Transform(others).Values.ToArray());
        Assert.Equal(map.FeatureNames, restored.Rows.FeatureNames);
        Assert.Equal(map.Description, restored.Rows.Description);
    }

    [Theory]
    [InlineData("a_x,b_y\n1,2\n", "column 'a_x' has no partner; expected 'b_x' beside it.")]
    [InlineData("a_x,b_x,b_y\n1,2,3\n", "column 'b_y' has no partner; expected 'a_y' beside it.")]
    [InlineData("a_x,c_x\n1,2\n", "no column's name begins with 'b_'.")]
    [InlineData("x,b_x\n1,2\n", "no column's name begins with 'a_'.")]
    [InlineData("a_x,b_x\n1,two\n", "column 'b_x' does not hold a number in every row.")]
    [InlineData("a_x,b_x\n1,2\n3,\n", "column 'b_x' has no number in row 1 (counting from 0); expected a number in every row.")]
    [InlineData("a_x,b_x\n1e308,-1e308\n", "of columns 'a_x' and 'b_x' has no difference; expected a number in every row.")]
    public void What_is_no_pair_is_refused(string text, string expected)
    {
        Table table = Read(text);
        DataException refused = Assert.Throws<DataException>(() => PairDifferences.Of(table, "a_", "b_").Transform(table));
        Assert.EndsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_map_is_refused()
    {
        var arrays = new ModelArrays();
        arrays.Add("first", ["a_x"]);
        arrays.Add("second", ["b_x", "b_y"]);
        arrays.Add("widths", [1]);
        arrays.Add("prefix", ["a_"]);
        Assert.Throws<ArgumentException>(() => PairDifferences.Restore(arrays));
    }

    private Table Read(string text, string name = "pairs.csv")
    {
        _folder.Write(name, text);
        return new TableReader().Read(_folder[name]);
    }
}
