namespace CertiFlip.Smoothing;

/// <summary>A smoothing measure μ over a space of points (section 3): what randomised smoothing draws from.</summary>
/// <typeparam name="TPoint">A point x of the space 𝒳.</typeparam>
public interface ISmoothingMeasure<out TPoint>
{
    /// <summary>
    /// Draws x ~ μ. Safe to call from several threads at once, each with its own <paramref name="random"/>.
    /// </summary>
    /// <param name="random">The only source of randomness: the same numbers give the same point.</param>
    TPoint Sample(Random random);
}

/// <summary>
/// A measure over finitely many points, few enough to be listed: G(μ, φ) is then a sum and needs no sampling.
/// </summary>
/// <typeparam name="TPoint">A point x of the space 𝒳.</typeparam>
public interface IEnumerableMeasure<TPoint> : ISmoothingMeasure<TPoint>
{
    /// <summary>Lists every point once with its probability, each good to a few roundings.</summary>
    /// <remarks>
    /// A probability that would underflow is rounded up, to a normal number: 0 says that the point is impossible, and
    /// an impossible failure is certified against any number of flips.
    /// </remarks>
    IEnumerable<(TPoint Point, double Probability)> Atoms();
}

/// <summary>Measures between which the Kullback–Leibler divergence is known.</summary>
/// <typeparam name="TMeasure">The kind of measure.</typeparam>
public interface IKlDivergence<in TMeasure>
{
    /// <summary>
    /// KL(this ‖ other), in nats, never below the true value; +∞ where this measure has points that the other has not.
    /// </summary>
    /// <param name="other">A measure over the same space.</param>
    /// <exception cref="ArgumentException">The measures are over different spaces.</exception>
    double KlDivergence(TMeasure other);
}
