using System.Runtime.InteropServices;
using CertiFlip.Numerics.Lanes;

namespace CertiFlip.Numerics;

/// <summary>Computes <see cref="ChernoffSums"/> in one pass over the label weights, with one exponential and one division a row.</summary>
/// <remarks>
/// log(1 + e^z) = max(z, 0) + log(1 + e^−|z|) never overflows, and 1 + e^−|z| lies in [1, 2], so a whole block of them is
/// multiplied before one logarithm is taken: a product of <see cref="Rounding.BlockLength"/> factors is at most 2²⁵⁶. Sums are kept per
/// block, so that their rounding error grows with the block's length and the number of blocks, not with n.
/// </remarks>
internal static class ChernoffKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static ChernoffSums Sum(ReadOnlySpan<double> weights, ReadOnlySpan<double> signs, double t, double logit)
    {
        var total = default(ChernoffSums);
        int blockRows = Rounding.BlockLength * TLanes.Count;
        while (weights.Length >= TLanes.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % TLanes.Count);
            total += SumBlock(weights[..rows], signs[..rows], t, logit);
            weights = weights[rows..];
            signs = signs[rows..];
        }

        return weights.IsEmpty ? total : total + ChernoffKernel<ScalarLanes, double>.Sum(weights, signs, t, logit);
    }

    private static ChernoffSums SumBlock(ReadOnlySpan<double> weights, ReadOnlySpan<double> signs, double t, double logit)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        ref double sign = ref MemoryMarshal.GetReference(signs);
        TVector product = TLanes.Broadcast(1);
        TVector positive = TLanes.Broadcast(0);
        TVector mean = TLanes.Broadcast(0);
        TVector variance = TLanes.Broadcast(0);
        for (nuint j = 0; j < (nuint)weights.Length; j += (nuint)TLanes.Count)
        {
            TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), TLanes.Broadcast(t));
            TVector z = TLanes.MultiplyAdd(TLanes.Load(ref sign, j), TLanes.Broadcast(logit), TLanes.Subtract(TLanes.Broadcast(0), x));
            TVector e = NegativeExponential<TLanes, TVector>.Of(TLanes.Abs(z));
            TVector factor = TLanes.Add(e, TLanes.Broadcast(1));
            TVector r = TLanes.Divide(TLanes.Broadcast(1), factor);
            TVector er = TLanes.Multiply(e, r);
            TVector xs = TLanes.Multiply(x, TLanes.SelectPositive(z, r, er));
            TVector xc = TLanes.Multiply(x, TLanes.SelectPositive(z, er, r));

            product = TLanes.Multiply(product, factor);
            positive = TLanes.Add(positive, TLanes.Max(z, TLanes.Broadcast(0)));
            mean = TLanes.Add(mean, xs);
            variance = TLanes.MultiplyAdd(xs, xc, variance);
        }

        Span<double> products = stackalloc double[TLanes.Count];
        TLanes.Store(product, ref MemoryMarshal.GetReference(products), 0);
        double softplus = TLanes.Sum(positive);
        foreach (double lane in products)
            softplus += Math.Log(lane);
        return new ChernoffSums(softplus, TLanes.Sum(mean), TLanes.Sum(variance));
    }
}
