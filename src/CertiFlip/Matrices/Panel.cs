using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Sixteen scaled training rows in the order in which the tile kernel reads them: feature by feature. Rows beyond the
/// last are zeros.
/// </summary>
internal static class Panel
{
    // Features of a panel that stay in the first-level cache, beside those of B, while every column of B passes over
    // them.
    private const int InnerBlock = 64;
    private const int ColumnBlock = 2 * Tile.Height;

    /// <summary>Packs the rows from <paramref name="first"/> on.</summary>
    /// <param name="features">The training rows.</param>
    /// <param name="scaling">How they are scaled.</param>
    /// <param name="first">The first row, a multiple of 16.</param>
    /// <param name="scaled">Room for 16 rows.</param>
    /// <param name="panel">
    /// Receives the panel: 16 numbers for each column, of which there may be more than features.
    /// </param>
    public static void Pack(FeatureMatrix features, ColumnScaling scaling, int first, Span<double> scaled, Span<double> panel)
    {
        int rows = Math.Min(Tile.Width, features.Rows - first), k = features.Columns;
        for (int row = 0; row < rows; row++)
        {
            Span<double> own = scaled.Slice(row * k, k);
            features.CopyRow(first + row, own);
            scaling.Apply(own, own);
        }

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
    /// <param name="products">
    /// Receives 16 results for each column of B, each <paramref name="stride"/> after those of the one before.
    /// </param>
    /// <param name="stride">Numbers from one column's results to the next.</param>
    public static void Multiply(
        KernelSet kernels, ReadOnlySpan<double> panel, int features, ReadOnlySpan<double> right, int columns,
        double constant, Span<double> products, int stride)
    {
        Tile.HoldRoom(products, Tile.Width, columns, stride);
        for (int feature = 0; feature < features; feature += InnerBlock)
        {
            int inner = Math.Min(InnerBlock, features - feature);
            ReadOnlySpan<double> block = panel[(feature * Tile.Width)..];
            for (int column = 0; column < columns; column += ColumnBlock)
            {
                int count = Math.Min(ColumnBlock, columns - column);
                kernels.MultiplyPanel(
                    inner, in block[0], in right[feature * columns + column], columns, count, feature == 0 ? constant : null,
                    ref products[column * stride], stride);

                // The same part of the panel after this one is fetched meanwhile, a share of it beside each block.
                int ahead = features * Tile.Width + inner * Tile.Width * column / columns;
                CacheLines.Prefetch(
                    block[Math.Min(ahead, block.Length)..Math.Min(ahead + inner * Tile.Width * count / columns, block.Length)]);
            }
        }
    }
}

/// <summary>Turns 16 rows of numbers into columns of 16.</summary>
internal static class Transposition
{
    /// <summary>Writes the numbers of 16 rows column by column.</summary>
    /// <param name="rows">16 rows of <paramref name="columns"/> numbers.</param>
    /// <param name="columns">Numbers in a row.</param>
    /// <param name="transposed">Receives 16 numbers for each column.</param>
    public static void OfPanel(ReadOnlySpan<double> rows, int columns, Span<double> transposed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, Tile.Width * columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(transposed.Length, Tile.Width * columns);
        ref double from = ref MemoryMarshal.GetReference(rows);
        ref double to = ref MemoryMarshal.GetReference(transposed);
        int column = 0;
        if (Avx.IsSupported)
        {
            for (; column + 4 <= columns; column += 4)
            {
                for (int row = 0; row < Tile.Width; row += 4)
                    FourByFour(ref Unsafe.Add(ref from, row * columns + column), columns,
                        ref Unsafe.Add(ref to, column * Tile.Width + row));
            }
        }

        for (; column < columns; column++)
        {
            for (int row = 0; row < Tile.Width; row++)
                Unsafe.Add(ref to, column * Tile.Width + row) = Unsafe.Add(ref from, row * columns + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(ref double from, int stride, ref double to)
    {
        Vector256<double> a = Vector256.LoadUnsafe(ref from), b = Vector256.LoadUnsafe(ref from, (nuint)stride);
        Vector256<double> c = Vector256.LoadUnsafe(ref from, (nuint)(2 * stride)), d = Vector256.LoadUnsafe(ref from, (nuint)(3 * stride));
        Vector256<double> ab02 = Avx.UnpackLow(a, b), ab13 = Avx.UnpackHigh(a, b), cd02 = Avx.UnpackLow(c, d), cd13 = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab02, cd02, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(ab13, cd13, 0x20).StoreUnsafe(ref to, Tile.Width);
        Avx.Permute2x128(ab02, cd02, 0x31).StoreUnsafe(ref to, 2 * Tile.Width);
        Avx.Permute2x128(ab13, cd13, 0x31).StoreUnsafe(ref to, 3 * Tile.Width);
    }
}

/// <summary>A hint to the processor about what will be read next.</summary>
internal static class CacheLines
{
    private const int DoublesPerLine = 8;

    /// <summary>Begins to fetch these numbers, where the processor can be told to.</summary>
    public static unsafe void Prefetch(ReadOnlySpan<double> values)
    {
        if (!Sse.IsSupported)
            return;
        ref double first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i += DoublesPerLine)
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref first, i)));
    }
}
