using System.Runtime.InteropServices;
using CertiFlip.Numerics.Lanes;

namespace CertiFlip.Numerics;

/// <summary>
/// Computes <see cref="ChernoffSums"/> in one pass over the label weights of one role, with one exponential and one division a row.
/// </summary>
/// <remarks>
/// With e = e^(−|x|), the moment is e^|x|·(h + n·e + l·e²), where n is the probability of neither and h and l are those of the vote that
/// hurts and of the one that helps. Nothing overflows. The factors in brackets lie between h and 1, so a whole block of them is multiplied
/// before one logarithm is taken. Sums are kept per block, so that their rounding error grows with the block's length and the number of
/// blocks, not with n.
/// </remarks>
internal static class ChernoffKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static ChernoffSums Sum(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        var total = default(ChernoffSums);
        int blockRows = role.MostFactors * TLanes.Count;
        while (weights.Length >= TLanes.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % TLanes.Count);
            total += SumBlock(weights[..rows], halfT, role);
            weights = weights[rows..];
        }

        return weights.IsEmpty ? total : total + ChernoffKernel<ScalarLanes, double>.Sum(weights, halfT, role);
    }

    private static ChernoffSums SumBlock(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector one = TLanes.Broadcast(1), neither = TLanes.Broadcast(role.Neither);
        TVector product = one;
        TVector magnitude = TLanes.Broadcast(0), slope = magnitude, curvature = magnitude;
        for (nuint j = 0; j < (nuint)weights.Length; j += (nuint)TLanes.Count)
        {
            TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), TLanes.Broadcast(halfT));
            TVector size = TLanes.Abs(x);
            TVector e = NegativeExponential<TLanes, TVector>.Of(size);
            TVector hurts = TLanes.SelectPositive(x, TLanes.Broadcast(role.Against), TLanes.Broadcast(role.For));
            TVector helps = TLanes.SelectPositive(x, TLanes.Broadcast(role.For), TLanes.Broadcast(role.Against));
            TVector helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
            TVector idle = TLanes.Multiply(neither, e);
            TVector factor = TLanes.Add(TLanes.Add(hurts, idle), helped);
            TVector r = TLanes.Divide(one, factor);

            // Under the tilt the row hurts with probability u, helps with v: mean u − v, variance (u + v)(1 − u − v) + 4uv.
            TVector u = TLanes.Multiply(hurts, r), v = TLanes.Multiply(helped, r);
            TVector mean = TLanes.Subtract(u, v);
            TVector variance = TLanes.Multiply(TLanes.Add(u, v), TLanes.Multiply(idle, r));
            variance = TLanes.MultiplyAdd(TLanes.Multiply(u, v), TLanes.Broadcast(4), variance);

            product = TLanes.Multiply(product, factor);
            magnitude = TLanes.Add(magnitude, size);
            slope = TLanes.MultiplyAdd(size, mean, slope);
            curvature = TLanes.MultiplyAdd(TLanes.Multiply(x, x), variance, curvature);
        }

        Span<double> products = stackalloc double[TLanes.Count];
        TLanes.Store(product, ref MemoryMarshal.GetReference(products), 0);
        double log = 0;
        foreach (double lane in products)
            log += Math.Log(lane);
        return new ChernoffSums(TLanes.Sum(magnitude) + log, TLanes.Sum(slope), TLanes.Sum(curvature));
    }
}
