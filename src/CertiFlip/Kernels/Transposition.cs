using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CertiFlip.Kernels;

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
                    FourByFour(ref Unsafe.Add(ref from, row * columns + column), columns, ref Unsafe.Add(ref to, column * Tile.Width + row));
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
