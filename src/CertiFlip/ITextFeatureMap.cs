namespace CertiFlip;

/// <summary>h for texts, a map that does not know the labels being defended.</summary>
public interface ITextFeatureMap
{
    /// <summary>k, the numbers that a text becomes.</summary>
    int Features { get; }

    /// <inheritdoc cref="IFeatureMap.DependsOnLabels"/>
    bool DependsOnLabels { get; }

    /// <summary>Applies the map to each text.</summary>
    /// <param name="texts">n texts.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <returns>n rows of <see cref="Features"/> numbers.</returns>
    FeatureMatrix Transform(IReadOnlyList<string> texts, ParallelOptions? parallel = null);

    /// <summary>Applies the map to each text, where that takes long.</summary>
    /// <param name="texts">n texts.</param>
    /// <param name="progress">Is told how many more texts are done, by maps for which that makes sense.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <returns>n rows of <see cref="Features"/> numbers.</returns>
    FeatureMatrix Transform(IReadOnlyList<string> texts, IProgress<int>? progress, ParallelOptions? parallel) =>
        Transform(texts, parallel);
}
