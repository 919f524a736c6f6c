using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// Computes <see cref="WeightSums"/> in one pass, in blocks like <see cref="MomentKernel{TLanes,TVector}"/>.
/// </summary>
internal static class WeightSumsKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static WeightSums Sum(ReadOnlySpan<double> weights, double scale)
    {
        var sums = default(WeightSums);
        int blockRows = Rounding.BlockLength * TLanes.Count;
        while (weights.Length >= TLanes.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % TLanes.Count);
            sums += SumBlock(weights[..rows], scale);
            weights = weights[rows..];
        }

        return weights.IsEmpty ? sums : sums + SumRest(weights, scale);
    }

    /// <summary>
    /// What is left of a register, in one more that is filled up with rows that weigh nothing: a scalar twin would have
    /// to be compiled for them.
    /// </summary>
    private static WeightSums SumRest(ReadOnlySpan<double> weights, double scale)
    {
        Span<double> padded = stackalloc double[TLanes.Count];
        padded.Clear();
        weights.CopyTo(padded);
        return SumBlock(padded, scale);
    }

    private static WeightSums SumBlock(ReadOnlySpan<double> weights, double scale)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector total = TLanes.Broadcast(0), magnitude = total, squares = total;
        for (nuint j = 0; j < (nuint)weights.Length; j += (nuint)TLanes.Count)
        {
            TVector a = TLanes.Load(ref weight, j);
            TVector scaled = TLanes.Multiply(a, TLanes.Broadcast(scale));
            total = TLanes.Add(total, a);
            magnitude = TLanes.Add(magnitude, TLanes.Abs(a));
            squares = TLanes.MultiplyAdd(scaled, scaled, squares);
        }

        return new WeightSums(TLanes.Sum(total), TLanes.Sum(magnitude), TLanes.Sum(squares));
    }
}

/// <summary>Sums over label weights α that start every certificate.</summary>
/// <param name="Total">Σ αⱼ.</param>
/// <param name="Magnitude">Σ |αⱼ|.</param>
/// <param name="Squares">Σ (scale·αⱼ)², scaled because α² may leave the range of a double.</param>
internal readonly record struct WeightSums(double Total, double Magnitude, double Squares)
{
    public static WeightSums operator +(WeightSums a, WeightSums b) =>
        new(a.Total + b.Total, a.Magnitude + b.Magnitude, a.Squares + b.Squares);
}
