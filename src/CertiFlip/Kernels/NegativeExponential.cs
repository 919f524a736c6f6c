using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// e^(−a) for a ≥ 0, the one transcendental function inside the kernels, to the precision of the lanes.
/// </summary>
/// <remarks>
/// a is reduced to k·ln 2 + r with |r| ≤ ½ ln 2, e^r is its Taylor polynomial, and k goes into the exponent. In doubles
/// the polynomial has degree 13 (truncation below 5·10⁻¹⁸). The relative error is below 4 units of roundoff for a ≤
/// 708; beyond that the result is e^(−708), which is off by less than 10⁻³⁰⁷. The rounding margin of the Chernoff bound
/// counts on both. In floats the degree is 6, and a is cut at 87.
/// </remarks>
internal static class NegativeExponential<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const double Log2OfE = 1.4426950408889634;

    // The leading 32 and 10 bits of ln 2: the product with a k that occurs is exact.
    private const double Ln2High = 0.6931471803691238, SingleLn2High = 0.693359375;
    private const double Ln2Low = 1.9082149292705877e-10, SingleLn2Low = -2.12194440e-4;

    // Adding 1.5·2⁵², or 1.5·2²³, rounds to the nearest integer and leaves that integer in the low bits.
    private const double Shifter = 6755399441055744.0, SingleShifter = 12582912;

    /// <summary>Where the result stops to fall.</summary>
    public static TVector LargestArgument => Either(TLanes.Broadcast(708), TLanes.Broadcast(87));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of(TVector a)
    {
        TVector rounder = Either(TLanes.Broadcast(Shifter), TLanes.Broadcast(SingleShifter));
        TVector x = TLanes.Max(
            TLanes.Subtract(TLanes.Broadcast(0), a), Either(TLanes.Broadcast(-708), TLanes.Broadcast(-87)));
        TVector shifter = TLanes.MultiplyAdd(x, TLanes.Broadcast(Log2OfE), rounder);
        TVector k = TLanes.Subtract(shifter, rounder);
        TVector r = TLanes.MultiplyAdd(k, Either(TLanes.Broadcast(-Ln2High), TLanes.Broadcast(-SingleLn2High)), x);
        r = TLanes.MultiplyAdd(k, Either(TLanes.Broadcast(-Ln2Low), TLanes.Broadcast(-SingleLn2Low)), r);

        TVector p = TLanes.Broadcast(1.0 / 720);
        if (!TLanes.AreSingle)
        {
            p = TLanes.MultiplyAdd(r, TLanes.Broadcast(1.0 / 6227020800), TLanes.Broadcast(1.0 / 479001600));
            p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 39916800));
            p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 3628800));
            p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 362880));
            p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 40320));
            p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 5040));
            p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 720));
        }

        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 120));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 24));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1.0 / 6));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(0.5));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(1));
        return TLanes.AddToExponent(p, shifter);
    }

    /// <summary>
    /// What the lanes need. They are known when their machine code is made, so that it holds one of the two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Either(TVector ofDoubles, TVector ofSingles) => TLanes.AreSingle ? ofSingles : ofDoubles;
}

/// <summary>
/// Replaces d ≥ least by e^(−c(d − least)), number by number: 1 at the least, 0 where the exponential leaves the range
/// of doubles.
/// </summary>
/// <remarks>Lanes do not meet, so the bits are the same at every vector width.</remarks>
internal static class DecayKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static void Apply(Span<double> values, double least, double rate)
    {
        int whole = values.Length - values.Length % TLanes.Count;
        ref double value = ref MemoryMarshal.GetReference(values);
        for (nuint j = 0; j < (nuint)whole; j += (nuint)TLanes.Count)
        {
            TVector a = TLanes.Multiply(TLanes.Subtract(TLanes.Load(ref value, j), TLanes.Broadcast(least)), TLanes.Broadcast(rate));
            TVector left = TLanes.Subtract(NegativeExponential<TLanes, TVector>.LargestArgument, a);
            TLanes.Store(TLanes.SelectPositive(left, NegativeExponential<TLanes, TVector>.Of(a), TLanes.Broadcast(0)), ref value, j);
        }

        if (whole < values.Length)
            DecayKernel<ScalarLanes, double>.Apply(values[whole..], least, rate);
    }
}

/// <summary>Replaces x by size·tanh(ax + b), number by number.</summary>
/// <remarks>
/// tanh |y| = (1 − e)/(1 + e) with e = e^(−2|y|), which is exactly 1 from |y| = 19 on. Its error is a few roundings of
/// 1, not of itself: next to 0, where 1 − e cancels, that is more of the small number that is left. Lanes do not meet,
/// so the bits are the same at every vector width.
/// </remarks>
internal static class SaturationKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static void Apply(Span<double> values, double slope, double shift, double size)
    {
        int whole = values.Length - values.Length % TLanes.Count;
        ref double value = ref MemoryMarshal.GetReference(values);
        TVector one = TLanes.Broadcast(1), zero = TLanes.Broadcast(0);
        for (nuint j = 0; j < (nuint)whole; j += (nuint)TLanes.Count)
        {
            TVector y = TLanes.MultiplyAdd(TLanes.Load(ref value, j), TLanes.Broadcast(slope), TLanes.Broadcast(shift));
            TVector e = NegativeExponential<TLanes, TVector>.Of(TLanes.Multiply(TLanes.Abs(y), TLanes.Broadcast(2)));
            TVector tanh = TLanes.Divide(TLanes.Subtract(one, e), TLanes.Add(one, e));
            TVector weight = TLanes.Multiply(tanh, TLanes.Broadcast(size));
            TLanes.Store(TLanes.SelectPositive(y, weight, TLanes.Subtract(zero, weight)), ref value, j);
        }

        if (whole < values.Length)
            SaturationKernel<ScalarLanes, double>.Apply(values[whole..], slope, shift, size);
    }
}
