using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>The report of <c>audit</c>.</summary>
internal static class AuditReport
{
    public static void Write(TextWriter writer, AuditResult result, RowViews views) => new ReportPage
    {
        Title = $"Labels to check: {result.Data.ClassesInWords}",
        Heading = "Which training labels should be checked first?",
        Lead = Lead(result),
        Facts =
        [
            new Fact($"{result.Audit.Suggestions.Count:N0}", "labels to check"),
            new Fact($"{result.Audit.ClearlyContradicted:N0}", "labels clearly contradicted"),
            new Fact($"{result.Mean(result.Audit.TotalRadius):F2}", $"{RadiusUnit.Of(result.Data.Adversary).Fact}: mean radius now"),
            new Fact($"{result.Mean(result.VerifiedRadius):F2}", $"{RadiusUnit.Of(result.Data.Adversary).Fact}: once all these are known to be right"),
        ],
        ConditionalOnLambda = result.Setting.ConditionalOnLambda,
        Sections =
        [
            new SuggestionsSection(result, views.Training).Section(),
            new ReportSection("radius", "Radius", "What verified labels buy", Html.Of($"""
                <figure>
                {VerifiedRadiusChart.Of(result).Draw()}
                <figcaption>{result.MeanRadii()} A label that turns out to be wrong is to be corrected, and the audit run again.</figcaption>
                </figure>

                """)),
            AuditGuarantee.Section(result),
            new ReportSection("setting", "Data and method", "What was audited", Html.Of($"""
                <p>{result.DataInWords()} Training rows from {Path.GetFileName(result.Data.Training.Source)}{(result.IsLeaveOneOut ? "" : $", test rows from {Path.GetFileName(result.Data.Test.Source)}")}. {result.Setting.Sentence} {AdversaryWording.Sentence(result.Data)}</p>

                """)),
        ],
    }.Write(writer);

    private static string Lead(AuditResult result)
    {
        if (result.Audit.Suggestions is not [var first, ..])
            return "No label can be wrong: there is nothing to check.";
        RunData data = result.Data;
        string why = first.IsContradicted()
            ? $"it is labelled {data.Training.Labels[first.Row]}, but without its label it looks like {data.Classes[first.SuggestedClass]}"
            : $"once its label, {data.Training.Labels[first.Row]}, is known to be right, the radii of {result.Counted()} add up to {first.RadiusGain:N0} more";
        return $"Begin with training row {first.Row}: {why}. {result.Contradicted()}";
    }
}
