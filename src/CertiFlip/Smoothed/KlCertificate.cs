using CertiFlip.Smoothing;

namespace CertiFlip.Smoothed;

/// <summary>
/// The paper's certificate: a failure probability, and the KL divergence between two noisy labellings r flips apart.
/// <see cref="KlGuarantee{TMeasure}"/> for label noise, whose divergence is the same for every flip.
/// </summary>
public static class KlCertificate
{
    private static readonly KlGuarantee<DiscreteMeasure> Guarantee = new();

    /// <summary>
    /// The largest r for which (10), or (25) for more classes, holds, never above <paramref name="rows"/>.
    /// </summary>
    /// <param name="logFailure">log B, an upper bound on the log of the failure probability 1 − p.</param>
    /// <param name="noise">The smoothing noise q.</param>
    /// <param name="rows">Number of training rows n: no more labels than these can be flipped.</param>
    public static int Radius(double logFailure, Noise noise, int rows)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (!(logFailure < SmoothedValue.LogHalf))
            return 0;

        double allowed = Guarantee.Radius(SmoothedValue.FromLogFailure(true, logFailure));
        return FlippedCoordinate.Of(noise).FlipsWithin(allowed, rows);
    }
}
