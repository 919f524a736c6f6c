using CertiFlip.Numerics;

namespace CertiFlip;

/// <summary>The smoothing noise: every label is flipped independently with probability q.</summary>
public sealed record Noise
{
    /// <summary>Smoothing noise for two classes.</summary>
    /// <param name="q">The probability that a label is flipped, strictly between 0 and ½.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not in (0, ½).</exception>
    public Noise(double q)
    {
        if (!(q > 0 && q < 0.5))
            throw new ArgumentOutOfRangeException(nameof(q), q, "The noise must lie strictly between 0 and 0.5.");
        Q = q;

        // Near ½ the quotient is close to 1; there 1 − 2q is exact, so log(1 + (1−2q)/q) loses nothing.
        Logit = q < 0.25 ? LogOnePlus.Of(-q) - Math.Log(q) : LogOnePlus.Of((1 - 2 * q) / q);
    }

    /// <summary>q, the probability that smoothing flips a label.</summary>
    public double Q { get; }

    /// <summary>log((1−q)/q) &gt; 0, the log odds that a label is kept.</summary>
    public double Logit { get; }
}
