using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What <c>audit --json</c> prints. docs/command.md describes it.</summary>
internal static class AuditJson
{
    public static void Write(IAnsiConsole console, AuditResult result, TimeSpan elapsed)
    {
        RunData data = result.Data;
        JsonText.Write(console, new Summary(
            data.Training.Features.Rows,
            data.Training.Features.Columns,
            result.IsLeaveOneOut ? null : data.Test.Features.Rows,
            data.Classes,
            result.IsLeaveOneOut,
            result.Setting.Head!,
            result.SecondOpinion?.Text,
            result.Setting.Lambda,
            result.Setting.ConditionalOnLambda,
            AdversaryJson.Of(data),
            result.Audit.CountedRows,
            result.Audit.Contradicted,
            result.Audit.ClearlyContradicted,
            result.Audit.TotalRadius,
            result.VerifiedRadius,
            [.. result.Audit.Suggestions.Select(suggestion => EntryOf(suggestion, data))],
            elapsed.TotalSeconds));
    }

    private static Entry EntryOf(Suggestion suggestion, RunData data)
    {
        bool isContradicted = suggestion.IsContradicted();
        return new Entry(
            suggestion.Row,
            data.Training.Labels[suggestion.Row],
            suggestion.Reason.InWords(),
            isContradicted ? data.Classes[suggestion.SuggestedClass] : null,
            isContradicted ? Math.Round(suggestion.Lead, 6) : null,
            isContradicted ? suggestion.ContradictionRadius : null,
            Math.Round(suggestion.WitnessCount, 3),
            suggestion.RadiusGain,
            suggestion.TotalRadius);
    }

    private sealed record Summary(
        int TrainingRows,
        int Features,
        int? TestRows,
        IReadOnlyList<string> Classes,
        bool LeaveOneOut,
        string Head,
        string? SecondOpinion,
        double? Lambda,
        bool ConditionalOnLambda,
        AdversaryJson? Adversary,
        int CountedRows,
        int Contradicted,
        int ClearlyContradicted,
        long TotalRadius,
        long VerifiedRadius,
        IReadOnlyList<Entry> Suggestions,
        double Seconds);

    private sealed record Entry(
        int Row, string Label, string Reason, string? SuggestedLabel, double? Lead, int? ContradictionRadius, double WitnessCount, long RadiusGain, long TotalRadius);
}
