using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// The probabilities with which a noisy label counts as s = 1, 0 or −1 in a vote between two classes, (23): for the
/// first class, for neither, or for the second. None is below 10⁻³⁰⁵, but Neither may be 0.
/// </summary>
/// <param name="For">P(s = 1).</param>
/// <param name="Neither">P(s = 0).</param>
/// <param name="Against">P(s = −1).</param>
internal readonly record struct RoleProbabilities(double For, double Neither, double Against)
{
    private const double LogLeastProduct = 690;

    /// <summary>
    /// How many factors of this role, each at least the smaller of For and Against, may be multiplied before a
    /// logarithm is due.
    /// </summary>
    public int MostFactors =>
        (int)Math.Clamp(LogLeastProduct / -Arithmetic.Log(Math.Min(For, Against)), 1, Rounding.BlockLength);
}

/// <summary>
/// Computes Σ log E[e^(−xs)] over training rows of one role, which the Chernoff bound (24) is made of: a row's noisy
/// label counts as s ∈ {1, 0, −1}, and x = tα/2 is what its vote is worth in the exponent. One pass, with one
/// exponential a row.
/// </summary>
/// <remarks>
/// With e = e^(−|x|), the moment is e^|x|·(h + n·e + l·e²), where n is the probability of neither and h and l are those
/// of the vote that hurts and of the one that helps. Nothing overflows. The factors in brackets lie between h and 1, so
/// a whole block of them is multiplied before one logarithm is taken. Sums are kept per block, so that their rounding
/// error grows with the block's length and the number of blocks, not with n.
/// </remarks>
internal static class MomentKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static double Sum(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        double total = 0;
        int blockRows = role.MostFactors * Abreast<TLanes, TVector>.Count;
        while (weights.Length >= Abreast<TLanes, TVector>.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % Abreast<TLanes, TVector>.Count);
            total += SumBlock(weights[..rows], halfT, role);
            weights = weights[rows..];
        }

        return weights.IsEmpty ? total : total + SumRest(weights, halfT, role);
    }

    /// <summary>
    /// What is left of a register, in one more that is filled up with rows that weigh nothing. Their factors are 1 up
    /// to two roundings each, far less than the margin of a single row.
    /// </summary>
    private static double SumRest(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        Span<double> padded = stackalloc double[Abreast<TLanes, TVector>.Count];
        padded.Clear();
        weights.CopyTo(padded);
        return SumBlock(padded, halfT, role);
    }

    private static double SumBlock(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector neither = TLanes.Broadcast(role.Neither), likely = TLanes.Broadcast(role.For), unlikely = TLanes.Broadcast(role.Against);
        Span<double> products = stackalloc double[Abreast<TLanes, TVector>.Most];
        Span<double> magnitudes = stackalloc double[Abreast<TLanes, TVector>.Most];
        for (int lane = 0; lane < Abreast<TLanes, TVector>.Count; lane += TLanes.Count)
        {
            TVector product = TLanes.Broadcast(1), magnitude = TLanes.Broadcast(0);
            for (nuint j = (nuint)lane; j < (nuint)weights.Length; j += (nuint)Abreast<TLanes, TVector>.Count)
            {
                TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), TLanes.Broadcast(halfT));
                TVector size = TLanes.Abs(x);
                TVector e = NegativeExponential<TLanes, TVector>.Of(size);
                TVector hurts = TLanes.SelectPositive(x, unlikely, likely);
                TVector helps = TLanes.SelectPositive(x, likely, unlikely);
                TVector helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
                TVector factor = TLanes.Add(TLanes.Add(hurts, TLanes.Multiply(neither, e)), helped);
                product = TLanes.Multiply(product, factor);
                magnitude = TLanes.Add(magnitude, size);
            }

            TLanes.Store(product, ref products[lane], 0);
            TLanes.Store(magnitude, ref magnitudes[lane], 0);
        }

        return Abreast<TLanes, TVector>.Sum(magnitudes) + SumLogs(products);
    }

    /// <summary>
    /// The sums of the same rows in two roles of one noise, with one exponential a row: each as <see cref="Sum"/> has
    /// it.
    /// </summary>
    public static (double First, double Second) SumTwo(
        ReadOnlySpan<double> weights, double halfT, RoleProbabilities first, RoleProbabilities second)
    {
        (double total, double other) = (0, 0);
        int blockRows = first.MostFactors * Abreast<TLanes, TVector>.Count;
        while (weights.Length >= Abreast<TLanes, TVector>.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % Abreast<TLanes, TVector>.Count);
            SumTwoBlocks(weights[..rows], halfT, first, second, ref total, ref other);
            weights = weights[rows..];
        }

        if (weights.IsEmpty)
            return (total, other);
        Span<double> padded = stackalloc double[Abreast<TLanes, TVector>.Count];
        padded.Clear();
        weights.CopyTo(padded);
        SumTwoBlocks(padded, halfT, first, second, ref total, ref other);
        return (total, other);
    }

    private static void SumTwoBlocks(
        ReadOnlySpan<double> weights, double halfT, RoleProbabilities first, RoleProbabilities second, ref double total, ref double other)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector neither = TLanes.Broadcast(first.Neither), likely = TLanes.Broadcast(first.For), unlikely = TLanes.Broadcast(first.Against);
        TVector neither2 = TLanes.Broadcast(second.Neither);
        TVector likely2 = TLanes.Broadcast(second.For), unlikely2 = TLanes.Broadcast(second.Against);
        Span<double> products = stackalloc double[Abreast<TLanes, TVector>.Most];
        Span<double> products2 = stackalloc double[Abreast<TLanes, TVector>.Most];
        Span<double> magnitudes = stackalloc double[Abreast<TLanes, TVector>.Most];
        for (int lane = 0; lane < Abreast<TLanes, TVector>.Count; lane += TLanes.Count)
        {
            TVector product = TLanes.Broadcast(1), product2 = product, magnitude = TLanes.Broadcast(0);
            for (nuint j = (nuint)lane; j < (nuint)weights.Length; j += (nuint)Abreast<TLanes, TVector>.Count)
            {
                TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), TLanes.Broadcast(halfT));
                TVector size = TLanes.Abs(x);
                TVector e = NegativeExponential<TLanes, TVector>.Of(size);
                TVector hurts = TLanes.SelectPositive(x, unlikely, likely), helps = TLanes.SelectPositive(x, likely, unlikely);
                TVector helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
                product = TLanes.Multiply(product, TLanes.Add(TLanes.Add(hurts, TLanes.Multiply(neither, e)), helped));
                hurts = TLanes.SelectPositive(x, unlikely2, likely2);
                helps = TLanes.SelectPositive(x, likely2, unlikely2);
                helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
                product2 = TLanes.Multiply(product2, TLanes.Add(TLanes.Add(hurts, TLanes.Multiply(neither2, e)), helped));
                magnitude = TLanes.Add(magnitude, size);
            }

            TLanes.Store(product, ref products[lane], 0);
            TLanes.Store(product2, ref products2[lane], 0);
            TLanes.Store(magnitude, ref magnitudes[lane], 0);
        }

        double sum = Abreast<TLanes, TVector>.Sum(magnitudes);
        total += sum + SumLogs(products);
        other += sum + SumLogs(products2);
    }

    private static double SumLogs(ReadOnlySpan<double> products)
    {
        double log = 0;
        foreach (double product in products[..Abreast<TLanes, TVector>.Count])
            log += Arithmetic.Log(product);
        return log;
    }
}

/// <summary>
/// The derivatives of Σ log E[e^(−xs)] over training rows of one role, (24), at one t: what a Newton step needs. A
/// row's noisy label counts as s ∈ {1, 0, −1}; x = tα/2 is what its vote is worth in the exponent.
/// </summary>
/// <param name="Slope">t times the derivative.</param>
/// <param name="Curvature">t² times the second derivative, not negative.</param>
internal readonly record struct TiltSums(double Slope, double Curvature)
{
    public static TiltSums operator +(TiltSums a, TiltSums b) => new(a.Slope + b.Slope, a.Curvature + b.Curvature);

    public static TiltSums operator -(TiltSums a, TiltSums b) => new(a.Slope - b.Slope, a.Curvature - b.Curvature);
}

/// <summary>
/// Computes <see cref="TiltSums"/> in one pass over the label weights of one role, with one exponential and one
/// division a row. A t needs no precision, since every t is a valid point for the bound: on lanes of floats it takes a
/// fraction of the time.
/// </summary>
/// <remarks>
/// With e = e^(−|x|), the moment is e^|x|·(h + n·e + l·e²), where n is the probability of neither and h and l are those
/// of the vote that hurts and of the one that helps. Nothing overflows.
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
        int blockRows = BlockLength * Abreast<TLanes, TVector>.Count;
        while (weights.Length >= Abreast<TLanes, TVector>.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % Abreast<TLanes, TVector>.Count);
            total += SumBlock(weights[..rows], halfT, role);
            weights = weights[rows..];
        }

        return weights.IsEmpty ? total : total + SumRest(weights, halfT, role);
    }

    /// <summary>What is left of a register, in one more that is filled up with rows that weigh nothing.</summary>
    private static TiltSums SumRest(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        Span<double> padded = stackalloc double[Abreast<TLanes, TVector>.Count];
        padded.Clear();
        weights.CopyTo(padded);
        return SumBlock(padded, halfT, role);
    }

    private static TiltSums SumBlock(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector one = TLanes.Broadcast(1), four = TLanes.Broadcast(4), t = TLanes.Broadcast(halfT);
        TVector neither = TLanes.Broadcast(role.Neither), likely = TLanes.Broadcast(role.For), unlikely = TLanes.Broadcast(role.Against);
        Span<double> slopes = stackalloc double[Abreast<TLanes, TVector>.Most];
        Span<double> curvatures = stackalloc double[Abreast<TLanes, TVector>.Most];
        for (int lane = 0; lane < Abreast<TLanes, TVector>.Count; lane += TLanes.Count)
        {
            TVector slope = TLanes.Broadcast(0), curvature = slope;
            for (nuint j = (nuint)lane; j < (nuint)weights.Length; j += (nuint)Abreast<TLanes, TVector>.Count)
            {
                TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), t);
                TVector size = TLanes.Abs(x);
                TVector e = NegativeExponential<TLanes, TVector>.Of(size);
                TVector hurts = TLanes.SelectPositive(x, unlikely, likely);
                TVector helps = TLanes.SelectPositive(x, likely, unlikely);
                TVector helped = TLanes.Multiply(TLanes.Multiply(helps, e), e);
                TVector idle = TLanes.Multiply(neither, e);
                TVector r = TLanes.Divide(one, TLanes.Add(TLanes.Add(hurts, idle), helped));

                // Under the tilt the row hurts with probability u, helps with v: mean u − v, variance
                // (u + v)(1 − u − v) + 4uv.
                TVector u = TLanes.Multiply(hurts, r), v = TLanes.Multiply(helped, r);
                TVector variance = TLanes.Multiply(TLanes.Add(u, v), TLanes.Multiply(idle, r));
                variance = TLanes.MultiplyAdd(TLanes.Multiply(u, v), four, variance);
                slope = TLanes.MultiplyAdd(size, TLanes.Subtract(u, v), slope);
                curvature = TLanes.MultiplyAdd(TLanes.Multiply(x, x), variance, curvature);
            }

            TLanes.Store(slope, ref slopes[lane], 0);
            TLanes.Store(curvature, ref curvatures[lane], 0);
        }

        return new TiltSums(Abreast<TLanes, TVector>.Sum(slopes), Abreast<TLanes, TVector>.Sum(curvatures));
    }
}
