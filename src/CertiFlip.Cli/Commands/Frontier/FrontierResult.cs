using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>What one run of <c>frontier</c> found out.</summary>
internal sealed record FrontierResult
{
    private readonly IReadOnlyList<bool> _onFrontier;

    /// <summary>Orders what was tried, and marks the frontier.</summary>
    /// <param name="data">The data; the test rows are those for validation.</param>
    /// <param name="trials">What came of each setting, at least one.</param>
    /// <param name="failures">The settings of which nothing came.</param>
    public FrontierResult(RunData data, IEnumerable<Trial> trials, IReadOnlyList<FailedTrial> failures)
    {
        (Data, Failures) = (data, failures);
        Trials = [.. trials.OrderByDescending(trial => trial.TradeOff.MedianRadius).ThenByDescending(trial => trial.TradeOff.Accuracy)];
        _onFrontier = TradeOff.OnFrontier([.. Trials.Select(trial => trial.TradeOff)]);
        Curves = new CurveSet([.. Trials.Select(trial => new Curve(trial.Candidate.Name, "exact", trial.Accuracy))], data);
    }

    public RunData Data { get; }

    /// <summary>The largest median radius first, and of equal ones the largest accuracy.</summary>
    public IReadOnlyList<Trial> Trials { get; }

    public IReadOnlyList<FailedTrial> Failures { get; }

    /// <summary>Certified accuracy of each of <see cref="Trials"/>.</summary>
    public CurveSet Curves { get; }

    /// <summary>Those of <see cref="Trials"/> that are on the frontier: radii fall, accuracies rise.</summary>
    public IReadOnlyList<Trial> Frontier => [.. Trials.Where((_, i) => _onFrontier[i])];

    /// <summary>The last on the frontier.</summary>
    public Trial MostAccurate => Frontier[^1];

    /// <summary>Each of <see cref="Trials"/>, and whether it is on the frontier.</summary>
    public IEnumerable<(Trial Trial, bool IsOnFrontier)> Marked => Trials.Zip(_onFrontier);
}

/// <summary>What came of one setting.</summary>
/// <param name="Candidate">The setting.</param>
/// <param name="Accuracy">Accuracy and exact radii on the validation rows.</param>
/// <param name="Elapsed">From features to certificates.</param>
internal sealed record Trial(Candidate Candidate, CertifiedAccuracy Accuracy, TimeSpan Elapsed)
{
    public TradeOff TradeOff => new(Accuracy.Accuracy, Accuracy.MedianRadius);
}

/// <summary>A setting of which nothing came.</summary>
/// <param name="Candidate">The setting.</param>
/// <param name="Reason">What was wrong, in a sentence.</param>
internal sealed record FailedTrial(Candidate Candidate, string Reason);

/// <summary>What one setting gives of each of two things that one wants both of.</summary>
/// <param name="Accuracy">The fraction of rows classified correctly.</param>
/// <param name="MedianRadius">The median radius, where a row that is wrong counts as 0.</param>
internal readonly record struct TradeOff(double Accuracy, double MedianRadius)
{
    /// <summary>
    /// Whether nobody would take <paramref name="other"/> instead: this is at least as good in both, and better in one.
    /// </summary>
    public bool Beats(TradeOff other) => Accuracy >= other.Accuracy && MedianRadius >= other.MedianRadius && this != other;

    /// <summary>
    /// Which of several are on the Pareto frontier: beaten by none of the others. Equal ones are on it together, or not
    /// at all.
    /// </summary>
    public static IReadOnlyList<bool> OnFrontier(IReadOnlyList<TradeOff> all) =>
        [.. all.Select(one => !all.Any(other => other.Beats(one)))];
}
