using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>The paper's certificate: a failure probability, and the KL divergence between two noisy labellings r flips apart.</summary>
public static class KlCertificate
{
    // Each of the few operations below is good to a rounding or two; 16 of them are more than there are.
    private const double Slack = 16 * Rounding.Epsilon;

    /// <summary>The largest r for which (10), or (25) for more classes, holds, never above <paramref name="rows"/>.</summary>
    /// <param name="logFailure">log B, an upper bound on the log of the failure probability 1 − p.</param>
    /// <param name="noise">The smoothing noise q.</param>
    /// <param name="rows">Number of training rows n: no more labels than these can be flipped.</param>
    public static int Radius(double logFailure, Noise noise, int rows)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (!(logFailure < ChernoffBound.LogHalf))
            return 0;
        if (double.IsNegativeInfinity(logFailure))
            return rows;

        // −½ log(4p(1−p)) of (5), with log p = log(1 − B).
        double logP = LogOnePlus.Of(-Math.Exp(logFailure));
        double allowed = -0.5 * (Math.Log(4) + logFailure + logP);
        allowed -= Slack * (2 - logFailure);

        // KL(ρ‖μ) of one flip, (9) and appendix B.3.
        double perFlip = noise.Advantage * noise.Logit * (1 + Slack);
        return (int)Math.Clamp(Math.Floor(allowed / perFlip * (1 - Slack)), 0, rows);
    }
}
