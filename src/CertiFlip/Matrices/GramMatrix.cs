using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>XᵀX of the scaled (and, with an intercept, centred) training features.</summary>
internal sealed class GramMatrix
{
    // Numbers of rows that stay in the second-level cache while every tile of the result passes over them.
    private const int CachedLength = 1 << 16;

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
    /// Sums over the training rows in their order, block by block (<see cref="BlockSums"/>), so that the result does
    /// not depend on the number of threads.
    /// </summary>
    public static GramMatrix Of(FeatureMatrix features, ColumnScaling scaling, ParallelOptions parallel, KernelSet kernels) =>
        OfTriangle(features.Columns, BlockSums.Of(
            features.Rows,
            LengthOfTriangle(features.Columns),
            (first, rows, sums) => Add(features, scaling, first, rows, sums, parallel, kernels)));

    /// <summary>How many numbers the upper triangle has.</summary>
    public static int LengthOfTriangle(int columns) => checked((int)(columns * (columns + 1L) / 2));

    /// <summary>The whole matrix of its upper triangle, row by row.</summary>
    public static GramMatrix OfTriangle(int columns, ReadOnlySpan<double> triangle)
    {
        int stride = Tile.PadWidth(columns);
        double[] gram = new double[Tile.PadHeight(columns) * stride];
        for (int row = 0, at = 0; row < columns; row++)
        {
            for (int column = row; column < columns; column++, at++)
                gram[row * stride + column] = gram[column * stride + row] = triangle[at];
        }

        return new GramMatrix(columns, stride, gram);
    }

    /// <summary>Adds the upper triangle of some rows' own XᵀX.</summary>
    public static void Add(
        FeatureMatrix features, ColumnScaling scaling, int firstRow, int rowCount, Span<double> triangle,
        ParallelOptions parallel, KernelSet kernels)
    {
        int k = features.Columns, stride = Tile.PadWidth(k), height = Tile.PadHeight(k);
        double[] gram = new double[height * stride];
        int cachedRows = Math.Max(1, CachedLength / stride);
        double[] cached = new double[cachedRows * stride];
        for (int first = firstRow; first < firstRow + rowCount; first += cachedRows)
        {
            int rows = Math.Min(cachedRows, firstRow + rowCount - first);
            for (int row = 0; row < rows; row++)
                scaling.Apply(features.Row(first + row), cached.AsSpan(row * stride, k));

            // Only tiles that reach the upper triangle: the matrix is symmetric.
            Parallel.For(0, height / Tile.Height, parallel, group =>
            {
                int row = group * Tile.Height;
                for (int column = row / Tile.Width * Tile.Width; column < stride; column += Tile.Width)
                    kernels.MultiplyAddTile(
                        rows, in cached[column], stride, in cached[row], stride, ref gram[row * stride + column], stride);
            });
        }

        for (int row = 0, at = 0; row < k; row++)
        {
            for (int column = row; column < k; column++)
                triangle[at++] += gram[row * stride + column];
        }
    }
}
