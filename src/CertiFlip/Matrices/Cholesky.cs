using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>The Cholesky factor of a symmetric positive definite matrix, A = UᵀU with U upper triangular.</summary>
/// <remarks>
/// Four rows of U at a time: what the finished rows above take away from them is a product of tiles, the rest a few
/// short loops.
/// </remarks>
internal sealed class Cholesky
{
    // Rows times tiles of 16 columns, of four rows each: some tens of microseconds.
    private const long WorthThreads = 1 << 14;

    private readonly double[] _factor;
    private readonly int _stride;

    private Cholesky(int size, int stride)
    {
        (Size, _stride) = (size, stride);
        _factor = new double[Tile.PadHeight(size) * stride];
    }

    public int Size { get; }

    /// <summary>A row of U, of which the numbers from the diagonal on count.</summary>
    public ReadOnlySpan<double> Row(int row) => _factor.AsSpan(row * _stride, Size);

    /// <summary>U, its upper triangle row by row.</summary>
    public double[] UpperTriangle()
    {
        double[] triangle = new double[checked((int)(Size * (Size + 1L) / 2))];
        for (int row = 0, at = 0; row < Size; at += Size - row, row++)
            _factor.AsSpan(row * _stride + row, Size - row).CopyTo(triangle.AsSpan(at));
        return triangle;
    }

    /// <summary>A factor that was computed before.</summary>
    /// <param name="size">Number of rows and columns.</param>
    /// <param name="triangle">What <see cref="UpperTriangle"/> gave.</param>
    /// <exception cref="ArgumentException">A diagonal element is not positive, so that it is no factor.</exception>
    public static Cholesky Restore(int size, ReadOnlySpan<double> triangle)
    {
        var factor = new Cholesky(size, Tile.PadWidth(size));
        for (int row = 0, at = 0; row < size; at += size - row, row++)
        {
            if (!(triangle[at] > 0))
                throw new ArgumentException($"Diagonal element {row} of a Cholesky factor is {triangle[at]}.", nameof(triangle));
            triangle.Slice(at, size - row).CopyTo(factor._factor.AsSpan(row * factor._stride + row));
        }

        return factor;
    }

    /// <summary>Factorises a matrix, unless it is singular to working precision.</summary>
    /// <param name="size">Number of rows and columns.</param>
    /// <param name="element">The matrix; only its upper triangle is read.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="parallel">
    /// How many threads may work, and when to stop; null for one. The factor does not depend on it.
    /// </param>
    /// <param name="factor">The factor, where the result is −1.</param>
    /// <returns>−1, or the first column that is a linear combination of those before it.</returns>
    public static int TryFactorise(
        int size, Func<int, int, double> element, KernelSet kernels, ParallelOptions? parallel, out Cholesky factor)
    {
        int stride = Tile.PadWidth(size);
        factor = new Cholesky(size, stride);
        double[] u = factor._factor;
        double[] taken = new double[Tile.Height * stride];
        for (int block = 0; block < size; block += Tile.Height)
        {
            parallel?.CancellationToken.ThrowIfCancellationRequested();
            Array.Clear(taken);
            int rows = block;
            void TakeFrom(int tile)
            {
                int column = tile * Tile.Width;
                kernels.MultiplyAddTile(rows, in u[column], stride, in u[rows], stride, ref taken[column], stride);
            }

            int first = block / Tile.Width, tiles = stride / Tile.Width;
            if (parallel is not null && (long)block * (tiles - first) >= WorthThreads)
                Parallel.For(first, tiles, parallel, TakeFrom);
            else
                for (int tile = first; tile < tiles; tile++)
                    TakeFrom(tile);

            for (int row = block; row < Math.Min(block + Tile.Height, size); row++)
            {
                Span<double> current = u.AsSpan(row * stride, stride);
                for (int column = row; column < size; column++)
                    current[column] = element(row, column) - taken[(row - block) * stride + column];
                for (int above = block; above < row; above++)
                {
                    double multiplier = -u[above * stride + row];
                    for (int column = row; column < size; column++)
                        current[column] = Math.FusedMultiplyAdd(multiplier, u[above * stride + column], current[column]);
                }

                // A pivot that is lost in the roundings of its own column: the column adds nothing to those before it.
                double pivot = current[row];
                if (!(pivot > 4 * size * Rounding.Epsilon * element(row, row)))
                    return row;
                double root = Math.Sqrt(pivot);
                for (int column = row; column < size; column++)
                    current[column] /= root;
            }
        }

        return -1;
    }

    /// <summary>Overwrites B by A⁻¹B.</summary>
    /// <param name="right">B, one row of <paramref name="columns"/> numbers for each row of A.</param>
    /// <param name="columns">Number of right-hand sides; each is solved as it would be alone.</param>
    public void Solve(Span<double> right, int columns) => Solve(right, columns, Size);

    /// <summary>The same for the first rows and columns of A alone, whose factor is the first part of U.</summary>
    /// <param name="right">B, of which rows beyond <paramref name="size"/> stay as they are.</param>
    /// <param name="columns">Number of right-hand sides.</param>
    /// <param name="size">How many of A's rows and columns.</param>
    public void Solve(Span<double> right, int columns, int size)
    {
        for (int row = 0; row < size; row++)
        {
            Span<double> solved = right.Slice(row * columns, columns);
            Elementwise.Divide(solved, _factor[row * _stride + row]);
            for (int below = row + 1; below < size; below++)
                Elementwise.AddMultiple(-_factor[row * _stride + below], solved, right.Slice(below * columns, columns));
        }

        for (int row = size - 1; row >= 0; row--)
        {
            Span<double> current = right.Slice(row * columns, columns);
            for (int below = row + 1; below < size; below++)
                Elementwise.AddMultiple(-_factor[row * _stride + below], right.Slice(below * columns, columns), current);
            Elementwise.Divide(current, _factor[row * _stride + row]);
        }
    }
}
