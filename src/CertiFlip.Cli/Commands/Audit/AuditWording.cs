using CertiFlip.Auditing;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>An audit in words, for tables, files and pages.</summary>
internal static class AuditWording
{
    public static string InWords(this SuggestionReason reason) => reason == SuggestionReason.Contradicted ? "contradicted" : "relied on";

    /// <summary>Whether something else is more likely than the label, whyever it is suggested.</summary>
    public static bool IsContradicted(this Suggestion suggestion) => suggestion.SuggestedClass != suggestion.Label;

    /// <summary>A radius as a number with separators, or <c>any</c>.</summary>
    public static string InWords(this Radius radius) => radius.IsAny ? radius.ToString() : $"{radius.Budget:N0}";

    /// <summary>How many labels are contradicted.</summary>
    public static string Contradicted(this AuditResult result) =>
        $"Contradicted when their own row is left out: {result.Audit.Contradicted:N0} of "
            + $"{Wording.Count(result.Data.Labels.Count, "label")}, {result.Audit.ClearlyContradicted:N0} clearly.";

    /// <summary>The data.</summary>
    public static string DataInWords(this AuditResult result)
    {
        RunData data = result.Data;
        string tests = result.IsLeaveOneOut ? "" : $", {Wording.Count(data.Test.Features.Rows, "test row")}";
        return $"{data.TrainingInWords}{tests}; {data.ClassesInWords}.";
    }

    /// <summary>The mean radius before and after.</summary>
    public static string MeanRadii(this AuditResult result)
    {
        string labels = result.Audit.Suggestions.Count == 1 ? "this label is" : $"these {result.Audit.Suggestions.Count:N0} labels are";
        return $"Mean exact radius{RadiusUnit.Of(result.Data).Aside} of {result.Counted()}: "
            + $"{result.Mean(result.Audit.TotalRadius):F2}; {result.Mean(result.VerifiedRadius):F2} once {labels} known to be right.";
    }

    /// <summary>
    /// The fewest flips of other labels that undo a contradiction, or their cost; empty where there is none.
    /// </summary>
    public static string ToUndo(this Suggestion suggestion, RunData data) =>
        !suggestion.IsContradicted() ? ""
        : suggestion.ContradictionRadius.IsAny ? "never"
        : $"{suggestion.ContradictionRadius.Budget + 1L:N0}";

    /// <summary>What undoes a contradiction.</summary>
    public static string UndoneBy(this AuditResult result) =>
        $"{RadiusUnit.Of(result.Data).Fewest} of other labels{result.Data.Adversary.WithinLimits()} that put the label ahead "
            + "again";

    /// <summary>The rows whose radii are counted.</summary>
    public static string Counted(this AuditResult result)
    {
        LabelAudit audit = result.Audit;
        if (result.IsLeaveOneOut)
            return $"{Wording.Count(audit.AuditedRows, "training row")}, each left out in turn";
        return result.Data.HasTruth
            ? $"the {audit.CountedRows:N0} of {Wording.Count(audit.AuditedRows, "test row")} that are predicted correctly"
            : Wording.Count(audit.AuditedRows, "test row");
    }
}
