using System.Runtime.CompilerServices;

namespace CertiFlip.Kernels;

/// <summary>
/// The inner tile of every matrix product: C += AᵀB for a tile of 16 columns of A and 4 columns of B, both stored row by row.
/// </summary>
/// <remarks>
/// Each of the 64 results is one chain of fused multiply-adds over the rows, in order. Lanes never meet, so the bits are the same
/// at every vector width. Two registers by four columns leave eight independent chains, enough to hide the latency of a
/// multiply-add and few enough for 16 registers.
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
