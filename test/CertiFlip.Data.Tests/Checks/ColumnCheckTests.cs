namespace CertiFlip.Data.Tests.Checks;

/// <summary>What is said of columns, and what is not.</summary>
public sealed class ColumnCheckTests
{
    private const int N = 60;

    public static TheoryData<string, double[]> SavedIndices => new()
    {
        { "Unnamed: 0", Counted(row => row) },
        { "Unnamed: 0.1", Counted(row => row) },
        { "index", Counted(row => row + 1) },
        { "Index", Counted(row => N - row) },
        { "id", Counted(row => 100 + (7 * row)) },
        { "row", Counted(row => 2 * row) },
        { "row_number", Counted(Shuffled) },
        { "customer_id", Counted(row => 100_000 + (row * row)) },
        { "sampleId", Counted(row => (Shuffled(row) * 977) + 3) },
        { "", Counted(row => row) },
        { "#", Counted(row => row) },
        { "Unnamed: 0", Counted(row => row % 40) },
        { "...1", Counted(row => row + 1) },
        { "index", [0, 1, 2] },
    };

    public static TheoryData<string, double[]> Counters => new()
    {
        { "c", Counted(row => row) },
        { "c", Counted(row => 5 - (3 * row)) },
        { "c", Counted(row => row / (double)N) },
        { "c", Counted(row => (float)((row - 29.5) / 17.3)) },
        { "c", Counted(Shuffled) },
        { "c", Counted(row => 0.5 * Shuffled(row)) },
        { "c", Counted(row => 1000 + (row * row)) },
        { "c", Counted(row => 3 * Shuffled(row) + (row % 2)) },
        { "id", Counted(row => (row - 29.5) / 17.3) },
    };

    public static TheoryData<string, double[]> Features => new()
    {
        { "id", Counted(row => row % 5) },
        { "store_id", Counted(row => Shuffled(row) % 7) },
        { "index", Counted(row => CheckedTable.Noise(row, 5)) },
        { "age", Counted(row => 20 + (Shuffled(row) * 13 % 47)) },
        { "hour", Counted(row => row % 24) },
        { "price", Counted(row => Math.Round(100_000 * Math.Abs(CheckedTable.Noise(row, 5)))) },
        { "sorted", Counted(row => row + CheckedTable.Noise(row, 5) / 3) },
        { "grid", Counted(row => row / 6) },
    };

    [Theory]
    [MemberData(nameof(SavedIndices))]
    public void A_saved_row_number_is_refused(string name, double[] column)
    {
        DataRemark remark = Remark(name, column, RemarkKind.RowNumberColumn);
        Assert.Equal(RemarkSeverity.Refusal, remark.Severity);
        Assert.Equal([name], remark.Columns);
        Assert.Contains($"column '{name}' is a saved row number", remark.Line, StringComparison.Ordinal);
        Assert.Contains($"--ignore '{name}'", remark.Line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Counters))]
    public void A_column_that_numbers_the_rows_is_pointed_out(string name, double[] column) =>
        Assert.Equal(RemarkSeverity.Remark, Remark(name, column, RemarkKind.RowNumberColumn).Severity);

    [Theory]
    [MemberData(nameof(Features))]
    public void A_feature_is_not_taken_for_a_row_number(string name, double[] column) =>
        Assert.DoesNotContain(Check(name, column).Remarks, remark => remark.Kind == RemarkKind.RowNumberColumn);

    [Fact]
    public void A_few_rows_are_numbered_by_chance() =>
        Assert.DoesNotContain(Check("c", [1, 2, 3, 4]).Remarks, remark => remark.Kind == RemarkKind.RowNumberColumn);

    [Fact]
    public void Ranks_in_several_columns_are_features()
    {
        double[] values = [.. Enumerable.Range(0, N).SelectMany(row => (double[])[row * 7 % N, row * 11 % N, row * 13 % N, row * 17 % N])];
        Assert.Equal("", DataCheck.Of(new Dataset(new FeatureMatrix(N, 4, values), "ranks.npy")).Codes());
    }

    [Fact]
    public void A_column_without_a_name_is_called_by_its_number()
    {
        var check = DataCheck.Of(CheckedTable.With("", Counted(row => row), "X.npy", named: false));
        DataRemark remark = Assert.Single(check.Remarks, remark => remark.Kind == RemarkKind.RowNumberColumn);
        Assert.Equal(["2"], remark.Columns);
        Assert.Contains("column 2 (from 0) goes from 0 to 59", remark.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-7.5)]
    public void A_constant_column_is_pointed_out(double value)
    {
        DataRemark remark = Remark("c", Counted(_ => value), RemarkKind.ConstantColumn);
        Assert.Equal(["c"], remark.Columns);
        Assert.Contains($"has the value {value} in every row", remark.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_differs_by_rounding_only_is_constant() =>
        _ = Remark("c", Counted(row => row % 2 == 0 ? 0.3 : 0.1 + 0.2), RemarkKind.ConstantColumn);

    [Fact]
    public void A_column_with_one_other_value_is_not_constant() =>
        Assert.Equal("", Check("c", Counted(row => row == 31 ? 1 : 0.5)).Codes());

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void The_margin_of_images_is_no_constant_column(double background)
    {
        // Five pixels, of which the outer two never hold ink.
        double[] pixels =
        [
            .. Enumerable.Range(0, N).SelectMany(row => (double[])
            [
                background, Ink(row, 1, background), Ink(row, 2, background), Ink(row, 3, background), background,
            ]),
        ];
        Assert.Equal("", DataCheck.Of(new Dataset(new FeatureMatrix(N, 5, pixels), "images.npy")).Codes());
    }

    [Fact]
    public void Constant_features_are_refused()
    {
        double[] values = [.. Enumerable.Repeat((double[])[1, 2], N).SelectMany(row => row)];
        var check = DataCheck.Of(new Dataset(new FeatureMatrix(N, 2, values), "X.npy"));
        Assert.Equal("constant-features!", check.Codes());
    }

    [Fact]
    public void One_column_with_nearly_all_of_the_variance_is_pointed_out()
    {
        DataRemark remark = Remark("salary", Counted(row => 1e5 + (2000 * CheckedTable.Noise(row, 5))), RemarkKind.DominantColumn);
        Assert.Equal(["salary"], remark.Columns);
        Assert.Contains("column 'salary' has 99.9 % of the variance, so the other 2 hardly count", remark.Line, StringComparison.Ordinal);
        Assert.Contains("certiflip features fit --map standard-scaler", remark.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Columns_in_units_that_are_not_far_apart_are_not_pointed_out(double unit) =>
        Assert.Equal("", Check("c", Counted(row => unit * CheckedTable.Noise(row, 5))).Codes());

    [Fact]
    public void Two_of_many_columns_with_nearly_all_of_the_variance_are_pointed_out()
    {
        var check = DataCheck.Of(Wide(column => column is 4 or 17 ? 1000 : 1));
        Assert.Equal(["4", "17"], Assert.Single(check.Remarks).Columns);
    }

    [Fact]
    public void Components_in_order_of_importance_are_meant_to_differ() =>
        Assert.Equal("", DataCheck.Of(Wide(column => 10 * Math.Pow(0.3, column))).Codes());

    [Fact]
    public void Numbers_near_the_largest_that_there_are_can_be_checked() =>
        Assert.Equal("dominant-column", Check("c", Counted(row => 1e308 * CheckedTable.Noise(row, 5))).Codes());

    [Fact]
    public void Numbers_in_memory_and_elsewhere_are_checked_alike()
    {
        Dataset data = CheckedTable.With("c", Counted(row => row));
        var read = new FeatureMatrix(N, 3, data.Features.CopyRow);
        float[] singles = [.. data.Features.Values.ToArray().Select(value => (float)value)];
        string expected = DataCheck.Of(data).Codes();
        Assert.Equal("row-number-column", expected);
        Assert.Equal(expected, DataCheck.Of(new Dataset(read, "X.npy")).Codes());
        Assert.Equal(expected, DataCheck.Of(new Dataset(new FeatureMatrix(N, 3, singles), "X.npy")).Codes());
    }

    private static double[] Counted(Func<int, double> value) => [.. Enumerable.Range(0, N).Select(value)];

    // 7 and 60 have no common divisor: every number once.
    private static double Shuffled(int row) => row * 7 % N;

    private static double Ink(int row, int column, double background) =>
        CheckedTable.Noise(row, column) > 0 ? background + CheckedTable.Noise(row, column) : background;

    private static Dataset Wide(Func<int, double> unit)
    {
        double[] values = [.. Enumerable.Range(0, N * 20).Select(i => unit(i % 20) * CheckedTable.Noise(i / 20, 1 + (i % 20)))];
        return new Dataset(new FeatureMatrix(N, 20, values), "X.npy");
    }

    private static DataCheck Check(string name, double[] column) => DataCheck.Of(CheckedTable.With(name, column));

    private static DataRemark Remark(string name, double[] column, RemarkKind kind) =>
        Assert.Single(Check(name, column).Remarks, remark => remark.Kind == kind);

    [Theory]
    [InlineData(20, 0, true)]
    [InlineData(20, 1, false)]
    [InlineData(19, 0, false)]
    public void A_column_that_says_every_label_is_pointed_out(int rows, int wrong, bool expected)
    {
        double[] values = [.. Enumerable.Range(0, rows).SelectMany(row => (double[])[row * row % 7, row < wrong ? 0 : 10 + row % 2])];
        var data = new Dataset(new FeatureMatrix(rows, 2, values), "train.csv")
        {
            FeatureNames = ["x", "target"],
            Labels = [.. Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? "ham" : "spam")],
        };
        DataRemark[] found = [.. DataCheck.Of(data).Remarks.Where(remark => remark.Kind == RemarkKind.LabelCopy)];
        Assert.Equal(expected, found.Length == 1);
        if (expected)
            Assert.Contains("column 'target' says the label of every row, a value for each class", found[0].Line, StringComparison.Ordinal);
    }
}
