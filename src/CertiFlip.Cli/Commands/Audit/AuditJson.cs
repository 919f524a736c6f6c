using CertiFlip.Auditing;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What <c>audit --json</c> prints. docs/command.md describes it.</summary>
internal static class AuditJson
{
    public static void Write(IAnsiConsole console, AuditResult result, TimeSpan elapsed)
    {
        Problem problem = result.Problem;
        JsonText.Write(console, new Summary(
            problem.Training.Features.Rows,
            problem.Training.Features.Columns,
            result.IsLeaveOneOut ? null : problem.Test.Features.Rows,
            problem.Classes,
            result.IsLeaveOneOut,
            result.Setting.Head!,
            result.SecondOpinion?.Text,
            result.Setting.Lambda,
            result.Setting.ConditionalOnLambda,
            AdversaryJson.Of(problem),
            result.Audit.CountedRows,
            result.Audit.Contradicted,
            result.Audit.ClearlyContradicted,
            result.Audit.TotalRadius,
            result.VerifiedRadius,
            [.. result.Audit.Suggestions.Select(suggestion => EntryOf(suggestion, problem))],
            elapsed.TotalSeconds));
    }

    private static Entry EntryOf(Suggestion suggestion, Problem problem)
    {
        bool isContradicted = suggestion.IsContradicted();
        return new Entry(
            suggestion.Row,
            problem.Training.Labels[suggestion.Row],
            suggestion.Reason.InWords(),
            isContradicted ? problem.Classes[suggestion.SuggestedClass] : null,
            isContradicted ? Math.Round(suggestion.Lead, 6) : null,
            isContradicted && !suggestion.ContradictionRadius.IsAny ? suggestion.ContradictionRadius.Budget : null,
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
