using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>
/// What a factorised discrete measure shows in one coordinate whose value was flipped: the new value, the old one, or any of the others. All that a
/// guarantee needs to know of the measure: coordinates that were not flipped look the same before and after.
/// </summary>
/// <param name="Likelier">The larger of the probabilities of the new and of the old value; the new one's, unless the noise hides a value more often than not.</param>
/// <param name="Neither">The probability of any other value.</param>
/// <param name="Rarer">The smaller of the two probabilities.</param>
/// <param name="LogOdds">Λ = log(Likelier/Rarer) ≥ 0, to relative precision also where the two are nearly equal.</param>
/// <param name="Divergence">KL(ρ ‖ μ) of this coordinate, appendix B.3: (Likelier − Rarer)·Λ.</param>
internal readonly record struct FlippedCoordinate(double Likelier, double Neither, double Rarer, double LogOdds, double Divergence)
{
    /// <summary>Label noise q, (23) with K classes: the values are classes.</summary>
    public static FlippedCoordinate Of(Noise noise) =>
        new(noise.Kept, noise.Rival * (noise.Classes - 2), noise.Rival, noise.Logit, noise.Advantage * noise.Logit);

    /// <summary>Example 2: a value is shown with probability α, and each of the K others with probability (1 − α)/K.</summary>
    public static FlippedCoordinate Of(double alpha, int others)
    {
        double other = (1 - alpha) / others;

        // α − (1 − α)/K with one rounding before the division.
        double advantage = Math.Abs(Math.FusedMultiplyAdd(alpha, others + 1.0, -1)) / others;
        double likelier = Math.Max(alpha, other), rarer = Math.Min(alpha, other);
        double odds = advantage / rarer;
        double logOdds = rarer == 0 ? double.PositiveInfinity
            : double.IsFinite(odds) ? LogOnePlus.Of(odds)
            : Math.Log(likelier) - Math.Log(rarer);
        return new FlippedCoordinate(likelier, other * (others - 1), rarer, logOdds, advantage * logOdds);
    }

    /// <summary>The largest r with r·KL(ρ ‖ μ) ≤ <paramref name="divergence"/>, (9) and (10), never above <paramref name="dimensions"/>.</summary>
    public int FlipsWithin(double divergence, int dimensions)
    {
        if (double.IsPositiveInfinity(Divergence))
            return 0;

        // Divergence is good to a few roundings.
        double flips = divergence / Divergence * (1 - 32 * Rounding.Epsilon);
        return (int)Math.Clamp(Math.Floor(flips), 0, dimensions);
    }
}
