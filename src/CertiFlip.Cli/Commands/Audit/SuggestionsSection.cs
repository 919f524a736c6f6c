using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>The labels to check: the first of them as people see their rows, all of them in a table.</summary>
/// <param name="result">The audit.</param>
/// <param name="view">What people see of training rows, if anything.</param>
internal sealed class SuggestionsSection(AuditResult result, IRowView? view)
{
    private const int MostCards = 24;

    private IReadOnlyList<Suggestion> Suggestions => result.Audit.Suggestions;

    public ReportSection Section() => new("suggestions", "Labels to check", "Labels to check, in this order", Html.Of($"{Cards()}{Table()}"));

    private Html Cards() => view is null ? Html.Empty : Html.Of($"<ol class=\"cards\">\n{Suggestions.Take(MostCards).Select((suggestion, index) => Card(suggestion, index + 1, view))}</ol>\n");

    private Html Card(Suggestion suggestion, int rank, IRowView rows) => Html.Of($"""
        <li>
        {rows.Show(suggestion.Row, $"Training row {suggestion.Row}", ViewSize.Large)}<div>
        <p><strong>{rank}. Training row {suggestion.Row}</strong>: labelled {LabelOf(suggestion)}.</p>
        <p>{Why(suggestion)}</p>
        </div>
        </li>

        """);

    private string Why(Suggestion suggestion)
    {
        string contradicted = suggestion.IsContradicted() ? $"Perhaps {result.Data.Classes[suggestion.SuggestedClass]}: ahead by {suggestion.Lead:F2}{Still(suggestion.ContradictionRadius)}. " : "";
        return suggestion.RadiusGain > 0 || suggestion.WitnessCount > 0
            ? $"{contradicted}In {(suggestion.WitnessCount == 1 ? "one smallest witness" : $"{suggestion.WitnessCount:#,0.##} smallest witnesses")}; known to be right, it adds {(suggestion.RadiusGain == 0 ? "nothing" : $"{suggestion.RadiusGain:N0}")} to the sum of the radii."
            : $"{contradicted}In no smallest witness.";
    }

    private string Still(int radius) =>
        radius == 0 ? "" : $", and still ahead with {RadiusUnit.Of(result.Data.Adversary).Any(radius)} among the others{result.Data.Adversary.WithinLimits()}";

    private Html Table() => new HtmlTable(
        "suggestions-table",
        "All of them in numbers. Perhaps, lead and against: what the row looks like without its label, by how much that is ahead, and how much of the other labels could be wrong. Witnesses, gain and mean radius: what rests on the label.",
        ["check", "row", "label", "why", "perhaps", "lead", "against", "witnesses", "gain", "mean radius"],
        Suggestions.Select((suggestion, index) => ($"{index + 1}", (IReadOnlyList<string>)
        [
            $"{suggestion.Row}",
            LabelOf(suggestion),
            suggestion.Reason.InWords(),
            suggestion.IsContradicted() ? result.Data.Classes[suggestion.SuggestedClass] : "",
            suggestion.IsContradicted() ? $"{suggestion.Lead:F2}" : "",
            suggestion.IsContradicted() ? $"{suggestion.ContradictionRadius:N0}" : "",
            $"{suggestion.WitnessCount:N1}",
            $"{suggestion.RadiusGain:N0}",
            $"{result.Mean(suggestion.TotalRadius):F2}",
        ]))).ToHtml();

    private string LabelOf(Suggestion suggestion) => result.Data.Training.Labels[suggestion.Row];
}
