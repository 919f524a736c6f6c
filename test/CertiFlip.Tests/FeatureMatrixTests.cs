namespace CertiFlip.Tests;

public class FeatureMatrixTests
{
    [Fact]
    public void Rows_are_stored_one_after_another() =>
        Assert.Equal([3.0, 4], new FeatureMatrix(2, 2, [1, 2, 3, 4]).Row(1).ToArray());

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Value_that_is_not_finite_is_named_by_row_and_column(double value)
    {
        var exception = Assert.Throws<ArgumentException>(() => new FeatureMatrix(2, 3, [1, 2, 3, 4, value, 6]));
        Assert.Contains("Row 1, column 1", exception.Message);
    }

    [Fact]
    public void Values_must_fill_the_matrix() =>
        Assert.Throws<ArgumentException>(() => new FeatureMatrix(2, 3, [1, 2, 3]));

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Rows_beyond_the_matrix_are_refused(int row) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureMatrix(2, 1, [1, 2]).Row(row).Length);

    [Fact]
    public void First_columns_are_the_same_in_memory_and_elsewhere()
    {
        var here = new FeatureMatrix(2, 3, [1, 2, 3, 4, 5, 6]);
        var elsewhere = new FeatureMatrix(2, 3, (row, features) => here.Row(row).CopyTo(features));
        foreach (FeatureMatrix matrix in (FeatureMatrix[])[here, elsewhere])
        {
            Assert.Equal([1.0, 2, 4, 5], matrix.FirstColumns(2).Values.ToArray());
            Assert.Same(matrix, matrix.FirstColumns(3));
        }
    }

    [Fact]
    public void Selected_rows_come_in_the_order_asked_for_in_memory_and_elsewhere()
    {
        var here = new FeatureMatrix(3, 2, [1, 2, 3, 4, 5, 6]);
        var elsewhere = new FeatureMatrix(3, 2, (row, features) => here.Row(row).CopyTo(features));
        foreach (FeatureMatrix matrix in (FeatureMatrix[])[here, elsewhere])
        {
            Assert.Equal([5.0, 6, 1, 2, 5, 6], matrix.SelectRows(2, 0, 2).Values.ToArray());
            Assert.Equal(0, matrix.SelectRows([]).Rows);
            Assert.Throws<ArgumentOutOfRangeException>(() => matrix.SelectRows(3));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Columns_beyond_the_matrix_are_refused(int columns) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureMatrix(1, 3, [1, 2, 3]).FirstColumns(columns));
}
