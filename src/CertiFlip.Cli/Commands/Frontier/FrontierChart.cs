using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>Median radius against accuracy: a point for each setting, and what can be had along the frontier.</summary>
internal static class FrontierChart
{
    private const int Colours = 6;

    public static Chart Of(FrontierResult result)
    {
        string[] heads = [.. result.Trials.Select(trial => trial.Candidate.Head.Text).Distinct()];
        return new Chart
        {
            Title = "Median radius against accuracy",
            Description = $"On the frontier: {string.Join("; ", result.Frontier.Select(Title))}.",
            HasStyle = false,
            Horizontal = Accuracy(result),
            Vertical = new ChartAxis("median radius", 0, Math.Max(1, result.Trials[0].TradeOff.MedianRadius), LeastStep: 1, radius => $"{radius:N0}"),
            Lines = [ChartLine.Through("frontier", "frontier", [.. Stairs(result.Frontier)])],
            Points = [.. result.Trials.Select(trial => PointOf(trial, Array.IndexOf(heads, trial.Candidate.Head.Text)))],
        };
    }

    private static ChartPoint PointOf(Trial trial, int head) => new(
        trial.Candidate.Head.Text, $"noise-{head % Colours}", trial.TradeOff.Accuracy, trial.TradeOff.MedianRadius, Title(trial));

    private static string Title(Trial trial) => $"{trial.Candidate.Name}: {Format.Percent(trial.TradeOff.Accuracy)}, median radius {trial.TradeOff.MedianRadius:#,0.#}";

    /// <summary>From a multiple of 5 % to a whole percent above all accuracies.</summary>
    private static ChartAxis Accuracy(FrontierResult result) => new(
        "accuracy",
        5 * Math.Floor(20 * result.Trials.Min(trial => trial.TradeOff.Accuracy)) / 100,
        Math.Floor(100 * result.Trials.Max(trial => trial.TradeOff.Accuracy) + 1) / 100,
        LeastStep: 0.01,
        fraction => $"{Math.Round(100 * fraction)} %");

    /// <summary>The largest median radius for each accuracy: it falls at once where a setting is no longer accurate enough.</summary>
    private static IEnumerable<(double X, double Y)> Stairs(IReadOnlyList<Trial> frontier)
    {
        TradeOff last = frontier[0].TradeOff;
        foreach (TradeOff next in frontier.Select(trial => trial.TradeOff))
        {
            yield return (last.Accuracy, next.MedianRadius);
            yield return (next.Accuracy, next.MedianRadius);
            last = next;
        }
    }
}
