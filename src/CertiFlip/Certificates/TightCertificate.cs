using System.Collections.Concurrent;

namespace CertiFlip.Certificates;

/// <summary>
/// The discrete certificate (4) of Lee et al. for label noise: the largest r such that every set of labellings whose probability is
/// at most B before r flips has probability below ½ after them. It depends on r, q and K alone.
/// </summary>
/// <remarks>
/// Thresholds are computed on demand, each from the one before, and kept. The search below only returns an r whose own threshold was
/// compared, so it does not rest on thresholds being monotone.
/// </remarks>
public sealed class TightCertificate
{
    private static readonly ConcurrentDictionary<Noise, TightCertificate> ByNoise = new();

    private readonly Lock _growing = new();
    private readonly FlippedDistribution _distribution;
    private readonly Noise _noise;

    // Replaced as a whole when it has grown, so that readers need no lock.
    private volatile double[] _logThresholds = [ChernoffBound.LogHalf];

    private TightCertificate(Noise noise) => (_noise, _distribution) = (noise, new FlippedDistribution(noise));

    /// <summary>The certificate for one kind of noise; thresholds are shared by everybody who asks for the same.</summary>
    /// <param name="noise">The smoothing noise q.</param>
    public static TightCertificate For(Noise noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return ByNoise.GetOrAdd(noise, static noise => new TightCertificate(noise));
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
        int refuted = (int)Math.Min(rows, 3L * certified + 4);
        while (logFailure < LogThreshold(refuted))
        {
            if (refuted == rows)
                return rows;
            (certified, refuted) = (refuted, (int)Math.Min(rows, 2L * refuted));
        }

        while (refuted - certified > 1)
        {
            int middle = certified + (refuted - certified) / 2;
            (certified, refuted) = logFailure < LogThreshold(middle) ? (middle, refuted) : (certified, middle);
        }

        return certified;
    }

    /// <summary>
    /// A lower bound on the log of the largest failure probability at which <paramref name="radius"/> flips are certified, close to it.
    /// </summary>
    /// <param name="radius">r, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="radius"/> is negative.</exception>
    public double LogThreshold(int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        double[] thresholds = _logThresholds;
        return radius < thresholds.Length ? thresholds[radius] : GrowTo(radius)[radius];
    }

    private double[] GrowTo(int radius)
    {
        const int Step = 256;
        lock (_growing)
        {
            int known = _logThresholds.Length;
            if (radius < known)
                return _logThresholds;
            double[] grown = new double[radius + Step];
            _logThresholds.CopyTo(grown, 0);
            for (int r = known; r < grown.Length; r++)
            {
                _distribution.AddFlip();
                grown[r] = _distribution.LogThreshold();
            }

            return _logThresholds = grown;
        }
    }
}
