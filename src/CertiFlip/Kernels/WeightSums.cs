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
        int blockRows = Rounding.BlockLength * Abreast<TLanes, TVector>.Count;
        while (weights.Length >= Abreast<TLanes, TVector>.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % Abreast<TLanes, TVector>.Count);
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
        Span<double> padded = stackalloc double[Abreast<TLanes, TVector>.Count];
        padded.Clear();
        weights.CopyTo(padded);
        return SumBlock(padded, scale);
    }

    private static WeightSums SumBlock(ReadOnlySpan<double> weights, double scale)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        Span<double> sums = stackalloc double[3 * Abreast<TLanes, TVector>.Most];
        ref double sum = ref MemoryMarshal.GetReference(sums);
        for (int lane = 0; lane < Abreast<TLanes, TVector>.Count; lane += TLanes.Count)
        {
            TVector total = TLanes.Broadcast(0), magnitude = total, squares = total;
            for (nuint j = (nuint)lane; j < (nuint)weights.Length; j += (nuint)Abreast<TLanes, TVector>.Count)
            {
                TVector a = TLanes.Load(ref weight, j);
                TVector scaled = TLanes.Multiply(a, TLanes.Broadcast(scale));
                total = TLanes.Add(total, a);
                magnitude = TLanes.Add(magnitude, TLanes.Abs(a));
                squares = TLanes.MultiplyAdd(scaled, scaled, squares);
            }

            TLanes.Store(total, ref sum, (nuint)lane);
            TLanes.Store(magnitude, ref sum, (nuint)(Abreast<TLanes, TVector>.Most + lane));
            TLanes.Store(squares, ref sum, (nuint)(2 * Abreast<TLanes, TVector>.Most + lane));
        }

        return new WeightSums(
            Abreast<TLanes, TVector>.Sum(sums), Abreast<TLanes, TVector>.Sum(sums[Abreast<TLanes, TVector>.Most..]),
            Abreast<TLanes, TVector>.Sum(sums[(2 * Abreast<TLanes, TVector>.Most)..]));
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
