using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>The report of <c>audit</c>.</summary>
internal static class AuditReport
{
    public static void Write(TextWriter writer, AuditResult result, RowViews views) => new ReportPage
    {
        Title = $"Labels to check: {result.Data.ClassesInWords}",
        Subject = result.Data.NameInWords,
        Heading = "Which training labels should be checked first?",
        Lead = Lead(result),
        Facts =
        [
            new Fact($"{result.Audit.Suggestions.Count:N0}", "labels to check"),
            new Fact($"{result.Audit.ClearlyContradicted:N0}", "clearly contradicted labels"),
            new Fact($"{result.Mean(result.Audit.TotalRadius):F2}", $"{RadiusUnit.Of(result.Data).Fact}: mean radius now"),
            new Fact(
                $"{result.Mean(result.VerifiedRadius):F2}",
                $"{RadiusUnit.Of(result.Data).Fact}: once all these are known to be right"),
        ],
        ConditionalOnLambda = result.Setting.ConditionalOnLambda,
        Remarks = result.Data.Remarks,
        Sections =
        [
            new SuggestionsSection(result, views.Training).Section(),
            new ReportSection("radius", "Radius", "What verified labels gain", Html.Of($"""
                {VerifiedRadiusChart.Of(result).Figure(
                    $"{result.MeanRadii()} If a label turns out to be wrong, correct it and run the audit again.")}
                """)),
            AuditGuarantee.Section(result),
            new ReportSection("setting", "Data and method", "What was audited", Html.Of($"""
                <p>{result.DataInWords()} {Files(result.Data, result.IsLeaveOneOut)}
                {result.Setting.Sentence} {AdversaryWording.Sentence(result.Data)}</p>
                {SettingSection.LongNames(result.Data)}
                """)),
        ],
    }.Write(writer);

    private static string Files(RunData data, bool isLeaveOneOut)
    {
        string tests = isLeaveOneOut ? "" : $", test rows from {Path.GetFileName(data.Test.Source)}";
        return $"Training rows from {Path.GetFileName(data.Training.Source)}{tests}.";
    }

    private static string Lead(AuditResult result)
    {
        if (result.Audit.Suggestions is not [var first, ..])
            return "No label can be wrong: there is nothing to check.";
        RunData data = result.Data;
        string why = first.IsContradicted()
            ? $"it is labelled {Wording.Name(data.Training.Labels[first.Row])}, but without its own label it is predicted as "
                + $"{Wording.Name(data.Classes[first.SuggestedClass])}"
            : $"once its label, {Wording.Name(data.Training.Labels[first.Row])}, is known to be right, the radii of {result.Counted()} "
                + $"grow by {first.RadiusGain:N0} in total";
        return $"Start with training row {data.Training.NameOf(first.Row)}: {why}. {result.Contradicted()}";
    }
}

/// <summary>The labels to check: the first of them as people see their rows, all of them in a table.</summary>
/// <param name="result">The audit.</param>
/// <param name="view">What people see of training rows, if anything.</param>
internal sealed class SuggestionsSection(AuditResult result, IRowView? view)
{
    private const int MostCards = 24;

    private IReadOnlyList<Suggestion> Suggestions => result.Audit.Suggestions;

    public ReportSection Section() =>
        new("suggestions", "Labels to check", "Labels to check, in this order", Html.Of($"{Cards()}{Table()}"));

    private Html Cards() => view is null
        ? Html.Empty
        : Html.Of(
            $"{Legend(view)}<ol "
            + $"class=\"cards\">\n{Suggestions.Take(MostCards).Select((suggestion, index) => Card(suggestion, index + 1, view))}</ol>\n");

    private static Html Legend(IRowView view) => view.Legend is { } legend ? Html.Of($"<p>{legend}</p>\n") : Html.Empty;

    private Html Card(Suggestion suggestion, int rank, IRowView rows) => Html.Of($"""
        <li>
        {rows.Show(suggestion.Row, $"Training row {NameOf(suggestion)}", ViewSize.Large)}<div>
        <p><strong>{rank}. Training row {NameOf(suggestion)}</strong>: labelled {Html.Name(LabelOf(suggestion))}.</p>
        <p>{Why(suggestion)}</p>
        </div>
        </li>

        """);

    private string Why(Suggestion suggestion)
    {
        string contradicted = suggestion.IsContradicted()
            ? $"Suggested: {Wording.Name(result.Data.Classes[suggestion.SuggestedClass])}, ahead by "
                + $"{suggestion.Lead:F2}{Still(suggestion.ContradictionRadius)}. "
            : "";
        if (suggestion.RadiusGain <= 0 && suggestion.WitnessCount <= 0)
            return $"{contradicted}In no smallest witness.";
        string witnesses = suggestion.WitnessCount == 1 ? "one smallest witness" : $"{suggestion.WitnessCount:#,0.##} smallest witnesses";
        string gain = suggestion.RadiusGain == 0 ? "nothing" : $"{suggestion.RadiusGain:N0}";
        return $"{contradicted}In {witnesses}; if the label is right, the sum of the radii gains {gain}.";
    }

    private string Still(Radius radius)
    {
        if (radius.IsAny)
            return ", whatever the other labels are";
        RadiusUnit unit = RadiusUnit.Of(result.Data);
        return radius.Budget == 0
            ? ""
            : $", and still ahead with {unit.Any(radius.Budget)} among the others{result.Data.Adversary.WithinLimits()}";
    }

    private Html Table() => new HtmlTable(
        "suggestions-table",
        "All of them in numbers; the columns are explained under “What the numbers say”.",
        [
            "check", Csv.RowHeader(result.Data.Training), "label", "why", "suggested", "lead",
            RadiusUnit.Of(result.Data).ToUndo, "in witnesses", "radius gain",
            "mean radius",
        ],
        Suggestions.Select((suggestion, index) => ($"{index + 1}", (IReadOnlyList<string>)
        [
            NameOf(suggestion),
            LabelOf(suggestion),
            suggestion.Reason.InWords(),
            suggestion.IsContradicted() ? result.Data.Classes[suggestion.SuggestedClass] : "",
            suggestion.IsContradicted() ? $"{suggestion.Lead:F2}" : "",
            suggestion.ToUndo(result.Data),
            $"{suggestion.WitnessCount:N1}",
            $"{suggestion.RadiusGain:N0}",
            $"{result.Mean(suggestion.TotalRadius):F2}",
        ]))).ToHtml();

    private string NameOf(Suggestion suggestion) => result.Data.Training.NameOf(suggestion.Row);

    private string LabelOf(Suggestion suggestion) => result.Data.Training.Labels[suggestion.Row];
}

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
            Horizontal = new ChartAxis(
                "labels known to be right, in the suggested order", 0, Math.Max(1, audit.Suggestions.Count), LeastStep: 1,
                labels => $"{labels:N0}"),
            Vertical = new ChartAxis(
                $"mean exact radius{RadiusUnit.Of(result.Data).Aside}", least, Math.Max(least + 1, largest), LeastStep: 0,
                radius => $"{radius:#,0.##}"),
            Lines = [ChartLine.Through("exact", "exact", [.. means.Select((mean, labels) => ((double)labels, mean))])],
        };
    }
}

/// <summary>What the numbers of an audit guarantee, and what they do not.</summary>
internal static class AuditGuarantee
{
    public static ReportSection Section(AuditResult result) => new("guarantee", "The guarantee", "What the numbers say", Html.Of($"""
        <dl>
        <dt>suggested</dt>
        <dd>The class predicted for the row by a head fitted without it.</dd>
        <dt>lead</dt>
        <dd>How far the score of the suggested class is ahead of the label’s. An estimate, not a guarantee: a label can be right and
        contradicted. A contradiction is clear if at least a tenth of the rows that have the suggested label, and are not
        contradicted, have no larger lead.</dd>
        <dt>{RadiusUnit.Of(result.Data).ToUndo}</dt>
        <dd>Exact: {result.UndoneBy()}. So if the label is right, and the classifier is right about the row once all labels are, at
        least this much is wrong among the other labels. “Never”: no such flips put the label ahead.</dd>
        <dt>in witnesses</dt>
        <dd>A witness is a smallest set of flips that changes a prediction. This is how many witnesses contain the label; labels that
        could replace each other count as fractions.</dd>
        <dt>radius gain, mean radius</dt>
        <dd>Exact: by how much the radii of {result.Counted()} grow if the label turns out to be right, alone or with all labels above
        it. Each label is the best next one; what the best {result.Audit.Suggestions.Count:N0} labels could gain together is not
        known.</dd>
        </dl>
        {Limits(result)}<p>Radii are about labels, not inputs, and hold for each prediction on its own. A label that is not in the
        list may be wrong, too.</p>

        """));

    private static Html Limits(AuditResult result) =>
        result.Data.Adversary.IsUnlimited && ClassWording.Source(result.Data) is null
            ? Html.Empty
            : Html.Of($"<ul>\n{GuaranteeSection.Limits(result.Data)}{GuaranteeSection.Classes(result.Data)}</ul>\n");
}
