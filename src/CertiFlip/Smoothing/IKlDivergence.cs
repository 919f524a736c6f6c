namespace CertiFlip.Smoothing;

/// <summary>Measures between which the Kullback–Leibler divergence is known.</summary>
/// <typeparam name="TMeasure">The kind of measure.</typeparam>
public interface IKlDivergence<in TMeasure>
{
    /// <summary>KL(this ‖ other), in nats, never below the true value; +∞ where this measure has points that the other has not.</summary>
    /// <param name="other">A measure over the same space.</param>
    /// <exception cref="ArgumentException">The measures are over different spaces.</exception>
    double KlDivergence(TMeasure other);
}
