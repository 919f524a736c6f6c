using System.Runtime.CompilerServices;

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

    [Fact]
    public void Memory_that_is_lent_is_read_in_place()
    {
        double[] doubles = [9, 1, 2, 3, 4, 5, 6, 9];
        float[] singles = [9, 1, 2, 3, 4, 5, 6, 9];
        var lentDoubles = new FeatureMatrix(2, 3, doubles.AsMemory(1, 6));
        var lentSingles = new FeatureMatrix(2, 3, new ReadOnlyMemory<float>(singles, 1, 6));
        Assert.True(lentDoubles.TryGetValues(out ReadOnlySpan<double> seenDoubles));
        Assert.True(lentSingles.TryGetValues(out ReadOnlySpan<float> seenSingles));
        Assert.True(Unsafe.AreSame(in seenDoubles[0], in doubles[1]));
        Assert.True(Unsafe.AreSame(in seenSingles[0], in singles[1]));
        Assert.True(Unsafe.AreSame(in lentDoubles.Row(1)[0], in doubles[4]));
        Assert.False(lentDoubles.TryGetValues<float>(out _));
        Assert.False(new FeatureMatrix(2, 3, (_, _) => { }).TryGetValues<double>(out _));
        foreach (FeatureMatrix matrix in (FeatureMatrix[])[lentDoubles, lentSingles])
        {
            Assert.Equal([4.0, 5, 6], matrix.Row(1).ToArray());
            Assert.Equal([1.0, 2, 4, 5], matrix.FirstColumns(2).Values.ToArray());
            Assert.Equal([4.0, 5, 6, 1, 2, 3], matrix.SelectRows(1, 0).Values.ToArray());
        }
    }

    [Fact]
    public void Memory_that_is_lent_is_checked()
    {
        Assert.Throws<ArgumentException>(() => new FeatureMatrix(2, 3, new ReadOnlyMemory<float>(new float[5])));
        var exception = Assert.Throws<ArgumentException>(() => new FeatureMatrix(2, 1, new ReadOnlyMemory<float>([0, float.NaN])));
        Assert.Contains("Row 1, column 0", exception.Message);
    }
}
