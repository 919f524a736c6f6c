using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// Computes <see cref="TiltSums"/> in one pass over the label weights of one role, with one exponential and one division a row. A t needs no precision, since every t is a
/// valid point for the bound: on lanes of floats it takes a fraction of the time.
/// </summary>
/// <remarks>
/// With e = e^(−|x|), the moment is e^|x|·(h + n·e + l·e²), where n is the probability of neither and h and l are those of the vote that hurts and of the one
/// that helps. Nothing overflows.
/// </remarks>
internal static class TiltKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    // Sums of floats are closed before they lose more than two of their seven digits.
    private const int BlockLength = 64;

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

        return weights.IsEmpty ? total : total + SumRest(weights, halfT, role);
    }

    /// <summary>What is left of a register, in one more that is filled up with rows that weigh nothing.</summary>
    private static TiltSums SumRest(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        Span<double> padded = stackalloc double[TLanes.Count];
        padded.Clear();
        weights.CopyTo(padded);
        return SumBlock(padded, halfT, role);
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
            TVector e = TLanes.NegativeExponential(size);
            TVector hurts = TLanes.SelectPositive(x, unlikely, likely);
            TVector helps = TLanes.SelectPositive(x, likely, unlikely);
            TVector helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
            TVector idle = TLanes.Multiply(neither, e);
            TVector r = TLanes.Divide(one, TLanes.Add(TLanes.Add(hurts, idle), helped));

            // Under the tilt the row hurts with probability u, helps with v: mean u − v, variance (u + v)(1 − u − v) + 4uv.
            TVector u = TLanes.Multiply(hurts, r), v = TLanes.Multiply(helped, r);
            TVector variance = TLanes.Multiply(TLanes.Add(u, v), TLanes.Multiply(idle, r));
            variance = TLanes.MultiplyAdd(TLanes.Multiply(u, v), four, variance);
            slope = TLanes.MultiplyAdd(size, TLanes.Subtract(u, v), slope);
            curvature = TLanes.MultiplyAdd(TLanes.Multiply(x, x), variance, curvature);
        }

        return new TiltSums(TLanes.Sum(slope), TLanes.Sum(curvature));
    }
}
