namespace CertiFlip.Smoothing;

/// <summary>A measure over finitely many points, few enough to be listed: G(μ, φ) is then a sum and needs no sampling.</summary>
/// <typeparam name="TPoint">A point x of the space 𝒳.</typeparam>
public interface IEnumerableMeasure<TPoint> : ISmoothingMeasure<TPoint>
{
    /// <summary>Lists every point once with its probability, each good to a few roundings.</summary>
    /// <remarks>
    /// A probability that would underflow is rounded up, to a normal number: 0 says that the point is impossible, and what is impossible
    /// for an adversary to bring about is certified without end.
    /// </remarks>
    IEnumerable<(TPoint Point, double Probability)> Atoms();
}
