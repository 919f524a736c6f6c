using CertiFlip.Heads;

namespace CertiFlip.Paper;

/// <summary>The options of an experiment. Each has its own defaults: <see cref="IExperiment.Defaults"/>.</summary>
public sealed record ExperimentOptions
{
    /// <summary>The rule for λ. With the paper's, heads have no intercept either, as in (12).</summary>
    public RidgeChoice Ridge { get; init; } = RidgeChoice.Default;

    /// <summary>The noises q to smooth with.</summary>
    public IReadOnlyList<double> Noises { get; init; } = [0.1];

    /// <summary>Features to reduce to, where the experiment reduces them.</summary>
    public int Components { get; init; } = int.MaxValue;

    /// <summary>Test rows to certify, spread evenly over all there are.</summary>
    public int TestRows { get; init; } = int.MaxValue;

    /// <summary>Test rows to attack, spread evenly over those that are certified.</summary>
    public int AttackedRows { get; init; } = int.MaxValue;

    /// <summary>Passes over the images, where a network is trained.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Which features texts become.</summary>
    public TextMap TextMap { get; init; } = TextMap.LatentSemantics;

    /// <summary>A file of word vectors to use instead of those in the data folder.</summary>
    public string? WordVectors { get; init; }

    /// <summary>The seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many threads work; no result depends on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How texts become features.</summary>
public enum TextMap
{
    /// <summary>Singular vectors of tf-idf, learned from the training texts alone.</summary>
    LatentSemantics,

    /// <summary>The mean of word vectors that were trained elsewhere: the paper's choice.</summary>
    WordVectors,
}
