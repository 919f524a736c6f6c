using System.Runtime.CompilerServices;

namespace CertiFlip.Kernels;

/// <summary>e^(−a) for a ≥ 0 as <see cref="NegativeExponential{TLanes,TVector}"/>, on lanes of floats and to their precision; beyond 87 it is e^(−87).</summary>
internal static class RoughExponential<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const double Log2OfE = 1.4426950408889634;

    /// <summary>The leading 10 bits of ln 2: its product with any |k| &lt; 2⁸ is exact in a float.</summary>
    private const double Ln2High = 0.693359375;

    private const double Ln2Low = -2.12194440e-4;

    /// <summary>Adding 1.5·2²³ rounds a float to the nearest integer and leaves that integer in the low bits.</summary>
    private const double Shifter = 12582912;

    private const double LargestArgument = 87;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of(TVector a)
    {
        TVector x = TLanes.Max(TLanes.Subtract(TLanes.Broadcast(0), a), TLanes.Broadcast(-LargestArgument));
        TVector shifter = TLanes.MultiplyAdd(x, TLanes.Broadcast(Log2OfE), TLanes.Broadcast(Shifter));
        TVector k = TLanes.Subtract(shifter, TLanes.Broadcast(Shifter));
        TVector r = TLanes.MultiplyAdd(k, TLanes.Broadcast(-Ln2High), x);
        r = TLanes.MultiplyAdd(k, TLanes.Broadcast(-Ln2Low), r);
        TVector p = TLanes.MultiplyAdd(r, TLanes.Broadcast(1.0 / 720), TLanes.Broadcast(1.0 / 120));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 24));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 6));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(0.5));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1));
        return TLanes.AddToExponent(p, shifter);
    }
}
