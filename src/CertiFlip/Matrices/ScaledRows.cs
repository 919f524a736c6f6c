using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// The scaled training rows in the order in which the tile kernel reads them: panels of 16 rows, within a panel feature
/// by feature.
/// </summary>
internal sealed class PackedRows : IScaledRows
{
    private readonly double[] _values;

    private PackedRows(int rows, int columns, double[] values) => (Rows, Columns, _values) = (rows, columns, values);

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Packs <paramref name="features"/>; the last panel is filled up with rows of zeros.</summary>
    public static PackedRows Of(FeatureMatrix features, ColumnScaling scaling, ParallelOptions parallel) =>
        Of(features, scaling, features.Columns, parallel);

    /// <summary>Packs <paramref name="features"/> and a last column of ones.</summary>
    public static PackedRows OfWithOnes(FeatureMatrix features, ColumnScaling scaling, ParallelOptions parallel) =>
        Of(features, scaling, features.Columns + 1, parallel);

    /// <summary>The rows as they were before they were packed, one after the other.</summary>
    public double[] Unpack()
    {
        double[] values = new double[checked(Rows * Columns)];
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<double> packed = _values.AsSpan(row / Tile.Width * Tile.Width * Columns + row % Tile.Width);
            for (int i = 0; i < Columns; i++)
                values[row * Columns + i] = packed[i * Tile.Width];
        }

        return values;
    }

    /// <summary>
    /// Adds the numbers of one row to every <paramref name="stride"/>-th number of <paramref name="sums"/>.
    /// </summary>
    public void AddRow(int row, Span<double> sums, int stride)
    {
        ReadOnlySpan<double> packed = _values.AsSpan(row / Tile.Width * Tile.Width * Columns, Tile.Width * Columns)[(row % Tile.Width)..];
        for (int i = 0; i < Columns; i++)
            sums[i * stride] += packed[i * Tile.Width];
    }

    /// <inheritdoc/>
    public void Multiply(
        KernelSet kernels, int features, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride)
    {
        for (int row = 0; row < Rows; row += Tile.Width)
            Panel.Multiply(kernels, _values.AsSpan(row * Columns), features, right, columns, constant, products[row..], stride);
    }

    /// <summary>The same with all features.</summary>
    /// <inheritdoc cref="Multiply(KernelSet, int, ReadOnlySpan{double}, int, double, Span{double}, int)"/>
    public void Multiply(KernelSet kernels, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride) =>
        Multiply(kernels, Columns, right, columns, constant, products, stride);

    /// <summary>Adds XB to <paramref name="products"/> for a run of rows and groups of 4 columns of B.</summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="firstRow">The first row, a multiple of 16.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="right">B, k rows of <paramref name="columns"/> numbers.</param>
    /// <param name="columns">A multiple of 4.</param>
    /// <param name="products">
    /// A row of results for each column of B, each <paramref name="stride"/> after the one before.
    /// </param>
    /// <param name="stride">At least the number of rows, rounded up to a multiple of 16.</param>
    public void MultiplyAdd(
        KernelSet kernels, int firstRow, int rowCount, ReadOnlySpan<double> right, int columns, Span<double> products, int stride)
    {
        Tile.HoldRoom(products, rowCount, columns, stride);
        for (int row = 0; row < rowCount; row += Tile.Width)
        {
            ref readonly double panel = ref _values[(firstRow + row) * Columns];
            for (int column = 0; column < columns; column += Tile.Height)
                kernels.MultiplyAddTile(
                    Columns, in panel, Tile.Width, in right[column], columns, ref products[column * stride + row], stride);
        }
    }

    /// <summary>
    /// Adds XᵀB to <paramref name="lanes"/> for a run of rows: sixteen parts of each sum, one for each row of a panel.
    /// </summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="firstRow">The first row, a multiple of 16.</param>
    /// <param name="rowCount">
    /// The number of rows; B's numbers for the rows that fill up the last panel must be finite.
    /// </param>
    /// <param name="right">
    /// B, its columns one after another, each <paramref name="stride"/> after the one before.
    /// </param>
    /// <param name="columns">A multiple of 4.</param>
    /// <param name="stride">At least the number of rows, rounded up to a multiple of 16.</param>
    /// <param name="lanes">For each column of X, for each column of B, 16 parts.</param>
    public void MultiplyAddTransposed(
        KernelSet kernels, int firstRow, int rowCount, ReadOnlySpan<double> right, int columns, int stride, Span<double> lanes)
    {
        int panels = (rowCount + Tile.Width - 1) / Tile.Width;
        for (int i = 0; i < Columns; i++)
        {
            ref readonly double x = ref _values[firstRow * Columns + i * Tile.Width];
            for (int column = 0; column < columns; column += Tile.Height)
                kernels.MultiplyAddPanels(
                    panels, in x, Tile.Width * Columns, in right[column * stride], stride, ref lanes[(i * columns + column) * Tile.Width]);
        }
    }

    /// <summary>Packs rows of numbers, each <paramref name="stride"/> after the one before.</summary>
    public static PackedRows Of(int rows, int columns, ReadOnlySpan<double> source, int stride)
    {
        double[] values = new double[(long)Tile.PadWidth(rows) * columns];
        for (int row = 0; row < rows; row++)
        {
            Span<double> packed =
                values.AsSpan(checked(row / Tile.Width * Tile.Width * columns), Tile.Width * columns)[(row % Tile.Width)..];
            for (int i = 0; i < columns; i++)
                packed[i * Tile.Width] = source[row * stride + i];
        }

        return new PackedRows(rows, columns, values);
    }

    private static PackedRows Of(FeatureMatrix features, ColumnScaling scaling, int columns, ParallelOptions parallel)
    {
        double[] values = new double[(long)Tile.PadWidth(features.Rows) * columns];
        int panels = (features.Rows + Tile.Width - 1) / Tile.Width, length = Tile.Width * columns;
        Parallel.For(0, panels, parallel, () => new double[length], (panel, _, scaled) =>
        {
            Span<double> packed = values.AsSpan(checked(panel * length), length);
            Panel.Pack(features, scaling, panel * Tile.Width, scaled, packed);
            if (columns > features.Columns)
                packed[(features.Columns * Tile.Width)..][..Math.Min(Tile.Width, features.Rows - panel * Tile.Width)].Fill(1);
            return scaled;
        }, static _ => { });
        return new PackedRows(features.Rows, columns, values);
    }
}

/// <summary>The scaled training rows X, to multiply with.</summary>
internal interface IScaledRows
{
    /// <summary>Computes XB plus a constant for all rows and groups of 4 columns of B.</summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="features">How many of X's first columns there are to B: k for all.</param>
    /// <param name="right">B, as many rows of <paramref name="columns"/> numbers.</param>
    /// <param name="columns">A multiple of 4.</param>
    /// <param name="constant">What is added to every product.</param>
    /// <param name="products">
    /// A row of results for each column of B, each <paramref name="stride"/> after the one before.
    /// </param>
    /// <param name="stride">At least the number of rows, rounded up to a multiple of 16.</param>
    void Multiply(
        KernelSet kernels, int features, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride);
}

/// <summary>
/// Scaled training rows that are packed again, a panel at a time, whenever they are multiplied with: slower than
/// <see cref="PackedRows"/>, which they equal to the bit, but nothing of their size is kept.
/// </summary>
internal sealed class StreamedRows(FeatureMatrix features, ColumnScaling scaling) : IScaledRows
{
    public void Multiply(
        KernelSet kernels, int count, ReadOnlySpan<double> right, int columns, double constant, Span<double> products, int stride)
    {
        int length = Tile.Width * features.Columns;
        double[] scaled = new double[length], panel = new double[length];
        for (int row = 0; row < features.Rows; row += Tile.Width)
        {
            Panel.Pack(features, scaling, row, scaled, panel);
            Panel.Multiply(kernels, panel, count, right, columns, constant, products[row..], stride);
        }
    }
}
