using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>XᵀX of the scaled (and, with an intercept, centred) training features.</summary>
internal sealed class GramMatrix
{
    // A block of rows that stays in the second-level cache while every tile of the result passes over it.
    private const int BlockLength = 1 << 16;

    private readonly double[] _values;

    private GramMatrix(int size, int stride, double[] values) => (Size, Stride, _values) = (size, stride, values);

    /// <summary>Number of features, k.</summary>
    public int Size { get; }

    /// <summary>k, rounded up to a multiple of 16: what lies beyond k is zero.</summary>
    public int Stride { get; }

    /// <summary>All of it, row by row, each <see cref="Stride"/> after the one before.</summary>
    public double[] Values => _values;

    public double this[int row, int column] => _values[row * Stride + column];

    /// <summary>
    /// Sums over the training rows in their order, so that the result does not depend on the number of threads.
    /// </summary>
    public static GramMatrix Of(FeatureMatrix features, ColumnScaling scaling, ParallelOptions parallel, KernelSet kernels)
    {
        int k = features.Columns, stride = Tile.PadWidth(k), height = Tile.PadHeight(k);
        double[] gram = new double[height * stride];
        int blockRows = Math.Max(1, BlockLength / stride);
        double[] block = new double[blockRows * stride];
        for (int first = 0; first < features.Rows; first += blockRows)
        {
            int rows = Math.Min(blockRows, features.Rows - first);
            for (int row = 0; row < rows; row++)
                scaling.Apply(features.Row(first + row), block.AsSpan(row * stride, k));

            // Only tiles that reach the upper triangle: the matrix is symmetric.
            Parallel.For(0, height / Tile.Height, parallel, group =>
            {
                int row = group * Tile.Height;
                for (int column = row / Tile.Width * Tile.Width; column < stride; column += Tile.Width)
                    kernels.MultiplyAddTile(rows, in block[column], stride, in block[row], stride, ref gram[row * stride + column], stride);
            });
        }

        for (int row = 0; row < k; row++)
        {
            for (int column = 0; column < row; column++)
                gram[row * stride + column] = gram[column * stride + row];
        }

        return new GramMatrix(k, stride, gram);
    }
}
