using System.Runtime.CompilerServices;

namespace CertiFlip.Kernels;

/// <summary>e^(−a) for a ≥ 0, the one transcendental function inside the kernels.</summary>
/// <remarks>
/// a is reduced to k·ln 2 + r with |r| ≤ ½ ln 2, e^r is its Taylor polynomial of degree 13 (truncation below 5·10⁻¹⁸), and k goes
/// into the exponent. The relative error is below 4 units of roundoff for a ≤ 708; beyond that the result is e^(−708), which is off
/// by less than 10⁻³⁰⁷. The rounding margin of the Chernoff bound counts on both.
/// </remarks>
internal static class NegativeExponential<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const double Log2OfE = 1.4426950408889634;

    /// <summary>The leading 32 bits of ln 2: its product with any |k| &lt; 2¹¹ is exact.</summary>
    private const double Ln2High = 0.6931471803691238;

    private const double Ln2Low = 1.9082149292705877e-10;

    /// <summary>Adding 1.5·2⁵² rounds to the nearest integer and leaves that integer in the low bits.</summary>
    private const double Shifter = 6755399441055744.0;

    private const double LargestArgument = 708;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of(TVector a)
    {
        TVector x = TLanes.Max(TLanes.Subtract(TLanes.Broadcast(0), a), TLanes.Broadcast(-LargestArgument));
        TVector shifter = TLanes.MultiplyAdd(x, TLanes.Broadcast(Log2OfE), TLanes.Broadcast(Shifter));
        TVector k = TLanes.Subtract(shifter, TLanes.Broadcast(Shifter));
        TVector r = TLanes.MultiplyAdd(k, TLanes.Broadcast(-Ln2High), x);
        r = TLanes.MultiplyAdd(k, TLanes.Broadcast(-Ln2Low), r);

        TVector p = TLanes.MultiplyAdd(r, TLanes.Broadcast(1.0 / 6227020800), TLanes.Broadcast(1.0 / 479001600));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 39916800));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 3628800));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 362880));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 40320));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 5040));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 720));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 120));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 24));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 6));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(0.5));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1));
        return TLanes.AddToExponent(p, shifter);
    }
}
