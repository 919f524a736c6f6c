using System.Text.Json.Serialization;
using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Data;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>
/// What <c>audit</c> prints: the labels to check, why, and what is gained when they turn out to be right.
/// </summary>
internal static class AuditTable
{
    public static void Write(IAnsiConsole console, AuditResult result, int threads, TimeSpan elapsed)
    {
        console.WriteSentence(result.DataInWords());
        if (VoteWording.Sentence(result.Data.Training) is { } votes)
            console.WriteSentence(votes);
        if (VerifiedWording.Sentence(result.Data.Training) is { } verified)
            console.WriteSentence(verified);
        console.WriteSentence(result.Setting.Sentence);
        if (ClassWording.Source(result.Data) is { } classes)
            console.WriteSentence($"{classes} {ClassWording.Limit(result.Data)}".TrimEnd());
        if (AdversaryWording.Sentence(result.Data) is { } adversary)
            console.WriteSentence(adversary);
        if (result.Setting.ConditionalOnLambda)
            console.WriteSentence(Heading.ConditionalOnLambda);
        Remarks.Write(console, result.Data.Remarks);
        console.WriteSentence(result.Contradicted());
        console.WriteLine();
        console.Write(TableOf(result));
        console.WriteSentence(result.MeanRadii());
        console.WriteSentence(Legend(result));
        console.WriteSentence(Heading.Time(elapsed, threads));
    }

    private static string Legend(AuditResult result) =>
        "suggested: the class predicted without the row. lead: how far its score is ahead of the label's. "
        + $"{RadiusUnit.Of(result.Data).ToUndo}: {result.UndoneBy()}. "
        + "in witnesses: how many smallest sets of flips that change a prediction contain the label. "
        + "radius gain: what the sum of the radii gains if this label alone is known to be right.";

    private static Table TableOf(AuditResult result)
    {
        string toUndo = RadiusUnit.Of(result.Data).ToUndo.Replace(" to ", " to\n", StringComparison.Ordinal);
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in (string[])["check", Csv.RowHeader(result.Data.Training)])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        table.AddColumn("label").AddColumn("suggested");
        foreach (string heading in (string[])["lead", toUndo, "in\nwitnesses", "radius\ngain"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        foreach ((int index, Suggestion suggestion) in result.Audit.Suggestions.Index())
        {
            bool isContradicted = suggestion.IsContradicted();
            table.AddRow(
                $"{index + 1}",
                result.Data.Training.NameOf(suggestion.Row),
                ConsoleText.Cell(result.Data.Training.Labels[suggestion.Row]),
                isContradicted ? ConsoleText.Cell(result.Data.Classes[suggestion.SuggestedClass]) : "",
                isContradicted ? $"{suggestion.Lead:F2}" : "",
                suggestion.ToUndo(result.Data),
                $"{suggestion.WitnessCount:N1}",
                $"{suggestion.RadiusGain:N0}");
        }

        return table;
    }
}

/// <summary>What <c>audit --json</c> prints. docs/command.md describes it.</summary>
internal static partial class AuditJson
{
    private static readonly JsonForm<Summary> Form = new("audit", 1, AuditTypes.Default, hasHeader: true);

    public static void Write(IAnsiConsole console, AuditResult result, TimeSpan elapsed)
    {
        RunData data = result.Data;
        var summary = new Summary(
            result.IsLeaveOneOut,
            result.Setting.Head!,
            result.SecondOpinion?.Text,
            result.Setting.Lambda,
            result.Setting.ConditionalOnLambda,
            result.Audit.CountedRows,
            result.Audit.Contradicted,
            result.Audit.ClearlyContradicted,
            result.Audit.TotalRadius,
            result.VerifiedRadius,
            [.. result.Audit.Suggestions.Select(suggestion => EntryOf(suggestion, data))]);
        JsonHeader header = JsonHeader.Of(data) with { TestLabelsKnown = null, CommonestClass = null, MedianCeiling = null };
        RunJson.Write(console, result.IsLeaveOneOut ? header with { TestRows = null } : header, Form, summary, elapsed);
    }

    private static Entry EntryOf(Suggestion suggestion, RunData data)
    {
        bool isContradicted = suggestion.IsContradicted();
        return new Entry(
            data.Training.NumberOf(suggestion.Row),
            data.Training.Ids.Count > 0 ? data.Training.Ids[suggestion.Row] : null,
            data.Training.Labels[suggestion.Row],
            suggestion.Reason.InWords(),
            isContradicted ? data.Classes[suggestion.SuggestedClass] : null,
            isContradicted ? Math.Round(suggestion.Lead, 6) : null,
            isContradicted && !suggestion.ContradictionRadius.IsAny ? suggestion.ContradictionRadius.Budget : null,
            isContradicted && suggestion.ContradictionRadius.IsAny ? "no flips of other labels put the label ahead" : null,
            Math.Round(suggestion.WitnessCount, 3),
            suggestion.RadiusGain,
            suggestion.TotalRadius);
    }

    /// <summary>The labels to check.</summary>
    /// <param name="LeaveOneOut">
    /// Whether the audited predictions are those of the training rows, each by the head fitted without it.
    /// </param>
    /// <param name="Head">The head as written.</param>
    /// <param name="SecondOpinion">What has a say in contradictions, left out where nothing has.</param>
    /// <param name="Lambda">λ.</param>
    /// <param name="ConditionalOnLambda">Whether λ was computed from labels.</param>
    /// <param name="CountedRows">How many rows the sums of radii are over.</param>
    /// <param name="Contradicted">How many labels are contradicted.</param>
    /// <param name="ClearlyContradicted">How many of them clearly.</param>
    /// <param name="TotalRadius">The sum of the radii.</param>
    /// <param name="VerifiedRadius">The same once all suggested labels are known to be right.</param>
    /// <param name="Suggestions">The labels to check, in this order.</param>
    private sealed record Summary(
        bool LeaveOneOut,
        string Head,
        string? SecondOpinion,
        double? Lambda,
        bool ConditionalOnLambda,
        int CountedRows,
        int Contradicted,
        int ClearlyContradicted,
        long TotalRadius,
        long VerifiedRadius,
        IReadOnlyList<Entry> Suggestions);

    /// <summary>A label to check.</summary>
    /// <param name="Row">Its row, from 0.</param>
    /// <param name="Id">What the row is called, left out where rows have no names.</param>
    /// <param name="Label">The label as it is.</param>
    /// <param name="Reason"><c>contradicted</c> or <c>relied on</c>.</param>
    /// <param name="SuggestedLabel">What it may be instead, left out where it is not contradicted.</param>
    /// <param name="Lead">How far that class is ahead of the label, likewise.</param>
    /// <param name="ContradictionRadius">
    /// How many flips of other labels cannot undo the contradiction; null where there is none, or where none undo it.
    /// </param>
    /// <param name="ContradictionRadiusIsNull">
    /// Why it is null although the label is contradicted, left out otherwise.
    /// </param>
    /// <param name="WitnessCount">How many predictions have the label among the fewest that change them.</param>
    /// <param name="RadiusGain">What the sum of the radii gains once the label is known to be right.</param>
    /// <param name="TotalRadius">The sum of the radii then.</param>
    private sealed record Entry(
        int Row,
        string? Id,
        string Label,
        string Reason,
        string? SuggestedLabel,
        double? Lead,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? ContradictionRadius,
        string? ContradictionRadiusIsNull,
        double WitnessCount,
        long RadiusGain,
        long TotalRadius);

    [JsonSerializable(typeof(Summary))]
    private sealed partial class AuditTypes : JsonSerializerContext;
}

/// <summary>
/// The file that <c>audit --out</c> names: a row for each suggested label. Other programs read these columns.
/// </summary>
internal static class AuditCsv
{
    public static void Write(Csv csv, AuditResult result)
    {
        RunData data = result.Data;
        csv.Write(
            [
                "rank", Csv.RowHeader(data.Training), "label", "reason",
                "suggested_label", "lead", "contradiction_radius", "witness_count", "radius_gain",
                "total_radius",
            ],
            result.Audit.Suggestions.Select((suggestion, index) => RecordOf(index + 1, suggestion, data)));
    }

    private static string[] RecordOf(int rank, Suggestion suggestion, RunData data)
    {
        bool isContradicted = suggestion.IsContradicted();
        return
        [
            Csv.Text(rank),
            data.Training.NameOf(suggestion.Row),
            data.Training.Labels[suggestion.Row],
            suggestion.Reason.InWords(),
            isContradicted ? data.Classes[suggestion.SuggestedClass] : "",
            isContradicted ? Csv.Text(Math.Round(suggestion.Lead, 6)) : "",
            isContradicted ? suggestion.ContradictionRadius.ToString() : "",
            Csv.Text(Math.Round(suggestion.WitnessCount, 3)),
            Csv.Text(suggestion.RadiusGain),
            Csv.Text(suggestion.TotalRadius),
        ];
    }
}

/// <summary>
/// The file that <c>audit --corrections</c> names: the suggested labels, with a column to fill in. People open it in a
/// spreadsheet, so it begins with a byte order mark, and nothing in it runs as a formula.
/// </summary>
internal static class CorrectionsCsv
{
    private const char ByteOrderMark = '\uFEFF';

    // What fits into a cell that is looked at.
    private const int MostLetters = 1000;

    public static void Write(TextWriter writer, AuditResult result, IRowView? view)
    {
        RunData data = result.Data;
        IReadOnlyList<Suggestion> suggestions = result.Audit.Suggestions;
        bool hasTexts = view is not null && suggestions.Any(suggestion => view.TextOf(suggestion.Row) is not null);
        writer.Write(ByteOrderMark);
        new Csv(writer) { MarksFormulas = true }.Write(
            [
                LabelCorrections.RowColumn, .. data.Training.Ids.Count > 0 ? [LabelCorrections.IdColumn] : (string[])[],
                .. hasTexts ? (string[])["text"] : [], LabelCorrections.LabelColumn, "suggested_label", "lead",
                LabelCorrections.CorrectColumn,
            ],
            suggestions.Select(suggestion => (string[])
            [
                Csv.Text(data.Training.NumberOf(suggestion.Row)),
                .. data.Training.Ids.Count > 0 ? [data.Training.Ids[suggestion.Row]] : (string[])[],
                .. hasTexts ? (string[])[TextView.Cut(view!.TextOf(suggestion.Row) ?? "", MostLetters)] : [],
                data.Training.Labels[suggestion.Row],
                suggestion.IsContradicted() ? data.Classes[suggestion.SuggestedClass] : "",
                suggestion.IsContradicted() ? Csv.Text(Math.Round(suggestion.Lead, 6)) : "",
                "",
            ]));
    }
}

/// <summary>The file that <c>audit --sarif</c> names: a finding for each suggested label, at its line.</summary>
internal static class AuditSarif
{
    private const string Contradicted = "contradicted-label", Decisive = "decisive-label", Warning = "warning", Note = "note";

    private static readonly SarifRule[] Rules =
    [
        new(
            Contradicted, Warning, "Other rows contradict this label.",
            "Look at the row and decide which label is right. `certiflip audit --corrections check.csv` writes the suggested labels as a "
                + "table to fill in, and `--apply check.csv` puts them right in every command."),
        new(
            Decisive, Note, "Certificates rely on this label.",
            "Predictions that are certified would change if this label were wrong. Verify it: a row in the file of `--trusted` counts as "
                + "one that nobody can have changed, and the radii grow."),
    ];

    public static void Write(TextWriter writer, AuditResult result, string labelColumn) => SarifFile.Write(
        writer, "audit", Rules, result.Audit.Suggestions.Select(suggestion => FindingOf(suggestion, result)), labelColumn);

    public static void Write(TextWriter writer, NumericAudit result, string labelColumn) => SarifFile.Write(
        writer, "audit", Rules, result.Rows.Select(row => FindingOf(row, result)), labelColumn);

    private static SarifFinding FindingOf(Suggestion suggestion, AuditResult result)
    {
        RunData data = result.Data;
        string label = data.Training.Labels[suggestion.Row], name = data.Training.NameOf(suggestion.Row);
        string relied = $"{suggestion.WitnessCount:N1} predictions have it among the fewest changes that change them";
        if (suggestion.Reason != SuggestionReason.Contradicted)
        {
            return Finding(
                Decisive, data.Training, suggestion.Row,
                $"Row {name}: certificates rely on label '{label}'. {relied}; once it is known to be right, the sum of the radii grows "
                    + $"by {suggestion.RadiusGain:N0}.");
        }

        string other = data.Classes[suggestion.SuggestedClass];
        string undone = suggestion.ContradictionRadius.IsAny
            ? "No flips of other labels undo that."
            : $"To undo that takes {suggestion.ToUndo(data)}: {result.UndoneBy()}.";
        return Finding(
            Contradicted, data.Training, suggestion.Row,
            $"Row {name}: label '{label}' is contradicted. Without the row, '{other}' leads by {suggestion.Lead:F2}. {undone}");
    }

    private static SarifFinding FindingOf(int row, NumericAudit result)
    {
        Dataset training = result.Data.Training;
        string label = NumericData.Shown(result.Labels[row].Label);
        return result.Labels[row].Contradiction is null
            ? Finding(
                Decisive, training, row,
                $"Row {training.NameOf(row)}: {Wording.Count(result.Reliance[row], "prediction")} would leave the "
                + $"tolerance by the cheapest "
                    + $"changes, which label {label} is among.")
            : Finding(
                Contradicted, training, row,
                $"Row {training.NameOf(row)}: label {label} is {NumericData.Shown(Math.Abs(result.Labels[row].Residual))} from "
                    + $"{NumericData.Shown(result.Labels[row].Prediction)}, which the other rows predict; the tolerance is "
                    + $"{NumericData.Shown(result.Tolerance)}.");
    }

    private static SarifFinding Finding(string rule, Dataset training, int row, string message) => new(
        rule, rule == Contradicted ? Warning : Note, message, training, [row],
        $"{SarifFile.IdentityOf(training, row)}\0{training.Labels[row]}")
    {
        IsOfLabel = true,
    };
}
