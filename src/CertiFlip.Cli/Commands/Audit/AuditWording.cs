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
        $"Without its own row, {result.Audit.Contradicted:N0} of {Wording.Count(result.Data.Labels.Count, "label")} {(result.Audit.Contradicted == 1 ? "is" : "are")} contradicted, {result.Audit.ClearlyContradicted:N0} clearly.";

    /// <summary>The data.</summary>
    public static string DataInWords(this AuditResult result)
    {
        RunData data = result.Data;
        string tests = result.IsLeaveOneOut ? "" : $", {data.Test.Features.Rows:N0} test rows";
        return $"{data.Training.Features.Rows:N0} training rows, {data.Training.Features.Columns:N0} features{tests}; {data.ClassesInWords}.";
    }

    /// <summary>The mean radius before and after.</summary>
    public static string MeanRadii(this AuditResult result) =>
        $"Mean exact radius{RadiusUnit.Of(result.Data.Adversary).Aside} of {result.Counted()}: {result.Mean(result.Audit.TotalRadius):F2}; {result.Mean(result.VerifiedRadius):F2} once {(result.Audit.Suggestions.Count == 1 ? "this label is" : $"these {result.Audit.Suggestions.Count:N0} labels are")} known to be right.";

    /// <summary>What leaves a contradiction as it is.</summary>
    public static string AnyOthers(this AuditResult result) =>
        $"any {RadiusUnit.Of(result.Data.Adversary).SoMuch} of other labels{result.Data.Adversary.WithinLimits()}";

    /// <summary>The rows whose radii are counted.</summary>
    public static string Counted(this AuditResult result)
    {
        LabelAudit audit = result.Audit;
        if (result.IsLeaveOneOut)
            return $"{audit.AuditedRows:N0} training rows, each left out";
        return result.Data.HasTruth
            ? $"{audit.CountedRows:N0} of {audit.AuditedRows:N0} test rows that are predicted rightly"
            : $"{audit.AuditedRows:N0} test rows";
    }
}
