using CertiFlip.Numerics;

namespace CertiFlip.Heads;

/// <summary>
/// The scaled training rows in the order in which the tile kernel reads them: panels of 16 rows, within a panel feature by feature.
/// </summary>
internal sealed class PackedRows
{
    private readonly double[] _values;

    private PackedRows(int rows, int columns, double[] values) => (Rows, Columns, _values) = (rows, columns, values);

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Packs <paramref name="features"/>; the last panel is filled up with rows of zeros.</summary>
    public static PackedRows Of(FeatureMatrix features, ColumnScaling scaling)
    {
        int k = features.Columns;
        double[] values = new double[(long)Tile.PadWidth(features.Rows) * k];
        for (int row = 0; row < features.Rows; row++)
        {
            long panel = (long)(row / Tile.Width) * Tile.Width * k;
            Span<double> packed = values.AsSpan(checked((int)panel), Tile.Width * k);
            scaling.Apply(features.Row(row), packed[(row % Tile.Width)..], Tile.Width);
        }

        return new PackedRows(features.Rows, k, values);
    }

    /// <summary>Adds the numbers of one row to every <paramref name="stride"/>-th number of <paramref name="sums"/>.</summary>
    public void AddRow(int row, Span<double> sums, int stride)
    {
        ReadOnlySpan<double> packed = _values.AsSpan(row / Tile.Width * Tile.Width * Columns, Tile.Width * Columns)[(row % Tile.Width)..];
        for (int i = 0; i < Columns; i++)
            sums[i * stride] += packed[i * Tile.Width];
    }

    /// <summary>Adds XB to <paramref name="products"/> for a run of rows and groups of 4 columns of B.</summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="firstRow">The first row, a multiple of 16.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="right">B, k rows of <paramref name="columns"/> numbers.</param>
    /// <param name="columns">A multiple of 4.</param>
    /// <param name="products">A row of results for each column of B, each <paramref name="stride"/> after the one before.</param>
    /// <param name="stride">At least the number of rows, rounded up to a multiple of 16.</param>
    public void MultiplyAdd(
        Kernels kernels, int firstRow, int rowCount, ReadOnlySpan<double> right, int columns, Span<double> products, int stride)
    {
        for (int row = 0; row < rowCount; row += Tile.Width)
        {
            ref readonly double panel = ref _values[(firstRow + row) * Columns];
            for (int column = 0; column < columns; column += Tile.Height)
                kernels.MultiplyAddTile(Columns, in panel, Tile.Width, in right[column], columns, ref products[column * stride + row], stride);
        }
    }
}
