namespace CertiFlip;

/// <summary>
/// h, a map from inputs to features that does not know the labels being defended: what is certified holds for a map
/// that no adversary moves.
/// </summary>
public interface IFeatureMap
{
    /// <summary>The numbers that an input has.</summary>
    int Inputs { get; }

    /// <summary>k, the numbers that it becomes.</summary>
    int Features { get; }

    /// <summary>
    /// Whether the map was trained on labels. They must be trusted: certificates hold against flips of other labels
    /// only.
    /// </summary>
    bool DependsOnLabels { get; }

    /// <summary>The shape of the images that inputs are; null where they are other numbers.</summary>
    ImageShape? Image => null;

    /// <summary>The shape of the images that come out; null where they are other numbers.</summary>
    ImageShape? Output => null;

    /// <summary>
    /// What was approximated when the map was fitted, and how well, in a sentence; null where nothing was.
    /// </summary>
    string? Approximation => null;

    /// <summary>Applies the map to each row.</summary>
    /// <param name="inputs">n rows of <see cref="Inputs"/> numbers.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <returns>n rows of <see cref="Features"/> numbers.</returns>
    /// <exception cref="ArgumentException">The rows have another number of columns.</exception>
    FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null);
}
