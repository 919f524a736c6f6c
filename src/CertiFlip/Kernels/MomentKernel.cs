using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// Computes Σ log E[e^(−xs)] over training rows of one role, which the Chernoff bound (24) is made of: a row's noisy label counts as s ∈ {1, 0, −1}, and x = tα/2 is
/// what its vote is worth in the exponent. One pass, with one exponential a row.
/// </summary>
/// <remarks>
/// With e = e^(−|x|), the moment is e^|x|·(h + n·e + l·e²), where n is the probability of neither and h and l are those of the vote that
/// hurts and of the one that helps. Nothing overflows. The factors in brackets lie between h and 1, so a whole block of them is multiplied
/// before one logarithm is taken. Sums are kept per block, so that their rounding error grows with the block's length and the number of
/// blocks, not with n.
/// </remarks>
internal static class MomentKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static double Sum(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        double total = 0;
        int blockRows = role.MostFactors * TLanes.Count;
        while (weights.Length >= TLanes.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % TLanes.Count);
            total += SumBlock(weights[..rows], halfT, role);
            weights = weights[rows..];
        }

        return weights.IsEmpty ? total : total + SumRest(weights, halfT, role);
    }

    /// <summary>
    /// What is left of a register, in one more that is filled up with rows that weigh nothing. Their factors are 1 up to two roundings each, far less than the margin
    /// of a single row.
    /// </summary>
    private static double SumRest(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        Span<double> padded = stackalloc double[TLanes.Count];
        padded.Clear();
        weights.CopyTo(padded);
        return SumBlock(padded, halfT, role);
    }

    private static double SumBlock(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector neither = TLanes.Broadcast(role.Neither), likely = TLanes.Broadcast(role.For), unlikely = TLanes.Broadcast(role.Against);
        TVector product = TLanes.Broadcast(1), magnitude = TLanes.Broadcast(0);
        for (nuint j = 0; j < (nuint)weights.Length; j += (nuint)TLanes.Count)
        {
            TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), TLanes.Broadcast(halfT));
            TVector size = TLanes.Abs(x);
            TVector e = TLanes.NegativeExponential(size);
            TVector hurts = TLanes.SelectPositive(x, unlikely, likely);
            TVector helps = TLanes.SelectPositive(x, likely, unlikely);
            TVector helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
            TVector factor = TLanes.Add(TLanes.Add(hurts, TLanes.Multiply(neither, e)), helped);
            product = TLanes.Multiply(product, factor);
            magnitude = TLanes.Add(magnitude, size);
        }

        Span<double> products = stackalloc double[TLanes.Count];
        TLanes.Store(product, ref MemoryMarshal.GetReference(products), 0);
        double log = 0;
        foreach (double lane in products)
            log += Math.Log(lane);
        return TLanes.Sum(magnitude) + log;
    }
}
