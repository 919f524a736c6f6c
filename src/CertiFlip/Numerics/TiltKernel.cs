using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CertiFlip.Numerics.Lanes;

namespace CertiFlip.Numerics;

/// <summary>
/// Slope and curvature as <see cref="ChernoffKernel{TLanes,TVector}"/> has them, but good to a few digits only, which is enough to find a t: every t is a valid
/// point for the bound. Run on lanes of floats it takes a fraction of the time.
/// </summary>
internal static class TiltKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    // Sums of floats are closed before they lose more than two of their seven digits.
    private const int BlockLength = 64;

    private const double Log2OfE = 1.4426950408889634;

    /// <summary>The leading 10 bits of ln 2: its product with any |k| &lt; 2⁸ is exact in a float.</summary>
    private const double Ln2High = 0.693359375;

    private const double Ln2Low = -2.12194440e-4;

    /// <summary>Adding 1.5·2²³ rounds a float to the nearest integer and leaves that integer in the low bits.</summary>
    private const double Shifter = 12582912;

    private const double LargestArgument = 87;

    public static TiltSums Sum(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        var total = default(TiltSums);
        int blockRows = BlockLength * TLanes.Count;
        while (weights.Length >= TLanes.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % TLanes.Count);
            total += SumBlock(weights[..rows], halfT, role);
            weights = weights[rows..];
        }

        return weights.IsEmpty ? total : total + TiltKernel<ScalarSingleLanes, float>.Sum(weights, halfT, role);
    }

    private static TiltSums SumBlock(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector one = TLanes.Broadcast(1), four = TLanes.Broadcast(4), t = TLanes.Broadcast(halfT);
        TVector neither = TLanes.Broadcast(role.Neither), likely = TLanes.Broadcast(role.For), unlikely = TLanes.Broadcast(role.Against);
        TVector slope = TLanes.Broadcast(0), curvature = slope;
        for (nuint j = 0; j < (nuint)weights.Length; j += (nuint)TLanes.Count)
        {
            TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), t);
            TVector size = TLanes.Abs(x);
            TVector e = NegativeExponential(size);
            TVector hurts = TLanes.SelectPositive(x, unlikely, likely);
            TVector helps = TLanes.SelectPositive(x, likely, unlikely);
            TVector helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
            TVector idle = TLanes.Multiply(neither, e);
            TVector r = TLanes.Divide(one, TLanes.Add(TLanes.Add(hurts, idle), helped));
            TVector u = TLanes.Multiply(hurts, r), v = TLanes.Multiply(helped, r);
            TVector variance = TLanes.Multiply(TLanes.Add(u, v), TLanes.Multiply(idle, r));
            variance = TLanes.MultiplyAdd(TLanes.Multiply(u, v), four, variance);
            slope = TLanes.MultiplyAdd(size, TLanes.Subtract(u, v), slope);
            curvature = TLanes.MultiplyAdd(TLanes.Multiply(x, x), variance, curvature);
        }

        return new TiltSums(TLanes.Sum(slope), TLanes.Sum(curvature));
    }

    /// <summary>e^(−a) as <see cref="NegativeExponential{TLanes,TVector}"/>, to the precision of a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector NegativeExponential(TVector a)
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
