using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>Sixteen scaled training rows in the order in which the tile kernel reads them: feature by feature. Rows beyond the last are zeros.</summary>
internal static class Panel
{
    // Features of a panel that stay in the first-level cache, beside those of B, while every column of B passes over them.
    private const int InnerBlock = 64;

    /// <summary>Packs the rows from <paramref name="first"/> on.</summary>
    /// <param name="features">The training rows.</param>
    /// <param name="scaling">How they are scaled.</param>
    /// <param name="first">The first row, a multiple of 16.</param>
    /// <param name="scaled">Room for 16 rows.</param>
    /// <param name="panel">Receives the panel: 16 numbers for each column, of which there may be more than features.</param>
    public static void Pack(FeatureMatrix features, ColumnScaling scaling, int first, Span<double> scaled, Span<double> panel)
    {
        int rows = Math.Min(Tile.Width, features.Rows - first), k = features.Columns;
        for (int row = 0; row < rows; row++)
            scaling.Apply(features.Row(first + row), scaled.Slice(row * k, k));
        scaled[(rows * k)..(Tile.Width * k)].Clear();
        Transposition.OfPanel(scaled, k, panel);
    }

    /// <summary>Computes the panel's rows of XB plus a constant.</summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="panel">The panel, and what will be read after it.</param>
    /// <param name="features">k.</param>
    /// <param name="right">B, k rows of <paramref name="columns"/> numbers.</param>
    /// <param name="columns">A multiple of 4.</param>
    /// <param name="constant">What is added to every product.</param>
    /// <param name="products">Receives 16 results for each column of B, each <paramref name="stride"/> after those of the one before.</param>
    /// <param name="stride">See there.</param>
    public static void Multiply(
        KernelSet kernels, ReadOnlySpan<double> panel, int features, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride)
    {
        for (int column = 0; column < columns; column++)
            products.Slice(column * stride, Tile.Width).Fill(constant);
        for (int feature = 0; feature < features; feature += InnerBlock)
        {
            int inner = Math.Min(InnerBlock, features - feature);
            ReadOnlySpan<double> block = panel[(feature * Tile.Width)..];
            for (int column = 0; column < columns; column += Tile.Height)
            {
                kernels.MultiplyAddTile(inner, in block[0], Tile.Width, in right[feature * columns + column], columns, ref products[column * stride], stride);

                // The same part of the panel after this one is fetched meanwhile, a share of it beside each tile.
                int ahead = features * Tile.Width + inner * Tile.Width * column / columns;
                CacheLines.Prefetch(block[Math.Min(ahead, block.Length)..Math.Min(ahead + inner * Tile.Width * Tile.Height / columns, block.Length)]);
            }
        }
    }
}
