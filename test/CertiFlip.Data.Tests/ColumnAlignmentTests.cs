using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests;

public sealed class ColumnAlignmentTests
{
    [Fact]
    public void Columns_of_the_same_names_are_brought_into_the_order_of_training()
    {
        Dataset test = WithNames("test", ["c", "a", "b"], 3, 1, 2, 30, 10, 20) with { Labels = ["x", "y"] };
        Dataset aligned = ColumnAlignment.Align(WithNames("train", ["a", "b", "c"], 0, 0, 0), test);
        Assert.Equal([1, 2, 3, 10, 20, 30], aligned.Features.Values.ToArray());
        Assert.Equal(["a", "b", "c"], aligned.FeatureNames);
        Assert.Equal(["x", "y"], aligned.Labels);
        Assert.Equal("test", aligned.Source);
    }

    [Fact]
    public void Columns_already_in_order_are_left_alone()
    {
        Dataset test = WithNames("test", ["a", "b"], 1, 2);
        Assert.Same(test, ColumnAlignment.Align(WithNames("train", ["a", "b"], 1, 2), test));
    }

    [Fact]
    public void Without_names_on_both_sides_only_the_count_matters()
    {
        Dataset test = new(new FeatureMatrix(1, 2, [1, 2]), "test");
        Assert.Same(test, ColumnAlignment.Align(WithNames("train", ["a", "b"], 1, 2), test));
    }

    [Fact]
    public void Different_counts_are_refused_naming_both_files_and_counts() =>
        Refusal.Of(
            () => ColumnAlignment.Align(WithNames("train.csv", ["a", "b"], 1, 2), new Dataset(new FeatureMatrix(1, 1, [1]), "test.npy")),
            "train.csv", "test.npy", "1 features", "has 2");

    [Fact]
    public void Missing_and_extra_columns_are_named_with_both_files()
    {
        Dataset train = WithNames("train.csv", ["a", "b"], 1, 2);
        Refusal.Of(
            () => ColumnAlignment.Align(train, WithNames("test.csv", ["a", "z"], 1, 2)),
            "train.csv", "test.csv", "lacks column 'b'", "has column 'z' too many");
        Refusal.Of(() => ColumnAlignment.Align(train, WithNames("test.csv", ["a"], 1)), "lacks column 'b'");
        Refusal.Of(() => ColumnAlignment.Align(train, WithNames("test.csv", ["a", "b", "z"], 1, 2, 3)), "has column 'z' too many");
    }

    [Fact]
    public void Many_missing_columns_are_not_all_listed()
    {
        Dataset train = WithNames("train", [.. Enumerable.Range(0, 500).Select(i => $"f{i}")], new double[500]);
        Refusal.Of(() => ColumnAlignment.Align(train, WithNames("test", ["f0"], 1)), "'f1'", "494 more");
    }

    private static Dataset WithNames(string source, string[] names, params double[] values) =>
        new(new FeatureMatrix(values.Length / names.Length, names.Length, values), source) { FeatureNames = names };
}
