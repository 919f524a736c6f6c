using CertiFlip.Smoothing;

namespace CertiFlip.Smoothed;

/// <summary>
/// The discrete certificate (4) of Lee et al. for label noise: the largest r such that every set of labellings whose
/// probability is at most B before r flips has probability below ½ after them. It depends on r, q and K alone:
/// <see cref="DiscreteGuarantee"/> with one coordinate for each training row.
/// </summary>
/// <remarks>Keeps the thresholds that it has computed. Safe to use from several threads at once.</remarks>
public sealed class TightCertificate
{
    private readonly DiscreteGuarantee _guarantee;

    /// <summary>The certificate for one kind of noise.</summary>
    /// <param name="noise">The smoothing noise q.</param>
    /// <param name="rows">Number of training rows n: no more labels than these can be flipped.</param>
    public TightCertificate(Noise noise, int rows)
    {
        ArgumentNullException.ThrowIfNull(noise);
        _guarantee = new DiscreteGuarantee(FlippedCoordinate.Of(noise), rows);
    }

    /// <summary>The largest r certified at a failure probability, never above n.</summary>
    /// <param name="logFailure">log B, an upper bound on the log of the failure probability.</param>
    public int Radius(double logFailure) => _guarantee.Flips(logFailure);

    /// <summary>
    /// A lower bound on the log of the largest failure probability at which <paramref name="radius"/> flips are
    /// certified, close to it.
    /// </summary>
    /// <param name="radius">r, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="radius"/> is negative.</exception>
    public double LogThreshold(int radius) => _guarantee.LogThreshold(radius);
}
