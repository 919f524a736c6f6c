using CertiFlip.Auditing;
using CertiFlip.Cli.Auditing;

namespace CertiFlip.Cli.Report.Charts;

/// <summary>The mean exact radius against the number of suggested labels that are known to be right.</summary>
internal static class VerifiedRadiusChart
{
    private const double Headroom = 1.1;

    public static Chart Of(AuditResult result)
    {
        LabelAudit audit = result.Audit;
        double[] means = [result.Mean(audit.TotalRadius), .. audit.Suggestions.Select(suggestion => result.Mean(suggestion.TotalRadius))];
        return new Chart
        {
            Title = "Mean exact radius against verified labels",
            Description = $"{means[0]:F2} with none verified, {means[^1]:F2} with {audit.Suggestions.Count:N0}.",
            Horizontal = new ChartAxis("labels known to be right, in the order suggested", 0, Math.Max(1, audit.Suggestions.Count), LeastStep: 1, labels => $"{labels:N0}"),
            Vertical = new ChartAxis(result.Problem.Adversary.HasUnitCosts ? "mean exact radius" : "mean exact radius, a cost", 0, Math.Max(1, means[^1] * Headroom), LeastStep: 0, radius => $"{radius:#,0.##}"),
            Lines = [ChartLine.Through("exact", "exact", [.. means.Select((mean, labels) => ((double)labels, mean))])],
        };
    }
}
