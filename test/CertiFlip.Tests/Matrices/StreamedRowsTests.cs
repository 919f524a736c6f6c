using CertiFlip.Kernels;
using CertiFlip.Matrices;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Matrices;

/// <summary>Rows that are packed whenever they are used against rows that are packed once.</summary>
public class StreamedRowsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 3)]
    [InlineData(37, 64)]
    [InlineData(50, 150)]
    public void Streamed_rows_multiply_to_the_bits_of_packed_ones(int rows, int columns)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: rows);
        var scaling = ColumnScaling.Of(features, Intercept.Fitted);
        int stride = Tile.PadWidth(rows);
        double[] right = [.. Enumerable.Range(0, columns * 8).Select(i => Math.Sin(i))];
        double[] packed = new double[8 * stride], streamed = new double[8 * stride];
        foreach (int first in (int[])[columns, 1, (columns + 1) / 2])
        {
            PackedRows.Of(features, scaling, new ParallelOptions()).Multiply(KernelSet.Best, first, right, 8, 0.25, packed, stride);
            new StreamedRows(features, scaling).Multiply(KernelSet.Best, first, right, 8, 0.25, streamed, stride);
            Assert.Equal(packed, streamed);
        }
    }

    [Fact]
    public void Rows_that_are_read_as_needed_are_those_in_memory()
    {
        FeatureMatrix kept = SomeFeatures.Generic(20, 6, seed: 4);
        var read = new FeatureMatrix(20, 6, (row, features) => kept.Row(row).CopyTo(features));
        Assert.Equal(kept.Values.ToArray(), read.Values.ToArray());
        Assert.Equal(kept.Row(7).ToArray(), read.Row(7).ToArray());
        Assert.Equal(kept.First(3), read.First(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => read.First(21));
        Assert.Throws<ArgumentOutOfRangeException>(() => read.Row(20));
    }
}
