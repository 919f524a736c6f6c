namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>What one setting gives of each of two things that one wants both of.</summary>
/// <param name="Accuracy">The fraction of rows classified correctly.</param>
/// <param name="MedianRadius">The median radius, where a row that is wrong counts as 0.</param>
internal readonly record struct TradeOff(double Accuracy, double MedianRadius)
{
    /// <summary>Whether nobody would take <paramref name="other"/> instead: this is at least as good in both, and better in one.</summary>
    public bool Beats(TradeOff other) => Accuracy >= other.Accuracy && MedianRadius >= other.MedianRadius && this != other;

    /// <summary>Which of several are on the Pareto frontier: beaten by none of the others. Equal ones are on it together, or not at all.</summary>
    public static IReadOnlyList<bool> OnFrontier(IReadOnlyList<TradeOff> all) => [.. all.Select(one => !all.Any(other => other.Beats(one)))];
}
