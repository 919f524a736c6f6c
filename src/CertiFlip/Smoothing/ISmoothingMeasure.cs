namespace CertiFlip.Smoothing;

/// <summary>A smoothing measure μ over a space of points (section 3): what randomised smoothing draws from.</summary>
/// <typeparam name="TPoint">A point x of the space 𝒳.</typeparam>
public interface ISmoothingMeasure<out TPoint>
{
    /// <summary>Draws x ~ μ. Safe to call from several threads at once, each with its own <paramref name="random"/>.</summary>
    /// <param name="random">The only source of randomness: the same numbers give the same point.</param>
    TPoint Sample(Random random);
}
