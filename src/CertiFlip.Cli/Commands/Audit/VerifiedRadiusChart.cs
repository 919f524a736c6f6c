using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>The mean exact radius against the number of suggested labels that are known to be right.</summary>
internal static class VerifiedRadiusChart
{
    public static Chart Of(AuditResult result)
    {
        LabelAudit audit = result.Audit;
        double[] means = [result.Mean(audit.TotalRadius), .. audit.Suggestions.Select(suggestion => result.Mean(suggestion.TotalRadius))];

        // From a whole number to a whole number: beside what the radii are, a few labels change little.
        (double least, double largest) = (Math.Floor(means[0]), Math.Ceiling(means[^1]));
        return new Chart
        {
            Title = "Mean exact radius against verified labels",
            Description = $"{means[0]:F2} with none verified, {means[^1]:F2} with {audit.Suggestions.Count:N0}.",
            Horizontal = new ChartAxis("labels known to be right, in the order suggested", 0, Math.Max(1, audit.Suggestions.Count), LeastStep: 1, labels => $"{labels:N0}"),
            Vertical = new ChartAxis($"mean exact radius{RadiusUnit.Of(result.Data.Adversary).Aside}", least, Math.Max(least + 1, largest), LeastStep: 0, radius => $"{radius:#,0.##}"),
            Lines = [ChartLine.Through("exact", "exact", [.. means.Select((mean, labels) => ((double)labels, mean))])],
        };
    }
}
