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

    /// <summary>Each of <see cref="Trials"/>, and whether it is on the frontier.</summary>
    public IEnumerable<(Trial Trial, bool IsOnFrontier)> Marked => Trials.Zip(_onFrontier);
}
