using System.Globalization;
using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using CsvHelper;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What <c>audit</c> prints: the labels to check, why, and what is gained when they turn out to be right.</summary>
internal static class AuditTable
{
    public static void Write(IAnsiConsole console, AuditResult result, int threads, TimeSpan elapsed)
    {
        console.WriteLine(result.DataInWords());
        console.WriteLine(result.Setting.Sentence);
        if (AdversaryWording.Sentence(result.Data) is { } adversary)
            console.WriteLine(adversary);
        if (result.Setting.ConditionalOnLambda)
            console.WriteLine("Conditional on λ: it was computed from the labels, and no radius covers an adversary who moves it.");
        console.WriteLine(result.Contradicted());
        console.WriteLine();
        console.Write(TableOf(result));
        console.WriteLine(result.MeanRadii());
        console.WriteLine($"perhaps: what the row looks like without its label. lead: by how much that is ahead. against: {result.AnyOthers()} leave it ahead. witnesses: smallest witnesses that the label is in. gain: what it adds to the sum of the radii if it alone is known to be right.");
        console.WriteLine(Heading.Time(elapsed, threads));
    }

    private static Table TableOf(AuditResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in (string[])["check", "row"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        table.AddColumn("label").AddColumn("perhaps");
        foreach (string heading in (string[])["lead", "against", "witnesses", "gain"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        foreach ((int index, Suggestion suggestion) in result.Audit.Suggestions.Index())
        {
            bool isContradicted = suggestion.IsContradicted();
            table.AddRow(
                $"{index + 1}",
                $"{suggestion.Row}",
                Markup.Escape(result.Data.Training.Labels[suggestion.Row]),
                isContradicted ? Markup.Escape(result.Data.Classes[suggestion.SuggestedClass]) : "",
                isContradicted ? $"{suggestion.Lead:F2}" : "",
                isContradicted ? $"{suggestion.ContradictionRadius:N0}" : "",
                $"{suggestion.WitnessCount:N1}",
                $"{suggestion.RadiusGain:N0}");
        }

        return table;
    }
}

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

/// <summary>The file that <c>audit --out</c> names: a row for each suggested label. Other programs read these columns.</summary>
internal static class AuditCsv
{
    public static void Write(TextWriter writer, AuditResult result)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        RunData data = result.Data;
        csv.WriteRecord(["rank", "row", "label", "reason", "suggested_label", "lead", "contradiction_radius", "witness_count", "radius_gain", "total_radius"]);
        foreach ((int index, Suggestion suggestion) in result.Audit.Suggestions.Index())
        {
            bool isContradicted = suggestion.IsContradicted();
            csv.WriteRecord(
            [
                Text(index + 1),
                Text(suggestion.Row),
                data.Training.Labels[suggestion.Row],
                suggestion.Reason.InWords(),
                isContradicted ? data.Classes[suggestion.SuggestedClass] : "",
                isContradicted ? Text(Math.Round(suggestion.Lead, 6)) : "",
                isContradicted ? Text(suggestion.ContradictionRadius) : "",
                Text(Math.Round(suggestion.WitnessCount, 3)),
                Text(suggestion.RadiusGain),
                Text(suggestion.TotalRadius),
            ]);
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
