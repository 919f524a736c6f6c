using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>f(t) = tτ + Σ log E[e^(−tαⱼyⱼ)], the function that (7) minimises, for labels flipped with probability q.</summary>
/// <remarks>e^f(t) bounds P(αᵀy ≤ τ) for every t &gt; 0 and P(αᵀy ≥ τ) for every t &lt; 0. f is convex and f(0) = 0.</remarks>
internal sealed class ChernoffObjective
{
    private readonly Vote _vote;
    private readonly Noise _noise;
    private readonly double _constant;

    public ChernoffObjective(Vote vote, Noise noise)
    {
        (_vote, _noise) = (vote, noise);
        int ones = vote.Labels.Ones;

        // Σ log(1 − wⱼ), where wⱼ = 1 − q for a label 1 and q for a label 0.
        _constant = ones * Math.Log(noise.Q) + (vote.Labels.Count - ones) * LogOnePlus.Of(-noise.Q);
    }

    /// <summary>E[αᵀy] − τ over the noise: its sign is the side on which f falls.</summary>
    public double MeanMargin =>
        0.5 * _vote.Sums.Total + (0.5 - _noise.Q) * _vote.Sums.Signed - _vote.Threshold;

    /// <summary>The standard deviation of αᵀy over the noise.</summary>
    public double StandardDeviation => Math.Sqrt(_noise.Q * (1 - _noise.Q) * _vote.Sums.Squares) / _vote.SquareScale;

    public ChernoffPoint At(double t)
    {
        ChernoffSums sums = _vote.SumChernoff(t, _noise.Logit);
        double shift = t * _vote.Threshold;
        return new ChernoffPoint(
            t,
            shift + _constant + sums.Softplus,
            shift - sums.TiltedMean,
            sums.TiltedVariance,
            RoundingAt(t));
    }

    /// <summary>docs/soundness.md, "The Chernoff bound": no term of the sum exceeds |tαⱼ| + log((1−q)/q) + 2 in magnitude.</summary>
    private double RoundingAt(double t)
    {
        int n = _vote.Labels.Count;
        double magnitude = Math.Abs(t) * _vote.Sums.Magnitude + n * (_noise.Logit + 2) + Math.Abs(t * _vote.Threshold);
        return 2 * Rounding.OfBlockedSum(n) * magnitude;
    }
}
