namespace CertiFlip.Cli.Output;

/// <summary>
/// How certificates were made, in a sentence and in values. A value that the method has no place for is null, and left
/// out of <c>--json</c>.
/// </summary>
internal sealed record Setting
{
    /// <summary>The method's name on the command line.</summary>
    public required string Method { get; init; }

    /// <summary>Everything below in words.</summary>
    public required string Sentence { get; init; }

    /// <summary>Whether λ was computed from labels, so that radii hold only for a λ that is held fixed.</summary>
    public required bool ConditionalOnLambda { get; init; }

    /// <summary>q.</summary>
    public double? Noise { get; init; }

    /// <summary>The head as written.</summary>
    public string? Head { get; init; }

    /// <summary>The ridge rule as written.</summary>
    public string? Ridge { get; init; }

    /// <summary>λ.</summary>
    public double? Lambda { get; init; }

    /// <summary>Whether there is an intercept.</summary>
    public bool? Intercept { get; init; }

    /// <summary>The gain of a saturated head.</summary>
    public double? Gain { get; init; }

    /// <summary>Its offset; null where each row has its own.</summary>
    public double? Offset { get; init; }

    /// <summary>Its lift; null where there is none.</summary>
    public double? Lift { get; init; }

    /// <summary>How many of the first features each level of a hierarchy has.</summary>
    public IReadOnlyList<int>? Levels { get; init; }

    /// <summary>B, the bound of a bounded head.</summary>
    public double? Bound { get; init; }

    /// <summary>N, the neighbours that vote in a head.</summary>
    public int? Neighbours { get; init; }

    /// <summary>H, the bandwidth of a kernel; null where each part has its own.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>The learner as written.</summary>
    public string? Learner { get; init; }

    /// <summary>N, the samples that bounds are computed on.</summary>
    public int? Samples { get; init; }

    /// <summary>1 − δ, where certificates hold with a probability only.</summary>
    public double? Confidence { get; init; }

    /// <summary>What all draws follow from.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Rows on which Algorithm 2 abstained.</summary>
    public int? Abstentions { get; init; }

    /// <summary>P, the number of parts.</summary>
    public int? Partitions { get; init; }

    /// <summary>D, how many heads learn from each part where parts are of whole rows.</summary>
    public int? Spread { get; init; }
}
