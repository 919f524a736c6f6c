using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// Σ log E[e^(−xs)] over training rows of one role and its derivatives, which
/// <see cref="MomentKernel{TLanes,TVector}"/> and <see cref="TiltKernel{TLanes,TVector}"/> sum row by row, from power
/// sums of the label weights: at any t without another pass, as long as the x are small.
/// </summary>
/// <remarks>
/// log E[e^(−xs)] = Σ cₖxᵏ. docs/soundness.md, "Series", has where the cₖ come from, their rounding (16u·2ᵏ), and what
/// is left out at most of a series that ends.
/// </remarks>
internal sealed class MomentSeries
{
    private const int Known = 2 * PowerSums.Degree;
    // (2.001/25)(2/π)²⁵, rounded up: no derivative of order 25, over 25!, is larger.
    private const double LargestBeyond = 1.01e-6;

    // What rounding does to cₖ, over 2ᵏ.
    private const double CoefficientError = 8 * Rounding.Epsilon;

    private readonly double[] _coefficients = new double[Known + 1];

    /// <summary>The series of one role.</summary>
    public MomentSeries(RoleProbabilities role)
    {
        Role = role;
        Span<double> scaledMoments = stackalloc double[Known + 1];
        double factorial = 1;
        for (int k = 1; k <= Known; k++)
        {
            factorial *= k;
            scaledMoments[k] = (k % 2 == 0 ? role.Against + role.For : role.Against - role.For) / factorial;
            double coefficient = scaledMoments[k];
            for (int j = 1; j < k; j++)
                coefficient -= j / (double)k * _coefficients[j] * scaledMoments[k - j];
            _coefficients[k] = coefficient;
        }

        // The variance without cancellation.
        _coefficients[2] = 0.5 * ((role.For + role.Against) * role.Neither + 4 * role.For * role.Against);
    }

    /// <summary>The role.</summary>
    public RoleProbabilities Role { get; }

    /// <summary>The sums at t.</summary>
    /// <param name="powers">The power sums of the rows.</param>
    /// <param name="halfT">t/2.</param>
    public SeriesSums At(PowerSums powers, double halfT)
    {
        // A power of x, its product with the coefficient and the sum of twelve of them are off by far fewer roundings.
        double sumError = Rounding.OfBlockedSum(powers.Rows, 1) + 64 * Rounding.Epsilon;
        double u = halfT / powers.Scale, power = 1, bound = 1, value = 0, slope = 0, curvature = 0, rounding = 0;
        ReadOnlySpan<double> sums = powers.Sums, magnitudes = powers.Magnitudes;
        for (int k = 1; k <= PowerSums.Degree; k++)
        {
            power *= u;
            bound *= 2;
            double term = _coefficients[k] * power * sums[k - 1];
            value += term;
            slope += k * term;
            curvature += k * (k - 1) * term;
            rounding += (Math.Abs(_coefficients[k]) * sumError + CoefficientError * bound) * power * magnitudes[k - 1];
        }

        // No x is larger than the root of the last sum, all of whose terms are positive.
        double last = power * sums[^1];
        double largest = Arithmetic.Exp(Arithmetic.Log(last) / PowerSums.Degree) * (1 + 1e-9);
        double rest = last, valueRest = 2 * rounding, slopeRest = 0;
        for (int k = PowerSums.Degree + 1; k <= Known; k++)
        {
            rest *= largest;
            bound *= 2;
            double term = (Math.Abs(_coefficients[k]) + CoefficientError * bound) * rest;
            valueRest += term;
            slopeRest += k * term;
        }

        double beyond = LargestBeyond * rest * largest;
        return new SeriesSums(value, slope, curvature, largest, valueRest + beyond, slopeRest);
    }
}

/// <summary>What a series gives.</summary>
/// <param name="Value">Σ log E[e^(−xs)].</param>
/// <param name="Slope">t times the derivative.</param>
/// <param name="Curvature">t² times the second derivative.</param>
/// <param name="Largest">No |x| is larger.</param>
/// <param name="ValueRest">A bound on what is left out of the value, and on its rounding.</param>
/// <param name="SlopeRest">About what is left out of the slope.</param>
internal readonly record struct SeriesSums(
    double Value, double Slope, double Curvature, double Largest, double ValueRest, double SlopeRest)
{
    public static SeriesSums operator +(SeriesSums a, SeriesSums b) => new(
        a.Value + b.Value, a.Slope + b.Slope, a.Curvature + b.Curvature, Math.Max(a.Largest, b.Largest),
        a.ValueRest + b.ValueRest, a.SlopeRest + b.SlopeRest);
}

/// <summary>Σ (scale·αⱼ)ᵏ for k = 1, …, <see cref="Degree"/>.</summary>
internal sealed class PowerSums
{
    public const int Degree = 12;

    private readonly double[] _sums = new double[Degree];
    private readonly double[] _magnitudes = new double[Degree];

    /// <summary>How many weights there are.</summary>
    public int Rows { get; private set; }

    /// <summary>The power of two by which weights were multiplied.</summary>
    public double Scale { get; private set; } = 1;

    /// <summary>The sums, that of k = 1 first.</summary>
    public ReadOnlySpan<double> Sums => _sums;

    /// <summary>What Σ|scale·αⱼ|ᵏ is at most, up to rounding: an odd one by Cauchy and Schwarz.</summary>
    public ReadOnlySpan<double> Magnitudes => _magnitudes;

    public void Load(KernelSet kernels, ReadOnlySpan<double> weights, double scale)
    {
        (Rows, Scale) = (weights.Length, scale);
        _sums.AsSpan().Clear();
        kernels.AddPowers(weights, scale, _sums);
        for (int k = 1; k <= Degree; k++)
            _magnitudes[k - 1] = k % 2 == 0 ? _sums[k - 1] : Math.Sqrt((k == 1 ? Rows : _sums[k - 2]) * _sums[k]);
    }
}

/// <summary>
/// Computes <see cref="PowerSums"/> in one pass, in blocks like <see cref="MomentKernel{TLanes,TVector}"/>.
/// </summary>
internal static class PowerSumsKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static void Add(ReadOnlySpan<double> weights, double scale, Span<double> sums)
    {
        int blockRows = Rounding.BlockLength * Abreast<TLanes, TVector>.Count;
        while (weights.Length >= Abreast<TLanes, TVector>.Count)
        {
            int rows = Math.Min(blockRows, weights.Length - weights.Length % Abreast<TLanes, TVector>.Count);
            AddBlock(weights[..rows], scale, sums);
            weights = weights[rows..];
        }

        if (weights.IsEmpty)
            return;
        Span<double> padded = stackalloc double[Abreast<TLanes, TVector>.Count]; // With rows that weigh nothing.
        padded.Clear();
        weights.CopyTo(padded);
        AddBlock(padded, scale, sums);
    }

    private static void AddBlock(ReadOnlySpan<double> weights, double scale, Span<double> sums)
    {
        Span<double> parts = stackalloc double[PowerSums.Degree * Abreast<TLanes, TVector>.Most];
        for (int lane = 0; lane < Abreast<TLanes, TVector>.Count; lane += TLanes.Count)
            AddLanes(weights, scale, lane, ref parts[lane]);
        for (int k = 0; k < PowerSums.Degree; k++)
            sums[k] += Abreast<TLanes, TVector>.Sum(parts[(k * Abreast<TLanes, TVector>.Most)..]);
    }

    private static void AddLanes(ReadOnlySpan<double> weights, double scale, int lane, ref double parts)
    {
        ref double weight = ref MemoryMarshal.GetReference(weights);
        TVector s1 = TLanes.Broadcast(0), s2 = s1, s3 = s1, s4 = s1, s5 = s1, s6 = s1;
        TVector s7 = s1, s8 = s1, s9 = s1, s10 = s1, s11 = s1, s12 = s1, factor = TLanes.Broadcast(scale);
        for (nuint j = (nuint)lane; j < (nuint)weights.Length; j += (nuint)Abreast<TLanes, TVector>.Count)
        {
            TVector x = TLanes.Multiply(TLanes.Load(ref weight, j), factor);
            TVector x2 = TLanes.Multiply(x, x), x3 = TLanes.Multiply(x2, x), x4 = TLanes.Multiply(x2, x2);
            TVector x5 = TLanes.Multiply(x4, x), x6 = TLanes.Multiply(x4, x2);
            s1 = TLanes.Add(s1, x);
            s2 = TLanes.Add(s2, x2);
            s3 = TLanes.Add(s3, x3);
            s4 = TLanes.Add(s4, x4);
            s5 = TLanes.Add(s5, x5);
            s6 = TLanes.Add(s6, x6);
            s7 = TLanes.MultiplyAdd(x6, x, s7);
            s8 = TLanes.MultiplyAdd(x4, x4, s8);
            s9 = TLanes.MultiplyAdd(x6, x3, s9);
            s10 = TLanes.MultiplyAdd(x6, x4, s10);
            s11 = TLanes.MultiplyAdd(x6, x5, s11);
            s12 = TLanes.MultiplyAdd(x6, x6, s12);
        }

        nuint most = (nuint)Abreast<TLanes, TVector>.Most;
        TLanes.Store(s1, ref parts, 0);
        TLanes.Store(s2, ref parts, most);
        TLanes.Store(s3, ref parts, 2 * most);
        TLanes.Store(s4, ref parts, 3 * most);
        TLanes.Store(s5, ref parts, 4 * most);
        TLanes.Store(s6, ref parts, 5 * most);
        TLanes.Store(s7, ref parts, 6 * most);
        TLanes.Store(s8, ref parts, 7 * most);
        TLanes.Store(s9, ref parts, 8 * most);
        TLanes.Store(s10, ref parts, 9 * most);
        TLanes.Store(s11, ref parts, 10 * most);
        TLanes.Store(s12, ref parts, 11 * most);
    }
}
