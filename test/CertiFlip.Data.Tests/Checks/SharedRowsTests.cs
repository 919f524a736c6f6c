namespace CertiFlip.Data.Tests.Checks;

/// <summary>Rows of features that are in two files, or twice in one.</summary>
public sealed class SharedRowsTests
{
    private static readonly Dataset Training = CheckedTable.OfRows(40);

    [Fact]
    public void Training_rows_among_the_test_rows_are_counted_in_any_order()
    {
        Dataset test = Joined("test.csv", CheckedTable.OfRows(3, from: 500), Training.Select([7, 11]), CheckedTable.OfRows(1, from: 600));
        DataRemark remark = Assert.Single(DataCheck.Of(Training, [test]).Remarks);
        Assert.Equal((RemarkKind.SharedRows, RemarkSeverity.Remark, "test.csv", 2),
            (remark.Kind, remark.Severity, remark.Source, remark.RowCount));
        Assert.Equal([3, 4], remark.Rows);
        Assert.Contains("2 of 6 rows are also in train.csv", remark.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void All_rows_are_called_all() => Assert.Contains(
        "all 40 rows are also in train.csv",
        Assert.Single(DataCheck.Of(Training, [Joined("test.csv", Training)]).Remarks).Line, StringComparison.Ordinal);

    [Fact]
    public void Rows_that_test_and_validation_share_are_counted_too()
    {
        Dataset test = CheckedTable.OfRows(8, "test.csv", from: 500), validation = CheckedTable.OfRows(8, "validation.csv", from: 505);
        DataRemark remark = Assert.Single(DataCheck.Of(Training, [test, validation]).Remarks);
        Assert.Equal(("validation.csv", 3), (remark.Source, remark.RowCount));
        Assert.Contains("also in test.csv", remark.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_equal_whatever_the_sign_of_zero_and_the_width_of_numbers()
    {
        Dataset training = Of("train.npy", 0.5, -0.0, 1, 2), test = new(new FeatureMatrix(1, 2, (float[])[0.5f, 0f]), "test.npy");
        Assert.Equal("shared-rows", DataCheck.Of(training, [test]).Codes());
    }

    [Fact]
    public void Rows_that_differ_in_the_last_bit_are_others()
    {
        Dataset test = new(new FeatureMatrix(1, 2, [Math.BitIncrement(0.5), 3]), "test.npy");
        Assert.Equal("", DataCheck.Of(Of("train.npy", 0.5, 3, 1, 2), [test]).Codes());
    }

    [Fact]
    public void Rows_without_content_are_not_counted()
    {
        Dataset training = Of("train.npy", 0, 0, 1, 2, 2, 3), test = Of("test.npy", 0, 0, 0, 0, 5, 6);
        Assert.Equal("", DataCheck.Of(training, [test]).Codes());
    }

    [Fact]
    public void Where_few_rows_differ_equal_ones_are_no_news()
    {
        double[] coins = [.. Enumerable.Range(0, 40).SelectMany(row => (double[])[row / 8 % 2, row / 2 % 2, row / 4 % 2])];
        Dataset training = new(new FeatureMatrix(40, 3, coins), "train.npy") { Labels = Training.Labels };
        Assert.Equal("", DataCheck.Of(training, [new Dataset(training.Features.SelectRows(1, 2, 3), "test.npy")]).Codes());
    }

    [Fact]
    public void Equal_rows_with_other_labels_are_pointed_out()
    {
        Dataset twice = Joined("train.csv", Training, Training.Select([4, 5]));
        Dataset data = twice with { Labels = [.. twice.Labels.Take(40), "y", "y"] };
        DataRemark remark = Assert.Single(DataCheck.Of(data).Remarks);
        Assert.Equal((RemarkKind.ContradictingRows, 2), (remark.Kind, remark.RowCount));
        Assert.Equal([4, 40], remark.Rows);
    }

    [Fact]
    public void Rows_keep_the_numbers_of_their_file()
    {
        Dataset test = Joined("test.csv", CheckedTable.OfRows(3, from: 500), Training.Select([7])).Select([1, 3]);
        Assert.Equal([3], Assert.Single(DataCheck.Of(Training, [test]).Remarks).Rows);
    }

    private static Dataset Of(string source, params double[] values) => new(new FeatureMatrix(values.Length / 2, 2, values), source);

    private static Dataset Joined(string source, params Dataset[] parts) => new(
        new FeatureMatrix(parts.Sum(part => part.Features.Rows), 2, [.. parts.SelectMany(part => part.Features.Values.ToArray())]), source)
    {
        FeatureNames = ["a", "b"],
        Labels = [.. parts.SelectMany(part => part.Labels)],
    };
}
