using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// The inner tile of every matrix product: C += AᵀB for a tile of 16 columns of A and 4 columns of B, both stored row
/// by row.
/// </summary>
/// <remarks>
/// Each of the 64 results is one chain of fused multiply-adds over the rows, in order. Lanes never meet, so the bits
/// are the same at every vector width. Two registers by four columns leave eight independent chains, enough to hide the
/// latency of a multiply-add and few enough for 16 registers.
/// </remarks>
internal static class TileKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static void MultiplyAdd(
        int inner, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c, int strideC)
    {
        ref double left = ref Unsafe.AsRef(in a);
        for (int column = 0; column < Tile.Width; column += 2 * TLanes.Count)
            MultiplyPair(inner, ref Unsafe.Add(ref left, column), strideA, in b, strideB, ref Unsafe.Add(ref c, column), strideC);
    }

    /// <summary>C = AᵀB + constant, or C += AᵀB, for some columns of B, a multiple of 4.</summary>
    public static void MultiplyPanel(
        int inner, ref readonly double a, ref readonly double b, int strideB, int columns, double? constant, ref double c, int strideC)
    {
        ref double left = ref Unsafe.AsRef(in a);
        ref double right = ref Unsafe.AsRef(in b);
        int column = 0;

        // Of the widest registers there are 32, room for twice as many chains: enough to hide the latency at all times.
        if (TLanes.Count == Tile.Width / 2)
        {
            for (; column + 2 * Tile.Height <= columns; column += 2 * Tile.Height)
            {
                ref double products = ref Unsafe.Add(ref c, column * strideC);
                MultiplyWide(inner, ref left, ref Unsafe.Add(ref right, column), strideB, constant, ref products, strideC);
            }
        }

        for (; column < columns; column += Tile.Height)
        {
            ref double products = ref Unsafe.Add(ref c, column * strideC);
            if (constant is { } start)
            {
                for (int j = 0; j < Tile.Height; j++)
                {
                    for (int row = 0; row < Tile.Width; row += TLanes.Count)
                        TLanes.Store(TLanes.Broadcast(start), ref products, (nuint)(j * strideC + row));
                }
            }

            MultiplyAdd(inner, in left, Tile.Width, in Unsafe.Add(ref right, column), strideB, ref products, strideC);
        }
    }

    private static void MultiplyWide(int inner, ref double a, ref double b, int strideB, double? constant, ref double c, int strideC)
    {
        nuint second = (nuint)TLanes.Count;
        ref double c1 = ref Unsafe.Add(ref c, strideC);
        ref double c2 = ref Unsafe.Add(ref c1, strideC);
        ref double c3 = ref Unsafe.Add(ref c2, strideC);
        ref double c4 = ref Unsafe.Add(ref c3, strideC);
        ref double c5 = ref Unsafe.Add(ref c4, strideC);
        ref double c6 = ref Unsafe.Add(ref c5, strideC);
        ref double c7 = ref Unsafe.Add(ref c6, strideC);
        TVector c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        if (constant is { } start)
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 = TLanes.Broadcast(start);
        }
        else
        {
            (c00, c01) = (TLanes.Load(ref c, 0), TLanes.Load(ref c, second));
            (c10, c11) = (TLanes.Load(ref c1, 0), TLanes.Load(ref c1, second));
            (c20, c21) = (TLanes.Load(ref c2, 0), TLanes.Load(ref c2, second));
            (c30, c31) = (TLanes.Load(ref c3, 0), TLanes.Load(ref c3, second));
            (c40, c41) = (TLanes.Load(ref c4, 0), TLanes.Load(ref c4, second));
            (c50, c51) = (TLanes.Load(ref c5, 0), TLanes.Load(ref c5, second));
            (c60, c61) = (TLanes.Load(ref c6, 0), TLanes.Load(ref c6, second));
            (c70, c71) = (TLanes.Load(ref c7, 0), TLanes.Load(ref c7, second));
        }

        for (int i = 0; i < inner; i++)
        {
            TVector a0 = TLanes.Load(ref a, 0), a1 = TLanes.Load(ref a, second);
            TVector b0 = TLanes.Broadcast(b), b1 = TLanes.Broadcast(Unsafe.Add(ref b, 1));
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a1, b0, c01);
            c10 = TLanes.MultiplyAdd(a0, b1, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector b2 = TLanes.Broadcast(Unsafe.Add(ref b, 2)), b3 = TLanes.Broadcast(Unsafe.Add(ref b, 3));
            c20 = TLanes.MultiplyAdd(a0, b2, c20);
            c21 = TLanes.MultiplyAdd(a1, b2, c21);
            c30 = TLanes.MultiplyAdd(a0, b3, c30);
            c31 = TLanes.MultiplyAdd(a1, b3, c31);
            TVector b4 = TLanes.Broadcast(Unsafe.Add(ref b, 4)), b5 = TLanes.Broadcast(Unsafe.Add(ref b, 5));
            c40 = TLanes.MultiplyAdd(a0, b4, c40);
            c41 = TLanes.MultiplyAdd(a1, b4, c41);
            c50 = TLanes.MultiplyAdd(a0, b5, c50);
            c51 = TLanes.MultiplyAdd(a1, b5, c51);
            TVector b6 = TLanes.Broadcast(Unsafe.Add(ref b, 6)), b7 = TLanes.Broadcast(Unsafe.Add(ref b, 7));
            c60 = TLanes.MultiplyAdd(a0, b6, c60);
            c61 = TLanes.MultiplyAdd(a1, b6, c61);
            c70 = TLanes.MultiplyAdd(a0, b7, c70);
            c71 = TLanes.MultiplyAdd(a1, b7, c71);
            a = ref Unsafe.Add(ref a, Tile.Width);
            b = ref Unsafe.Add(ref b, strideB);
        }

        TLanes.Store(c00, ref c, 0);
        TLanes.Store(c01, ref c, second);
        TLanes.Store(c10, ref c1, 0);
        TLanes.Store(c11, ref c1, second);
        TLanes.Store(c20, ref c2, 0);
        TLanes.Store(c21, ref c2, second);
        TLanes.Store(c30, ref c3, 0);
        TLanes.Store(c31, ref c3, second);
        TLanes.Store(c40, ref c4, 0);
        TLanes.Store(c41, ref c4, second);
        TLanes.Store(c50, ref c5, 0);
        TLanes.Store(c51, ref c5, second);
        TLanes.Store(c60, ref c6, 0);
        TLanes.Store(c61, ref c6, second);
        TLanes.Store(c70, ref c7, 0);
        TLanes.Store(c71, ref c7, second);
    }

    private static void MultiplyPair(
        int inner, ref double a, int strideA, ref readonly double b, int strideB, ref double c, int strideC)
    {
        nuint second = (nuint)TLanes.Count;
        ref double c1 = ref Unsafe.Add(ref c, strideC);
        ref double c2 = ref Unsafe.Add(ref c1, strideC);
        ref double c3 = ref Unsafe.Add(ref c2, strideC);
        TVector c00 = TLanes.Load(ref c, 0), c01 = TLanes.Load(ref c, second);
        TVector c10 = TLanes.Load(ref c1, 0), c11 = TLanes.Load(ref c1, second);
        TVector c20 = TLanes.Load(ref c2, 0), c21 = TLanes.Load(ref c2, second);
        TVector c30 = TLanes.Load(ref c3, 0), c31 = TLanes.Load(ref c3, second);
        ref double right = ref Unsafe.AsRef(in b);
        for (int i = 0; i < inner; i++)
        {
            TVector a0 = TLanes.Load(ref a, 0), a1 = TLanes.Load(ref a, second);
            TVector b0 = TLanes.Broadcast(right);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a1, b0, c01);
            TVector b1 = TLanes.Broadcast(Unsafe.Add(ref right, 1));
            c10 = TLanes.MultiplyAdd(a0, b1, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector b2 = TLanes.Broadcast(Unsafe.Add(ref right, 2));
            c20 = TLanes.MultiplyAdd(a0, b2, c20);
            c21 = TLanes.MultiplyAdd(a1, b2, c21);
            TVector b3 = TLanes.Broadcast(Unsafe.Add(ref right, 3));
            c30 = TLanes.MultiplyAdd(a0, b3, c30);
            c31 = TLanes.MultiplyAdd(a1, b3, c31);
            a = ref Unsafe.Add(ref a, strideA);
            right = ref Unsafe.Add(ref right, strideB);
        }

        TLanes.Store(c00, ref c, 0);
        TLanes.Store(c01, ref c, second);
        TLanes.Store(c10, ref c1, 0);
        TLanes.Store(c11, ref c1, second);
        TLanes.Store(c20, ref c2, 0);
        TLanes.Store(c21, ref c2, second);
        TLanes.Store(c30, ref c3, 0);
        TLanes.Store(c31, ref c3, second);
    }
}

/// <summary>The shape of the tile that <see cref="TileKernel{TLanes,TVector}"/> computes.</summary>
internal static class Tile
{
    /// <summary>Columns of the left factor: two of the widest registers.</summary>
    public const int Width = 16;

    /// <summary>Columns of the right factor.</summary>
    public const int Height = 4;

    /// <summary>Columns of the right factor that <see cref="PoolKernel{TLanes,TVector}"/> takes together.</summary>
    public const int PoolHeight = 8;

    /// <summary>The least multiple of <see cref="Width"/> that is not below <paramref name="count"/>.</summary>
    public static int PadWidth(int count) => checked((count + Width - 1) / Width * Width);

    /// <summary>The least multiple of <see cref="Height"/> that is not below <paramref name="count"/>.</summary>
    public static int PadHeight(int count) => checked((count + Height - 1) / Height * Height);

    /// <summary>Fails unless products have room: kernels write whole tiles and look at no length.</summary>
    /// <param name="products">What they are written to.</param>
    /// <param name="rows">Rows of products, which are padded to a multiple of <see cref="Width"/>.</param>
    /// <param name="columns">A multiple of <see cref="Height"/>.</param>
    /// <param name="stride">Numbers from one column's products to the next.</param>
    /// <exception cref="ArgumentException">They have not.</exception>
    public static void HoldRoom(ReadOnlySpan<double> products, int rows, int columns, int stride)
    {
        int padded = PadWidth(rows);
        if (columns > 0 && (stride < padded || products.Length < checked((long)stride * (columns - 1) + padded)))
        {
            throw new ArgumentException(
                $"There is room for {products.Length} numbers at a stride of {stride}. {columns} times {padded} are written: a row's "
                + $"weights take a stride of at least n, rounded up to a multiple of {Width}, and there are rows rounded up to a "
                + $"multiple of {Height}.");
        }
    }
}

/// <summary>
/// Products of columns that are packed into panels of 16 rows: C += A·B, number by number, for one column of A and 4
/// columns of B, summed over the panels. C has 16 parts of each of the 4 sums, one for each row of a panel.
/// </summary>
/// <remarks>
/// Each part is one chain of fused multiply-adds, in order, so the bits are the same at every vector width.
/// </remarks>
internal static class PanelKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static void MultiplyAdd(
        int panels, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c)
    {
        for (int lane = 0; lane < Tile.Width; lane += 2 * TLanes.Count)
        {
            MultiplyPair(
                panels, ref Unsafe.Add(ref Unsafe.AsRef(in a), lane), strideA,
                ref Unsafe.Add(ref Unsafe.AsRef(in b), lane), strideB, ref Unsafe.Add(ref c, lane));
        }
    }

    private static void MultiplyPair(int panels, ref double a, int strideA, ref double b, int strideB, ref double c)
    {
        nuint second = (nuint)TLanes.Count;
        ref double c1 = ref Unsafe.Add(ref c, Tile.Width);
        ref double c2 = ref Unsafe.Add(ref c1, Tile.Width);
        ref double c3 = ref Unsafe.Add(ref c2, Tile.Width);
        TVector c00 = TLanes.Load(ref c, 0), c01 = TLanes.Load(ref c, second);
        TVector c10 = TLanes.Load(ref c1, 0), c11 = TLanes.Load(ref c1, second);
        TVector c20 = TLanes.Load(ref c2, 0), c21 = TLanes.Load(ref c2, second);
        TVector c30 = TLanes.Load(ref c3, 0), c31 = TLanes.Load(ref c3, second);
        for (int panel = 0; panel < panels; panel++)
        {
            ref double b1 = ref Unsafe.Add(ref b, strideB);
            ref double b2 = ref Unsafe.Add(ref b1, strideB);
            ref double b3 = ref Unsafe.Add(ref b2, strideB);
            TVector a0 = TLanes.Load(ref a, 0), a1 = TLanes.Load(ref a, second);
            c00 = TLanes.MultiplyAdd(a0, TLanes.Load(ref b, 0), c00);
            c01 = TLanes.MultiplyAdd(a1, TLanes.Load(ref b, second), c01);
            c10 = TLanes.MultiplyAdd(a0, TLanes.Load(ref b1, 0), c10);
            c11 = TLanes.MultiplyAdd(a1, TLanes.Load(ref b1, second), c11);
            c20 = TLanes.MultiplyAdd(a0, TLanes.Load(ref b2, 0), c20);
            c21 = TLanes.MultiplyAdd(a1, TLanes.Load(ref b2, second), c21);
            c30 = TLanes.MultiplyAdd(a0, TLanes.Load(ref b3, 0), c30);
            c31 = TLanes.MultiplyAdd(a1, TLanes.Load(ref b3, second), c31);
            a = ref Unsafe.Add(ref a, strideA);
            b = ref Unsafe.Add(ref b, Tile.Width);
        }

        TLanes.Store(c00, ref c, 0);
        TLanes.Store(c01, ref c, second);
        TLanes.Store(c10, ref c1, 0);
        TLanes.Store(c11, ref c1, second);
        TLanes.Store(c20, ref c2, 0);
        TLanes.Store(c21, ref c2, second);
        TLanes.Store(c30, ref c3, 0);
        TLanes.Store(c31, ref c3, second);
    }
}

/// <summary>
/// Products of columns of A, directions, with columns of B, and at once the sum of what each has beyond a threshold:
/// S_p += max(0, AᵀB − threshold), where several columns of B share the place p that they are added up at.
/// </summary>
/// <remarks>
/// Each product is one chain of fused multiply-adds over the rows, and each sum takes the columns of B in their order,
/// so the bits are the same at every vector width. A few registers of A stay in the first-level cache while all columns
/// of B pass over them.
/// </remarks>
internal static class PoolKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int Wide = Tile.PoolHeight;

    public static void Add(
        int inner, int columns, ref readonly double a, int strideA, ReadOnlySpan<double> b, int strideB,
        ReadOnlySpan<int> groups, ReadOnlySpan<int> places, double threshold, Span<double> sums)
    {
        ref double left = ref Unsafe.AsRef(in a);
        ref double right = ref MemoryMarshal.GetReference(b), sum = ref MemoryMarshal.GetReference(sums);
        for (int column = 0; column < columns; column += 2 * TLanes.Count)
        {
            ref double directions = ref Unsafe.Add(ref left, column), own = ref Unsafe.Add(ref sum, column);
            foreach (int first in groups)
            {
                ref double some = ref Unsafe.Add(ref right, first);
                ReadOnlySpan<int> to = places.Slice(first, Wide);
                if (TLanes.Count < Wide)
                {
                    AddFour(inner, ref directions, strideA, ref some, strideB, to[..4], threshold, ref own);
                    AddFour(inner, ref directions, strideA, ref Unsafe.Add(ref some, 4), strideB, to[4..], threshold, ref own);
                }
                else if (column + TLanes.Count < columns)
                {
                    AddEight(inner, ref directions, strideA, ref some, strideB, to, threshold, ref own);
                }
                else
                {
                    AddEightOfOne(inner, ref directions, strideA, ref some, strideB, to, threshold, ref own);
                }
            }
        }
    }

    private static void AddFour(
        int inner, ref double a, int strideA, ref double b, int strideB, ReadOnlySpan<int> places, double threshold, ref double sums)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        for (int i = 0; i < inner; i++)
        {
            TVector a0 = TLanes.Load(ref a, 0), a1 = TLanes.Load(ref a, (nuint)TLanes.Count);
            TVector b0 = TLanes.Broadcast(b);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a1, b0, c01);
            TVector b1 = TLanes.Broadcast(Unsafe.Add(ref b, 1));
            c10 = TLanes.MultiplyAdd(a0, b1, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector b2 = TLanes.Broadcast(Unsafe.Add(ref b, 2));
            c20 = TLanes.MultiplyAdd(a0, b2, c20);
            c21 = TLanes.MultiplyAdd(a1, b2, c21);
            TVector b3 = TLanes.Broadcast(Unsafe.Add(ref b, 3));
            c30 = TLanes.MultiplyAdd(a0, b3, c30);
            c31 = TLanes.MultiplyAdd(a1, b3, c31);
            a = ref Unsafe.Add(ref a, strideA);
            b = ref Unsafe.Add(ref b, strideB);
        }

        TVector least = TLanes.Broadcast(threshold);
        AddBeyond(c00, least, ref Unsafe.Add(ref sums, places[0]), 0);
        AddBeyond(c01, least, ref Unsafe.Add(ref sums, places[0]), (nuint)TLanes.Count);
        AddBeyond(c10, least, ref Unsafe.Add(ref sums, places[1]), 0);
        AddBeyond(c11, least, ref Unsafe.Add(ref sums, places[1]), (nuint)TLanes.Count);
        AddBeyond(c20, least, ref Unsafe.Add(ref sums, places[2]), 0);
        AddBeyond(c21, least, ref Unsafe.Add(ref sums, places[2]), (nuint)TLanes.Count);
        AddBeyond(c30, least, ref Unsafe.Add(ref sums, places[3]), 0);
        AddBeyond(c31, least, ref Unsafe.Add(ref sums, places[3]), (nuint)TLanes.Count);
    }

    private static void AddEight(
        int inner, ref double a, int strideA, ref double b, int strideB, ReadOnlySpan<int> places, double threshold, ref double sums)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        TVector c40 = default, c41 = default;
        TVector c50 = default, c51 = default;
        TVector c60 = default, c61 = default;
        TVector c70 = default, c71 = default;
        for (int i = 0; i < inner; i++)
        {
            TVector a0 = TLanes.Load(ref a, 0), a1 = TLanes.Load(ref a, (nuint)TLanes.Count);
            TVector b0 = TLanes.Broadcast(b);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a1, b0, c01);
            TVector b1 = TLanes.Broadcast(Unsafe.Add(ref b, 1));
            c10 = TLanes.MultiplyAdd(a0, b1, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector b2 = TLanes.Broadcast(Unsafe.Add(ref b, 2));
            c20 = TLanes.MultiplyAdd(a0, b2, c20);
            c21 = TLanes.MultiplyAdd(a1, b2, c21);
            TVector b3 = TLanes.Broadcast(Unsafe.Add(ref b, 3));
            c30 = TLanes.MultiplyAdd(a0, b3, c30);
            c31 = TLanes.MultiplyAdd(a1, b3, c31);
            TVector b4 = TLanes.Broadcast(Unsafe.Add(ref b, 4));
            c40 = TLanes.MultiplyAdd(a0, b4, c40);
            c41 = TLanes.MultiplyAdd(a1, b4, c41);
            TVector b5 = TLanes.Broadcast(Unsafe.Add(ref b, 5));
            c50 = TLanes.MultiplyAdd(a0, b5, c50);
            c51 = TLanes.MultiplyAdd(a1, b5, c51);
            TVector b6 = TLanes.Broadcast(Unsafe.Add(ref b, 6));
            c60 = TLanes.MultiplyAdd(a0, b6, c60);
            c61 = TLanes.MultiplyAdd(a1, b6, c61);
            TVector b7 = TLanes.Broadcast(Unsafe.Add(ref b, 7));
            c70 = TLanes.MultiplyAdd(a0, b7, c70);
            c71 = TLanes.MultiplyAdd(a1, b7, c71);
            a = ref Unsafe.Add(ref a, strideA);
            b = ref Unsafe.Add(ref b, strideB);
        }

        TVector least = TLanes.Broadcast(threshold);
        AddBeyond(c00, least, ref Unsafe.Add(ref sums, places[0]), 0);
        AddBeyond(c01, least, ref Unsafe.Add(ref sums, places[0]), (nuint)TLanes.Count);
        AddBeyond(c10, least, ref Unsafe.Add(ref sums, places[1]), 0);
        AddBeyond(c11, least, ref Unsafe.Add(ref sums, places[1]), (nuint)TLanes.Count);
        AddBeyond(c20, least, ref Unsafe.Add(ref sums, places[2]), 0);
        AddBeyond(c21, least, ref Unsafe.Add(ref sums, places[2]), (nuint)TLanes.Count);
        AddBeyond(c30, least, ref Unsafe.Add(ref sums, places[3]), 0);
        AddBeyond(c31, least, ref Unsafe.Add(ref sums, places[3]), (nuint)TLanes.Count);
        AddBeyond(c40, least, ref Unsafe.Add(ref sums, places[4]), 0);
        AddBeyond(c41, least, ref Unsafe.Add(ref sums, places[4]), (nuint)TLanes.Count);
        AddBeyond(c50, least, ref Unsafe.Add(ref sums, places[5]), 0);
        AddBeyond(c51, least, ref Unsafe.Add(ref sums, places[5]), (nuint)TLanes.Count);
        AddBeyond(c60, least, ref Unsafe.Add(ref sums, places[6]), 0);
        AddBeyond(c61, least, ref Unsafe.Add(ref sums, places[6]), (nuint)TLanes.Count);
        AddBeyond(c70, least, ref Unsafe.Add(ref sums, places[7]), 0);
        AddBeyond(c71, least, ref Unsafe.Add(ref sums, places[7]), (nuint)TLanes.Count);
    }

    private static void AddEightOfOne(
        int inner, ref double a, int strideA, ref double b, int strideB, ReadOnlySpan<int> places, double threshold, ref double sums)
    {
        TVector c00 = default;
        TVector c10 = default;
        TVector c20 = default;
        TVector c30 = default;
        TVector c40 = default;
        TVector c50 = default;
        TVector c60 = default;
        TVector c70 = default;
        for (int i = 0; i < inner; i++)
        {
            TVector a0 = TLanes.Load(ref a, 0);
            TVector b0 = TLanes.Broadcast(b);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            TVector b1 = TLanes.Broadcast(Unsafe.Add(ref b, 1));
            c10 = TLanes.MultiplyAdd(a0, b1, c10);
            TVector b2 = TLanes.Broadcast(Unsafe.Add(ref b, 2));
            c20 = TLanes.MultiplyAdd(a0, b2, c20);
            TVector b3 = TLanes.Broadcast(Unsafe.Add(ref b, 3));
            c30 = TLanes.MultiplyAdd(a0, b3, c30);
            TVector b4 = TLanes.Broadcast(Unsafe.Add(ref b, 4));
            c40 = TLanes.MultiplyAdd(a0, b4, c40);
            TVector b5 = TLanes.Broadcast(Unsafe.Add(ref b, 5));
            c50 = TLanes.MultiplyAdd(a0, b5, c50);
            TVector b6 = TLanes.Broadcast(Unsafe.Add(ref b, 6));
            c60 = TLanes.MultiplyAdd(a0, b6, c60);
            TVector b7 = TLanes.Broadcast(Unsafe.Add(ref b, 7));
            c70 = TLanes.MultiplyAdd(a0, b7, c70);
            a = ref Unsafe.Add(ref a, strideA);
            b = ref Unsafe.Add(ref b, strideB);
        }

        TVector least = TLanes.Broadcast(threshold);
        AddBeyond(c00, least, ref Unsafe.Add(ref sums, places[0]), 0);
        AddBeyond(c10, least, ref Unsafe.Add(ref sums, places[1]), 0);
        AddBeyond(c20, least, ref Unsafe.Add(ref sums, places[2]), 0);
        AddBeyond(c30, least, ref Unsafe.Add(ref sums, places[3]), 0);
        AddBeyond(c40, least, ref Unsafe.Add(ref sums, places[4]), 0);
        AddBeyond(c50, least, ref Unsafe.Add(ref sums, places[5]), 0);
        AddBeyond(c60, least, ref Unsafe.Add(ref sums, places[6]), 0);
        AddBeyond(c70, least, ref Unsafe.Add(ref sums, places[7]), 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBeyond(TVector product, TVector least, ref double sums, nuint index)
    {
        TVector beyond = TLanes.Subtract(product, least);
        TLanes.Store(TLanes.Add(TLanes.Load(ref sums, index), TLanes.SelectPositive(beyond, beyond, default)), ref sums, index);
    }
}

/// <summary>
/// The inner tile of products in single precision: C = S + AB for a panel of 32 rows of A and 8 columns of B, both
/// stored inner index by inner index, and 32 numbers S to start from. Tells which columns of C have a number that is at
/// most a limit, by a bit for each, the first column's lowest.
/// </summary>
internal static class RoughTileKernel<TLanes, TVector>
    where TLanes : struct, ISingleLanes<TVector>
    where TVector : struct
{
    public static uint Multiply(
        int inner, ref readonly float a, ref readonly float b, ref readonly float start, ref readonly float limits, ref float c,
        int strideC)
    {
        uint within = 0;
        ref float left = ref Unsafe.AsRef(in a), right = ref Unsafe.AsRef(in b);
        ref float from = ref Unsafe.AsRef(in start), most = ref Unsafe.AsRef(in limits);
        for (int row = 0; row < RoughTile.Width; row += 2 * TLanes.Count)
        {
            ref float panel = ref Unsafe.Add(ref left, row), to = ref Unsafe.Add(ref c, row);
            if (TLanes.Count < 16)
            {
                // So many results as half as many registers hold.
                ref float next = ref Unsafe.Add(ref to, 4 * strideC);
                within |= Four(inner, ref panel, ref right, ref Unsafe.Add(ref from, row), ref most, ref to, strideC);
                within |= Four(
                    inner, ref panel, ref Unsafe.Add(ref right, 4), ref Unsafe.Add(ref from, row), ref Unsafe.Add(ref most, 4), ref next,
                    strideC) << 4;
            }
            else
            {
                within |= Eight(inner, ref panel, ref right, ref Unsafe.Add(ref from, row), ref most, ref to, strideC);
            }
        }

        return within;
    }

    private static uint Four(
        int inner, ref float a, ref float b, ref readonly float start, ref float most, ref float c, int strideC)
    {
        nuint second = (nuint)TLanes.Count;
        TVector s0 = TLanes.LoadSingles(in start, 0), s1 = TLanes.LoadSingles(in start, second);
        TVector c00 = s0, c01 = s1;
        TVector c10 = s0, c11 = s1;
        TVector c20 = s0, c21 = s1;
        TVector c30 = s0, c31 = s1;
        for (int i = 0; i < inner; i++)
        {
            TVector a0 = TLanes.LoadSingles(ref a, 0), a1 = TLanes.LoadSingles(ref a, second);
            TVector b0 = TLanes.BroadcastSingle(b);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a1, b0, c01);
            TVector b1 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 1));
            c10 = TLanes.MultiplyAdd(a0, b1, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector b2 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 2));
            c20 = TLanes.MultiplyAdd(a0, b2, c20);
            c21 = TLanes.MultiplyAdd(a1, b2, c21);
            TVector b3 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 3));
            c30 = TLanes.MultiplyAdd(a0, b3, c30);
            c31 = TLanes.MultiplyAdd(a1, b3, c31);
            a = ref Unsafe.Add(ref a, RoughTile.Width);
            b = ref Unsafe.Add(ref b, RoughTile.Height);
        }

        TLanes.StoreSingles(c00, ref c, 0);
        TLanes.StoreSingles(c01, ref c, second);
        TLanes.StoreSingles(c10, ref Unsafe.Add(ref c, strideC), 0);
        TLanes.StoreSingles(c11, ref Unsafe.Add(ref c, strideC), second);
        TLanes.StoreSingles(c20, ref Unsafe.Add(ref c, 2 * strideC), 0);
        TLanes.StoreSingles(c21, ref Unsafe.Add(ref c, 2 * strideC), second);
        TLanes.StoreSingles(c30, ref Unsafe.Add(ref c, 3 * strideC), 0);
        TLanes.StoreSingles(c31, ref Unsafe.Add(ref c, 3 * strideC), second);
        return Within(c00, c01, most)
            | Within(c10, c11, Unsafe.Add(ref most, 1)) << 1
            | Within(c20, c21, Unsafe.Add(ref most, 2)) << 2
            | Within(c30, c31, Unsafe.Add(ref most, 3)) << 3;
    }

    private static uint Eight(
        int inner, ref float a, ref float b, ref readonly float start, ref float most, ref float c, int strideC)
    {
        nuint second = (nuint)TLanes.Count;
        TVector s0 = TLanes.LoadSingles(in start, 0), s1 = TLanes.LoadSingles(in start, second);
        TVector c00 = s0, c01 = s1;
        TVector c10 = s0, c11 = s1;
        TVector c20 = s0, c21 = s1;
        TVector c30 = s0, c31 = s1;
        TVector c40 = s0, c41 = s1;
        TVector c50 = s0, c51 = s1;
        TVector c60 = s0, c61 = s1;
        TVector c70 = s0, c71 = s1;
        for (int i = 0; i < inner; i++)
        {
            TVector a0 = TLanes.LoadSingles(ref a, 0), a1 = TLanes.LoadSingles(ref a, second);
            TVector b0 = TLanes.BroadcastSingle(b);
            c00 = TLanes.MultiplyAdd(a0, b0, c00);
            c01 = TLanes.MultiplyAdd(a1, b0, c01);
            TVector b1 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 1));
            c10 = TLanes.MultiplyAdd(a0, b1, c10);
            c11 = TLanes.MultiplyAdd(a1, b1, c11);
            TVector b2 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 2));
            c20 = TLanes.MultiplyAdd(a0, b2, c20);
            c21 = TLanes.MultiplyAdd(a1, b2, c21);
            TVector b3 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 3));
            c30 = TLanes.MultiplyAdd(a0, b3, c30);
            c31 = TLanes.MultiplyAdd(a1, b3, c31);
            TVector b4 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 4));
            c40 = TLanes.MultiplyAdd(a0, b4, c40);
            c41 = TLanes.MultiplyAdd(a1, b4, c41);
            TVector b5 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 5));
            c50 = TLanes.MultiplyAdd(a0, b5, c50);
            c51 = TLanes.MultiplyAdd(a1, b5, c51);
            TVector b6 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 6));
            c60 = TLanes.MultiplyAdd(a0, b6, c60);
            c61 = TLanes.MultiplyAdd(a1, b6, c61);
            TVector b7 = TLanes.BroadcastSingle(Unsafe.Add(ref b, 7));
            c70 = TLanes.MultiplyAdd(a0, b7, c70);
            c71 = TLanes.MultiplyAdd(a1, b7, c71);
            a = ref Unsafe.Add(ref a, RoughTile.Width);
            b = ref Unsafe.Add(ref b, RoughTile.Height);
        }

        TLanes.StoreSingles(c00, ref c, 0);
        TLanes.StoreSingles(c01, ref c, second);
        TLanes.StoreSingles(c10, ref Unsafe.Add(ref c, strideC), 0);
        TLanes.StoreSingles(c11, ref Unsafe.Add(ref c, strideC), second);
        TLanes.StoreSingles(c20, ref Unsafe.Add(ref c, 2 * strideC), 0);
        TLanes.StoreSingles(c21, ref Unsafe.Add(ref c, 2 * strideC), second);
        TLanes.StoreSingles(c30, ref Unsafe.Add(ref c, 3 * strideC), 0);
        TLanes.StoreSingles(c31, ref Unsafe.Add(ref c, 3 * strideC), second);
        TLanes.StoreSingles(c40, ref Unsafe.Add(ref c, 4 * strideC), 0);
        TLanes.StoreSingles(c41, ref Unsafe.Add(ref c, 4 * strideC), second);
        TLanes.StoreSingles(c50, ref Unsafe.Add(ref c, 5 * strideC), 0);
        TLanes.StoreSingles(c51, ref Unsafe.Add(ref c, 5 * strideC), second);
        TLanes.StoreSingles(c60, ref Unsafe.Add(ref c, 6 * strideC), 0);
        TLanes.StoreSingles(c61, ref Unsafe.Add(ref c, 6 * strideC), second);
        TLanes.StoreSingles(c70, ref Unsafe.Add(ref c, 7 * strideC), 0);
        TLanes.StoreSingles(c71, ref Unsafe.Add(ref c, 7 * strideC), second);
        return Within(c00, c01, most)
            | Within(c10, c11, Unsafe.Add(ref most, 1)) << 1
            | Within(c20, c21, Unsafe.Add(ref most, 2)) << 2
            | Within(c30, c31, Unsafe.Add(ref most, 3)) << 3
            | Within(c40, c41, Unsafe.Add(ref most, 4)) << 4
            | Within(c50, c51, Unsafe.Add(ref most, 5)) << 5
            | Within(c60, c61, Unsafe.Add(ref most, 6)) << 6
            | Within(c70, c71, Unsafe.Add(ref most, 7)) << 7;
    }

    /// <summary>1 where any of two registers is at most the limit, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Within(TVector first, TVector second, float limit)
    {
        TVector most = TLanes.BroadcastSingle(limit);
        return (TLanes.AtLeast(most, first) | TLanes.AtLeast(most, second)) != 0 ? 1u : 0;
    }
}

/// <summary>The shape of the tile that <see cref="RoughTileKernel{TLanes,TVector}"/> computes.</summary>
internal static class RoughTile
{
    /// <summary>Rows of the left factor: two of the widest registers.</summary>
    public const int Width = 32;

    /// <summary>Columns of the right factor.</summary>
    public const int Height = 8;
}
