using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests;

public sealed class DatasetTests
{
    private static readonly Dataset TwoRows = new(new FeatureMatrix(2, 1, [1, 2]), "X.npy");

    [Fact]
    public void Separate_labels_are_attached_in_order()
    {
        Dataset labelled = TwoRows.WithLabels(["a", "b"], "y.npy");
        Assert.True(labelled.HasLabels);
        Assert.Equal(["a", "b"], labelled.Labels);
        Assert.Same(TwoRows.Features, labelled.Features);
    }

    [Fact]
    public void Too_few_or_too_many_labels_are_refused_naming_both_files_and_counts() =>
        Refusal.Of(() => TwoRows.WithLabels(["a", "b", "c"], "y.npy"), "X.npy", "y.npy", "3 labels", "2 rows");

    [Fact]
    public void No_labels_are_refused_too() =>
        Refusal.Of(() => TwoRows.WithLabels([], "y.npy"), "0 labels");

    [Fact]
    public void Data_with_labels_of_their_own_take_no_others() =>
        Refusal.Of(() => TwoRows.WithLabels(["a", "b"], "y.npy").WithLabels(["a", "b"], "z.npy"), "X.npy", "z.npy", "already");

    [Fact]
    public void Names_and_labels_must_fit_the_features()
    {
        Assert.Throws<ArgumentException>(() => new Dataset(TwoRows.Features, "x") { Labels = ["a"] });
        Assert.Throws<ArgumentException>(() => new Dataset(TwoRows.Features, "x") { FeatureNames = ["a", "b"] });
    }

    [Fact]
    public void The_first_rows_keep_names_and_labels()
    {
        var features = new FeatureMatrix(3, 2, [1, 2, 3, 4, 5, 6]);
        var data = new Dataset(features, "a.csv") { FeatureNames = ["x", "y"], Labels = ["p", "q", "r"] };
        Dataset two = data.Take(2);
        Assert.Equal([1, 2, 3, 4], two.Features.Values.ToArray());
        Assert.Equal(["p", "q"], two.Labels);
        Assert.Equal(["x", "y"], two.FeatureNames);
        Assert.Same(data, data.Take(3));
    }

    [Fact]
    public void Rows_held_out_are_a_split_that_follows_from_number_and_seed()
    {
        Dataset Of(double factor) => new(new FeatureMatrix(50, 1, [.. Enumerable.Range(0, 50).Select(row => factor * row)]), "a.csv")
        {
            Labels = [.. Enumerable.Range(0, 50).Select(row => $"{factor * row}")],
        };
        (Dataset training, Dataset held) = Of(1).HoldOut(10, 3);
        Assert.Equal((40, 10), (training.Features.Rows, held.Features.Rows));
        Assert.Equal(Enumerable.Range(0, 50), training.RowNumbers.Concat(held.RowNumbers).Order());
        Assert.Equal(held.RowNumbers.Order(), held.RowNumbers);
        Assert.Equal(held.RowNumbers.Select(row => $"{row}"), held.Labels);
        Assert.Equal(held.RowNumbers, Of(-7).HoldOut(10, 3).HeldOut.RowNumbers);
        Assert.NotEqual(held.RowNumbers, Of(1).HoldOut(10, 4).HeldOut.RowNumbers);
        Assert.Equal([6, 20, 23, 40, 45], new Dataset(Of(1).Features, "a.csv").HoldOut(5).HeldOut.RowNumbers); // On every machine.
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(1).HoldOut(50));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(1).HoldOut(0));
    }
}
