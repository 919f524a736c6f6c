using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Partition;

/// <summary>A row's part depends on its features and on nothing else.</summary>
public class FeaturePartitionTests
{
    private static readonly FeatureMatrix Generic = SomeFeatures.Generic(200, 5, seed: 50);

    /// <summary>
    /// Worked out with XXH64 as its specification has it, in another language: whoever changes the hash changes every
    /// partition.
    /// </summary>
    [Theory]
    [InlineData(147_490, 0.0)]
    [InlineData(526_174, 1.0, 2.0)]
    [InlineData(7_508, 0.1, -2.5e-300, 3e7, -0.5, 4.0)]
    public void Part_is_the_hash_modulo_the_number_of_parts(int part, params double[] row) =>
        Assert.Equal([part], PartOfRows(new FeatureMatrix(1, row.Length, row), 1_000_003));

    [Fact]
    public void Every_row_is_in_one_part()
    {
        var partition = FeaturePartition.ByHash(Generic, 7);
        Assert.Equal(7, partition.Count);
        Assert.Equal(Enumerable.Range(0, 200), Enumerable.Range(0, 7).SelectMany(part => partition.RowsOf(part).ToArray()).Order());
    }

    [Fact]
    public void Rows_of_a_part_ascend()
    {
        var partition = FeaturePartition.ByHash(Generic, 7);
        Assert.All(Enumerable.Range(0, 7), part =>
            Assert.Equal(partition.RowsOf(part).ToArray().Order(), partition.RowsOf(part).ToArray()));
    }

    [Fact]
    public void Order_of_the_rows_changes_nothing()
    {
        int[] order = [.. Enumerable.Range(0, 200)];
        new Random(51).Shuffle(order);
        FeatureMatrix permuted = new(200, 5, [.. order.SelectMany(row => Generic.Row(row).ToArray())]);
        int[] before = PartOfRows(Generic, 9), after = PartOfRows(permuted, 9);
        Assert.Equal(order.Select(row => before[row]), after);
    }

    [Fact]
    public void Equal_rows_share_a_part()
    {
        FeatureMatrix twice = new(400, 5, [.. Generic.Values, .. Generic.Values]);
        int[] parts = PartOfRows(twice, 16);
        Assert.Equal(parts[..200], parts[200..]);
    }

    [Fact]
    public void Negative_zero_is_zero()
    {
        int[] parts = PartOfRows(new FeatureMatrix(2, 2, [0.0, 1, -0.0, 1]), 1_000_003);
        Assert.Equal(parts[0], parts[1]);
    }

    [Fact]
    public void Order_of_the_features_matters()
    {
        int[] parts = PartOfRows(new FeatureMatrix(2, 2, [1, 2, 2, 1]), 1_000_003);
        Assert.NotEqual(parts[0], parts[1]);
    }

    [Fact]
    public void Parts_are_of_about_the_same_size()
    {
        var partition = FeaturePartition.ByHash(SomeFeatures.Generic(10_000, 3, seed: 52), 10);
        Assert.All(Enumerable.Range(0, 10), part => Assert.InRange(partition.RowsOf(part).Length, 880, 1120));
    }

    [Fact]
    public void One_part_has_all_rows() => Assert.Equal(200, FeaturePartition.ByHash(Generic, 1).RowsOf(0).Length);

    [Fact]
    public void No_rows_leave_all_parts_empty() =>
        Assert.Equal(0, FeaturePartition.ByHash(new FeatureMatrix(0, 5, []), 3).RowsOf(2).Length);

    [Fact]
    public void Parts_are_at_least_one() => Assert.Throws<ArgumentOutOfRangeException>(() => FeaturePartition.ByHash(Generic, 0));

    private static int[] PartOfRows(FeatureMatrix features, int parts)
    {
        var partition = FeaturePartition.ByHash(features, parts);
        int[] partOf = new int[features.Rows];
        for (int part = 0; part < partition.Count; part++)
        {
            foreach (int row in partition.RowsOf(part))
                partOf[row] = part;
        }

        return partOf;
    }
}
