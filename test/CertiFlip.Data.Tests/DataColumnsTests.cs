using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests;

public sealed class DataColumnsTests
{
    [Fact]
    public void Columns_of_the_same_names_are_brought_into_the_order_of_training()
    {
        Dataset test = WithNames("test", ["c", "a", "b"], 3, 1, 2, 30, 10, 20) with { Labels = ["x", "y"] };
        Dataset aligned = Align(WithNames("train", ["a", "b", "c"], 0, 0, 0), test);
        Assert.Equal([1, 2, 3, 10, 20, 30], aligned.Features.Values.ToArray());
        Assert.Equal(["a", "b", "c"], aligned.FeatureNames);
        Assert.Equal(["x", "y"], aligned.Labels);
        Assert.Equal("test", aligned.Source);
    }

    [Fact]
    public void Columns_already_in_order_are_left_alone()
    {
        Dataset test = WithNames("test", ["a", "b"], 1, 2);
        Assert.Same(test, Align(WithNames("train", ["a", "b"], 1, 2), test));
    }

    [Fact]
    public void Without_names_on_both_sides_only_the_count_matters()
    {
        Dataset test = new(new FeatureMatrix(1, 2, [1, 2]), "test");
        Assert.Same(test, Align(WithNames("train", ["a", "b"], 1, 2), test));
    }

    [Fact]
    public void Different_counts_are_refused_naming_both_files_and_counts() =>
        Refusal.Of(
            () => Align(WithNames("train.csv", ["a", "b"], 1, 2), new Dataset(new FeatureMatrix(1, 1, [1]), "test.npy")),
            "train.csv", "test.npy", "1 features", "has 2");

    [Fact]
    public void Missing_and_extra_columns_are_named_with_both_files()
    {
        Dataset train = WithNames("train.csv", ["a", "b"], 1, 2);
        Refusal.Of(
            () => Align(train, WithNames("test.csv", ["a", "z"], 1, 2)),
            "train.csv", "test.csv", "lacks column 'b'", "has column 'z' too many");
        Refusal.Of(() => Align(train, WithNames("test.csv", ["a"], 1)), "lacks column 'b'");
        Refusal.Of(() => Align(train, WithNames("test.csv", ["a", "b", "z"], 1, 2, 3)), "has column 'z' too many");
    }

    [Fact]
    public void Many_missing_columns_are_not_all_listed()
    {
        Dataset train = WithNames("train", [.. Enumerable.Range(0, 500).Select(i => $"f{i}")], new double[500]);
        Refusal.Of(() => Align(train, WithNames("test", ["f0"], 1)), "'f1'", "494 more");
    }

    [Theory]
    [InlineData(new[] { 12, 12 }, new[] { 9, 16 }, "n × 12 × 12", "n × 9 × 16")]
    [InlineData(new[] { 12, 12 }, new[] { 144 }, "n × 12 × 12", "n × 144")]
    [InlineData(new[] { 144 }, new[] { 9, 16 }, "n × 144", "n × 9 × 16")]
    [InlineData(new[] { 3, 6, 8 }, new[] { 6, 8, 3 }, "n × 3 × 6 × 8", "n × 6 × 8 × 3")]
    [InlineData(new[] { 12, 12 }, new[] { 10, 10 }, "n × 12 × 12", "n × 10 × 10")]
    public void Rows_of_other_shapes_are_refused_naming_both(int[] training, int[] test, string expected, string found)
    {
        Dataset train = Shaped("train.idx", training), other = Shaped("test.idx", test);
        Refusal.Of(() => Align(train, other), $"test.idx: the shape is {found}, but that of train.idx is {expected}");
        Assert.Same(train, Align(train, train));
    }

    [Fact]
    public void Of_rows_whose_shape_is_not_known_only_the_number_of_columns_matters()
    {
        Dataset unknown = Shaped("old.model", 144) with { RowShape = [] }, images = Shaped("test.idx", 9, 16);
        Assert.Same(images, Align(unknown, images));
        Refusal.Of(() => Align(unknown, Shaped("test.idx", 9, 15)), "135 features", "has 144");
    }

    [Fact]
    public void A_shape_of_another_number_of_values_is_no_shape_of_the_rows() =>
        Assert.Throws<ArgumentException>(() => Shaped("train.idx", 12, 12) with { RowShape = [12, 13] });

    [Fact]
    public void The_first_rows_alone_keep_names_and_shape()
    {
        Assert.Equal([2, 3], Shaped("train.idx", 2, 3).Take(0).RowShape);
        Dataset two = WithNames("train", ["a", "b"], 1, 2, 3, 4) with { Labels = ["x", "y"], LabelSource = "labels" };
        Dataset one = two.Take(1);
        Assert.Equal(("train", "labels", 2), (one.Source, one.LabelSource, one.RowsInSource));
        Assert.Equal(["a", "b"], one.FeatureNames);
        Assert.Equal(["x"], one.Labels);
    }

    [Theory]
    [InlineData("a,b", 2)]
    [InlineData("", 2, 3)]
    [InlineData("", 3, 4, 5)]
    [InlineData("", 7)]
    public void What_is_stored_with_a_model_is_restored(string names, params int[] shape)
    {
        Dataset data = Shaped("data", shape) with { FeatureNames = names.Length == 0 ? [] : names.Split(',') };
        var arrays = new ModelArrays();
        DataColumns.Of(data).Store(arrays);
        var restored = DataColumns.Restore(arrays, data.Features.Columns, "model");
        Assert.Equal((data.Features.Columns, "model"), (restored.Count, restored.Source));
        Assert.Equal(data.FeatureNames, restored.Names);
        Assert.Equal(shape, restored.RowShape);
    }

    [Fact]
    public void Without_stored_names_and_shape_nothing_is_known_of_either()
    {
        var restored = DataColumns.Restore(new ModelArrays(), 4, "model");
        Assert.Empty(restored.Names);
        Assert.Empty(restored.RowShape);
        Assert.Null(restored.Image);
    }

    [Theory]
    [InlineData("a", 2, 2)]
    [InlineData("a,a,b,c", 2, 2)]
    [InlineData("", 2, 3)]
    [InlineData("", -2, -2)]
    [InlineData("", 65536, 65536, 4)]
    public void Stored_names_and_shapes_of_other_columns_are_refused(string names, params int[] shape)
    {
        var arrays = new ModelArrays();
        arrays.Add("feature names", names.Length == 0 ? [] : names.Split(','));
        arrays.Add("image shape", shape);
        Assert.Throws<ArgumentException>(() => DataColumns.Restore(arrays, 4, "model"));
    }

    [Fact]
    public void Images_are_known_by_their_format_or_by_the_names_of_their_pixels()
    {
        string[] pixels = ["pixel_0_0", "pixel_0_1", "pixel_0_2", "pixel_1_0", "pixel_1_1", "pixel_1_2"];
        Assert.Equal(new ImageShape(2, 3), DataColumns.Of(Shaped("train.idx", 2, 3)).Image);
        Assert.Equal(new ImageShape(4, 5, 3), DataColumns.Of(Shaped("train.idx", 3, 4, 5)).Image);
        Assert.Null(DataColumns.Of(Shaped("train.idx", 4, 5, 3)).Image);
        Assert.Null(DataColumns.Of(Shaped("train.npy", 9)).Image);
        Assert.Equal(new ImageShape(2, 3), DataColumns.Of(WithNames("train", pixels, new double[6])).Image);
        Assert.Null(DataColumns.Of(WithNames("train", [pixels[1], pixels[0], .. pixels[2..]], new double[6])).Image);
    }

    [Fact]
    public void Columns_taken_by_position_are_remarked_on()
    {
        Dataset named = WithNames("train.csv", ["a", "b"], 1, 2), unnamed = new(new FeatureMatrix(1, 2, [1, 2]), "test.npy");
        DataRemark? first = DataColumns.Of(named).RemarkOn(unnamed), second = DataColumns.Of(unnamed).RemarkOn(named);
        Assert.StartsWith(
            "test.npy: columns are taken by position, because only train.csv has names", first?.Line, StringComparison.Ordinal);
        Assert.StartsWith(
            "train.csv: columns are taken by position, because only this file has names", second?.Line, StringComparison.Ordinal);
        Assert.Null(DataColumns.Of(named).RemarkOn(named));
        Assert.Null(DataColumns.Of(unnamed).RemarkOn(unnamed));
        Assert.Contains(DataCheck.Of(named, [unnamed]).Remarks, remark => remark.Kind == RemarkKind.ColumnsByPosition);
    }

    private static Dataset Align(Dataset training, Dataset test) => DataColumns.Of(training).Align(test);

    private static Dataset Shaped(string source, params int[] shape)
    {
        int columns = shape.Aggregate((product, length) => product * length);
        return new Dataset(new FeatureMatrix(1, columns, new double[columns]), source) { RowShape = shape };
    }

    private static Dataset WithNames(string source, string[] names, params double[] values) =>
        new(new FeatureMatrix(values.Length / names.Length, names.Length, values), source) { FeatureNames = names };
}
