using System.Numerics;
using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>
/// What a factorised discrete measure shows in one coordinate whose value was flipped: the new value, the old one, or
/// any of the others. All that a guarantee needs to know of the measure: coordinates that were not flipped look the
/// same before and after.
/// </summary>
/// <param name="Likelier">
/// The larger of the probabilities of the new and of the old value; the new one's, unless the noise hides a value more
/// often than not.
/// </param>
/// <param name="Neither">The probability of any other value.</param>
/// <param name="Rarer">The smaller of the two probabilities.</param>
/// <param name="LogOdds">
/// Λ = log(Likelier/Rarer) ≥ 0, to relative precision also where the two are nearly equal.
/// </param>
/// <param name="Divergence">KL(ρ ‖ μ) of this coordinate, appendix B.3: (Likelier − Rarer)·Λ.</param>
internal readonly record struct FlippedCoordinate(double Likelier, double Neither, double Rarer, double LogOdds, double Divergence)
{
    /// <summary>Label noise q, (23) with K classes: the values are classes.</summary>
    public static FlippedCoordinate Of(Noise noise) =>
        new(noise.Kept, noise.Rival * (noise.Classes - 2), noise.Rival, noise.Logit, noise.Advantage * noise.Logit);

    /// <summary>
    /// Example 2: a value is shown with probability α, and each of the K others with probability (1 − α)/K.
    /// </summary>
    public static FlippedCoordinate Of(double alpha, int others)
    {
        double other = (1 - alpha) / others;

        // α − (1 − α)/K with one rounding before the division.
        double advantage = Math.Abs(Math.FusedMultiplyAdd(alpha, others + 1.0, -1)) / others;
        double likelier = Math.Max(alpha, other), rarer = Math.Min(alpha, other);
        double odds = advantage / rarer;
        double logOdds = rarer == 0 ? double.PositiveInfinity
            : double.IsFinite(odds) ? Arithmetic.LogOnePlus(odds)
            : Arithmetic.Log(likelier) - Arithmetic.Log(rarer);
        return new FlippedCoordinate(likelier, other * (others - 1), rarer, logOdds, advantage * logOdds);
    }

    /// <summary>
    /// The largest r with r·KL(ρ ‖ μ) ≤ <paramref name="divergence"/>, (9) and (10), never above
    /// <paramref name="dimensions"/>.
    /// </summary>
    public int FlipsWithin(double divergence, int dimensions)
    {
        if (double.IsPositiveInfinity(Divergence))
            return 0;

        // Divergence is good to a few roundings.
        double flips = divergence / Divergence * (1 - 32 * Rounding.Epsilon);
        return (int)Math.Clamp(Math.Floor(flips), 0, dimensions);
    }
}

/// <summary>
/// How r flipped coordinates look under the measure around their new values: D is a sum of r steps of +1, 0 or −1, with
/// the three probabilities of <see cref="FlippedCoordinate"/>.
/// </summary>
/// <remarks>
/// Around the old values +1 and −1 change places, so D = s is e^(−sΛ) times as likely there. The likelihood ratio grows
/// with D: the set of least probability before the flips that has probability ½ after them takes the largest D first,
/// and a part of one atom. Everything is kept in probabilities after the flips, near their bulk, so nothing underflows,
/// and probabilities before the flips, often below 10⁻⁸⁰, appear in logarithms only.
/// </remarks>
internal sealed class FlippedDistribution(FlippedCoordinate coordinate)
{
    /// <summary>
    /// Probabilities below this are dropped at both ends; what was dropped is added up and charged to the margin.
    /// </summary>
    private const double Negligible = 1e-40;

    // Two numbers of nought stand before the first probability and a register of them after the last, for what AddFlip
    // reads there.
    private const int Before = 2;
    private static readonly int After = 2 + Vector<double>.Count;

    private double[] _probabilities = [.. new double[Before], 1, .. new double[After]];
    private double[] _next = [];
    private int _lowest, _count = 1, _flips;
    private double _dropped;

    private ReadOnlySpan<double> Probabilities => _probabilities.AsSpan(Before, _count);

    /// <summary>One flip more.</summary>
    public void AddFlip()
    {
        int count = _count + 2;
        if (_next.Length < Before + count + After)
            _next = new double[2 * (Before + count + After)];
        ReadOnlySpan<double> p = _probabilities;
        Vector<double> likelier = new(coordinate.Likelier), neither = new(coordinate.Neither), rarer = new(coordinate.Rarer);
        for (int i = 0; i < count; i += Vector<double>.Count)
        {
            Vector<double> sum = new Vector<double>(p[i..]) * likelier + new Vector<double>(p[(i + 1)..]) * neither;
            (sum + new Vector<double>(p[(i + 2)..]) * rarer).CopyTo(_next, Before + i);
        }

        _next.AsSpan(0, Before).Clear();
        _next.AsSpan(Before + count, After).Clear();
        (_probabilities, _next) = (_next, _probabilities);
        (_lowest, _count) = (_lowest - 1, count);
        _flips++;
        DropNegligible();
    }

    /// <summary>
    /// A lower bound on the log of the largest probability before the flips at which every set stays below ½ after
    /// them.
    /// </summary>
    public double LogThreshold()
    {
        // Three products and two sums a flip, and the sums below: all terms are positive, so errors stay relative.
        double relative = (8.0 * _flips + _count + 64) * Rounding.Epsilon;
        ReadOnlySpan<double> p = Probabilities;
        int m = _count - 1;
        double above = 0;
        for (; m >= 4; m -= 4)
        {
            double more = above + (p[m - 3] + p[m - 2] + (p[m - 1] + p[m]));
            if (!StaysBelowHalf(more))
                break;
            above = more;
        }

        for (; m > 0 && StaysBelowHalf(above + p[m]); m--)
            above += p[m];

        // Whatever is above has a probability proved to be below ½, so that all of it belongs to the set.
        double part = (0.5 - above * (1 + relative) - _dropped) / (p[m] * (1 + relative));
        double sum = Math.Clamp(part, 0, 1) * p[m];

        // What is impossible before the flips costs nothing to lose: only D = 0 is possible on both sides.
        if (double.IsPositiveInfinity(coordinate.LogOdds))
            return _lowest + m > 0 ? double.NegativeInfinity : Arithmetic.Log(sum) - 4 * relative;

        // What is left out beyond a negligible weight makes the bound lower.
        double decay = Arithmetic.Exp(-coordinate.LogOdds), weight = decay;
        for (int i = m + 1; i < _count && weight > Negligible; i++, weight *= decay)
            sum += p[i] * weight;
        double exponent = -(_lowest + m) * coordinate.LogOdds;
        return exponent + Arithmetic.Log(sum) - 4 * relative - 16 * Rounding.Epsilon * Math.Abs(exponent);

        // Whether the probability above, with everything that may be missing from it, stays below ½.
        bool StaysBelowHalf(double sum) => sum * (1 + relative) + _dropped < 0.5;
    }

    private void DropNegligible()
    {
        ReadOnlySpan<double> p = Probabilities;
        int first = 0, last = _count - 1;
        while (p[first] < Negligible)
            _dropped += p[first++];
        while (p[last] < Negligible)
            _dropped += p[last--];
        (_lowest, _count) = (_lowest + first, last - first + 1);
        p.Slice(first, _count).CopyTo(_probabilities.AsSpan(Before));
        _probabilities.AsSpan(Before + _count, After).Clear();
    }
}
