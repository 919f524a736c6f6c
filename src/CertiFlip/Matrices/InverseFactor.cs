using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// U⁻¹ of a Cholesky factor A = UᵀU, for products with many rows: U⁻ᵀr has the inner products that A⁻¹ makes of r.
/// </summary>
/// <remarks>
/// U⁻¹ is upper triangular, and stands in panels of 16 columns that are as deep as their last column, so that nothing
/// below the diagonal is stored or multiplied.
/// </remarks>
internal sealed class InverseFactor
{
    private readonly double[][] _panels;
    private readonly KernelSet _kernels;

    private InverseFactor(int size, double[][] panels, KernelSet kernels) => (Size, _panels, _kernels) = (size, panels, kernels);

    /// <summary>Number of rows and columns.</summary>
    public int Size { get; }

    /// <summary>Inverts a factor, each panel by itself from its last row up.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="parallel">How many threads may be used.</param>
    public static InverseFactor Of(Cholesky factor, KernelSet kernels, ParallelOptions parallel)
    {
        int size = factor.Size, groups = (size + Tile.Height - 1) / Tile.Height;

        // Four rows of U at a time, from their last column on: for each column its four numbers.
        double[][] left = new double[groups][];
        Parallel.For(0, groups, parallel, group =>
        {
            int first = group * Tile.Height, after = first + Tile.Height;
            double[] columns = left[group] = new double[Math.Max(size - after, 0) * Tile.Height];
            for (int row = first; row < Math.Min(after, size); row++)
            {
                ReadOnlySpan<double> u = factor.Row(row);
                for (int column = after; column < size; column++)
                    columns[(column - after) * Tile.Height + row - first] = u[column];
            }
        });

        double[][] panels = new double[(size + Tile.Width - 1) / Tile.Width][];
        Parallel.For(0, panels.Length, parallel, panel => panels[panel] = PanelOf(factor, panel, left, kernels));
        return new InverseFactor(size, panels, kernels);
    }

    /// <summary>U⁻ᵀ times rows, in groups of four.</summary>
    /// <param name="groups">Of each group, for each of its <see cref="Size"/> numbers that of the four rows.</param>
    /// <param name="count">The number of groups.</param>
    /// <param name="products">Receives a run for each row, each <paramref name="stride"/> after the one before.</param>
    /// <param name="stride">At least <see cref="Size"/>, rounded up to a multiple of 16.</param>
    public void Multiply(ReadOnlySpan<double> groups, int count, Span<double> products, int stride)
    {
        products.Clear();
        for (int panel = 0; panel < _panels.Length; panel++)
        {
            double[] columns = _panels[panel];
            for (int group = 0; group < count; group++)
            {
                _kernels.MultiplyAddTile(
                    columns.Length / Tile.Width, in columns[0], Tile.Width, in groups[group * Size * Tile.Height], Tile.Height,
                    ref products[group * Tile.Height * stride + panel * Tile.Width], stride);
            }
        }
    }

    private static double[] PanelOf(Cholesky factor, int panel, double[][] left, KernelSet kernels)
    {
        int first = panel * Tile.Width, depth = Math.Min(first + Tile.Width, factor.Size);
        double[] inverse = new double[depth * Tile.Width];
        double[] known = new double[Tile.Height * Tile.Width];
        for (int group = (depth - 1) / Tile.Height; group >= 0; group--)
        {
            int top = group * Tile.Height, after = top + Tile.Height;
            Array.Clear(known);
            if (after < depth)
            {
                kernels.MultiplyAddTile(
                    depth - after, in inverse[after * Tile.Width], Tile.Width, in left[group][0], Tile.Height, ref known[0], Tile.Width);
            }

            for (int row = Math.Min(after, depth) - 1; row >= top; row--)
            {
                ReadOnlySpan<double> u = factor.Row(row);
                for (int column = Math.Max(row - first, 0); column < Math.Min(Tile.Width, factor.Size - first); column++)
                {
                    // (U U⁻¹)(row, column) is 1 on the diagonal and 0 elsewhere.
                    double rest = (row == first + column ? 1 : 0) - known[(row - top) * Tile.Width + column];
                    for (int below = row + 1; below < Math.Min(after, depth); below++)
                        rest = Math.FusedMultiplyAdd(-u[below], inverse[below * Tile.Width + column], rest);
                    inverse[row * Tile.Width + column] = rest / u[row];
                }
            }
        }

        return inverse;
    }
}
