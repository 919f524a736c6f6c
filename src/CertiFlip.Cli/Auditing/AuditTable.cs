using CertiFlip.Auditing;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Auditing;

/// <summary>What <c>audit</c> prints: the labels to check, why, and what is gained when they turn out to be right.</summary>
internal static class AuditTable
{
    public static void Write(IAnsiConsole console, AuditResult result, int threads, TimeSpan elapsed)
    {
        Problem problem = result.Problem;
        LabelAudit audit = result.Audit;
        string tests = result.IsLeaveOneOut ? "" : $", {problem.Test.Features.Rows:N0} test rows";
        console.WriteLine($"{problem.Training.Features.Rows:N0} training rows, {problem.Training.Features.Columns:N0} features{tests}; {problem.ClassesInWords}.");
        console.WriteLine(result.Sentence);
        if (result.Trusted > 0)
            console.WriteLine($"{Wording.Count(result.Trusted, "label")} trusted: never suggested, and no radius counts {(result.Trusted == 1 ? "it" : "them")}.");
        if (result.ConditionalOnLambda)
            console.WriteLine("Conditional on λ: it was computed from the labels, and no radius covers an adversary who moves it.");
        console.WriteLine($"Without its own row, the head contradicts {audit.Contradicted:N0} of {problem.Labels.Count - result.Trusted:N0} labels.");
        console.WriteLine();
        console.Write(TableOf(result));
        console.WriteLine($"Mean exact radius of {Counted(result)}: {result.Mean(audit.TotalRadius):F2}; {result.Mean(result.VerifiedRadius):F2} once these {Wording.Count(audit.Suggestions.Count, "label")} are known to be right.");
        console.WriteLine("against: any so many flips of other labels leave what the head says before the label. witnesses: smallest witnesses that the label is in. gain: what it adds to the sum of the radii if it alone is known to be right.");
        console.WriteLine(Heading.Time(elapsed, threads));
    }

    private static Table TableOf(AuditResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in (string[])["check", "row"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        table.AddColumn("label").AddColumn("head says");
        foreach (string heading in (string[])["against", "witnesses", "gain"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        foreach ((int index, Suggestion suggestion) in result.Audit.Suggestions.Index())
        {
            bool isContradicted = suggestion.Reason == SuggestionReason.Contradicted;
            table.AddRow(
                $"{index + 1}",
                $"{suggestion.Row}",
                Markup.Escape(result.Problem.Training.Labels[suggestion.Row]),
                isContradicted ? Markup.Escape(result.Problem.Classes[suggestion.Prediction]) : "",
                isContradicted ? $"{suggestion.ContradictionRadius:N0}" : "",
                $"{suggestion.WitnessCount:N1}",
                $"{suggestion.RadiusGain:N0}");
        }

        return table;
    }

    private static string Counted(AuditResult result)
    {
        LabelAudit audit = result.Audit;
        if (result.IsLeaveOneOut)
            return $"{audit.AuditedRows:N0} training rows, each left out";
        return result.Problem.HasTruth
            ? $"{audit.CountedRows:N0} of {audit.AuditedRows:N0} test rows that are predicted rightly"
            : $"{audit.AuditedRows:N0} test rows";
    }
}
