using System.Collections.Concurrent;
using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>
/// The discrete certificate (4) of Lee et al. for label noise: the largest r such that every set of labellings whose probability is
/// at most B before r flips has probability below ½ after them. It depends on r and q alone.
/// </summary>
/// <remarks>
/// Let D ~ Binomial(r, q) and D′ ~ Binomial(r, 1−q) count, before and after the flips, the flipped positions that show the new
/// label. The likelihood ratio grows with that count, so the worst set takes the largest counts first. With m the median of D′ and
/// f the part of its atom that completes P(D′ &lt; m) to ½, r flips are certified iff B ≤ P(D &gt; m) + (1−f)·P(D = m).
/// Thresholds are computed on demand, in O(√r) each, and kept.
/// </remarks>
public sealed class TightCertificate
{
    // Well above the error of the binomial probabilities (a few 10⁻¹⁵) and of their sums (10⁻¹⁶ for each of some √r terms).
    private const double ProbabilityError = 1e-12;

    private static readonly ConcurrentDictionary<double, TightCertificate> ByNoise = new();

    private readonly ConcurrentDictionary<int, double> _logThresholds = new();
    private readonly Noise _noise;

    private TightCertificate(Noise noise) => _noise = noise;

    /// <summary>The certificate for one noise level; thresholds are shared by everybody who asks for the same level.</summary>
    /// <param name="noise">The smoothing noise q.</param>
    public static TightCertificate For(Noise noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return ByNoise.GetOrAdd(noise.Q, static (_, noise) => new TightCertificate(noise), noise);
    }

    /// <summary>The largest r certified at a failure probability, never above <paramref name="rows"/>.</summary>
    /// <param name="logFailure">log B, an upper bound on the log of the failure probability.</param>
    /// <param name="rows">Number of training rows n: no more labels than these can be flipped.</param>
    public int Radius(double logFailure, int rows)
    {
        if (!(logFailure < ChernoffBound.LogHalf))
            return 0;
        if (double.IsNegativeInfinity(logFailure))
            return rows;

        // Thresholds fall as r grows. The KL radius is certified already, and this one is rarely above three times it.
        int certified = KlCertificate.Radius(logFailure, _noise, rows);
        int refuted = Math.Min(rows, 3 * certified + 4);
        while (IsCertified(logFailure, refuted))
        {
            if (refuted == rows)
                return rows;
            (certified, refuted) = (refuted, (int)Math.Min(rows, 2L * refuted));
        }

        while (refuted - certified > 1)
        {
            int middle = certified + (refuted - certified) / 2;
            (certified, refuted) = IsCertified(logFailure, middle) ? (middle, refuted) : (certified, middle);
        }

        return certified;
    }

    /// <summary>
    /// A lower bound on the log of the largest failure probability at which <paramref name="radius"/> flips are certified, within
    /// 10⁻¹⁰ of it or so.
    /// </summary>
    /// <param name="radius">r, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="radius"/> is negative.</exception>
    public double LogThreshold(int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        return radius == 0 ? ChernoffBound.LogHalf : _logThresholds.GetOrAdd(radius, ComputeLogThreshold);
    }

    private bool IsCertified(double logFailure, int radius) => logFailure < LogThreshold(radius);

    private double ComputeLogThreshold(int r)
    {
        double q = _noise.Q;
        (int m, double kept) = MedianOfFlipped(r);

        // P(D > m)/P(D = m): each term is the one before times (r−j)/(j+1)·q/(1−q), below 1 above the median.
        double above = 0, term = 1;
        for (int j = m; j < r; j++)
        {
            term *= (r - j) / (j + 1.0) * q / (1 - q);
            double sum = above + term;
            if (sum == above)
                break;
            above = sum;
        }

        // D = m is as likely as D′ = r − m.
        double log = Binomial.LogProbability(m, r, q, 1 - q) + Math.Log(kept + above * (1 - ProbabilityError));
        return log - ProbabilityError - 16 * Rounding.Epsilon * Math.Abs(log);
    }

    /// <summary>The median m of D′ ~ Binomial(r, 1−q), and a lower bound on 1 − f, the part of its atom above the median.</summary>
    private (int Median, double Kept) MedianOfFlipped(int r)
    {
        double q = _noise.Q;
        int m = (int)Math.Floor(r * (1 - q)); // The median is this or the next.
        double atom = Math.Exp(Binomial.LogProbability(m, r, 1 - q, q));
        double below = SumBelow(r, m, atom);
        while (below + atom < 0.5 && m < r)
        {
            below += atom;
            atom *= (r - m) / (m + 1.0) * (1 - q) / q;
            m++;
        }

        return (m, Math.Clamp((below + atom - 0.5 - ProbabilityError) / atom, 0, 1));
    }

    /// <summary>P(D′ &lt; m), from its largest term down.</summary>
    private double SumBelow(int r, int m, double atom)
    {
        double q = _noise.Q;
        double sum = 0;
        for (int j = m; j > 0; j--)
        {
            atom *= j / (r - j + 1.0) * q / (1 - q);
            double next = sum + atom;
            if (next == sum)
                break;
            sum = next;
        }

        return sum;
    }
}
