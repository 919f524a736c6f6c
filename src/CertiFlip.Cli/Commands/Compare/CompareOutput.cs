using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>What <c>compare</c> prints: a row for each contestant.</summary>
internal static class ComparisonTable
{
    // As many as fit on a terminal of 80 columns.
    private const int FlipColumns = 3;

    public static void Write(IAnsiConsole console, CompareResult result, int threads, TimeSpan elapsed)
    {
        Heading.Write(console, result.Data, result.Settings);
        console.Write(TableOf(result));
        foreach (string warning in result.Curves.Warnings())
            console.WriteSentence(warning);
        console.WriteSentence(Legend(result));
        if (result.Main.Curve is { Accuracy.ByClass: { } figures } curve)
        {
            console.WriteSentence(ClassFigures.Legend(result.Data));
            ClassFigures.Write(console, result.Curves, curve.Name, figures);
        }

        Verdicts.Write(console, result.Verdicts);
        console.WriteSentence(Heading.Time(elapsed, threads));
    }

    private static Table TableOf(CompareResult result)
    {
        int[] flips = [.. result.Curves.FewFlipsToShow(FlipColumns)];
        string[] accuracy = result.Data.HasTruth ? ["accuracy", ClassFigures.Balanced] : [];
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("certificate").NoWrap());
        foreach (string heading in (string[])[.. accuracy, .. flips.Select(r => $"r={r:N0}"), "median", "time"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(0));

        foreach (CompareResult.Entry entry in result.Entries)
        {
            CertifiedAccuracy curve = entry.Curve.Accuracy;
            table.AddRow(
            [
                entry.Curve.Name,
                .. curve.ByClass is { } figures
                    ? [Format.Percent(curve.Accuracy), Format.Percent(figures.BalancedAccuracy)]
                    : (string[])[],
                .. flips.Select(r => Format.Percent(curve.At(r))),
                Format.Median(curve.MedianRadius, "N1"),
                $"{entry.Elapsed.TotalSeconds:F2} s",
            ]);
        }

        if (result.Main.Curve.Accuracy.ByClass is { } constant)
            table.AddRow(ConsoleText.Whole(ClassFigures.Always(result.Data)), Format.Percent(constant.ConstantAccuracy));
        return table;
    }

    private static string Legend(CompareResult result)
    {
        string what = result.Data.HasTruth ? "classified correctly and certified to stay so" : "certified not to change";
        IGrouping<string, string>[] subjects =
        [
            .. result.Entries.Select(entry => entry.Contestant).GroupBy(contestant => contestant.Subject, contestant => contestant.Family),
        ];
        string whose = subjects.Length == 1
            ? $"The classifier is {subjects[0].Key}."
            : $"The classifiers differ, and so may their predictions "
                + $"({string.Join("; ", subjects.Select(group => $"{string.Join(", ", group.Distinct())}: {group.Key}"))}).";
        string unreachable =
            result.Curves.NoteOnAny + ClassWording.NoteOnRadii(result.Data, result.Entries.SelectMany(entry => entry.Outcome.Rows));
        string notes = $"{CurveSet.MedianNote}{unreachable}{result.Curves.NoteOnCeiling}";
        return $"Share of rows {what} under {result.Data.Survived()}. {whose} {notes} Each time is from features to "
            + "certificates.";
    }
}

/// <summary>What <c>compare --json</c> prints. docs/command.md describes it.</summary>
internal static partial class ComparisonJson
{
    private static readonly JsonForm<Comparison> Form = new("compare", 1, ComparisonTypes.Default, hasHeader: true);

    public static void Write(IAnsiConsole console, CompareResult result, TimeSpan elapsed)
    {
        Entry[] certificates =
        [
            .. result.Entries.Zip(
                CurveJson.Of(result.Curves), (entry, curve) => new Entry(entry.Setting, curve, entry.Elapsed.TotalSeconds)),
        ];
        var comparison = new Comparison(certificates, ConditionJson.Of(result.Verdicts));
        RunJson.Write(console, JsonHeader.Of(result.Data), Form, comparison, elapsed);
    }

    /// <summary>What was compared.</summary>
    /// <param name="Certificates">A curve for each certificate, with how it was made.</param>
    /// <param name="Conditions">The conditions of <c>--require</c>, left out where there are none.</param>
    private sealed record Comparison(IReadOnlyList<Entry> Certificates, IReadOnlyList<ConditionJson>? Conditions);

    /// <summary>One certificate.</summary>
    /// <param name="Setting">How it was made.</param>
    /// <param name="Curve">The certified accuracy.</param>
    /// <param name="Seconds">How long it took from features to certificates.</param>
    private sealed record Entry(Setting Setting, CurveJson Curve, double Seconds);

    [JsonSerializable(typeof(Comparison))]
    private sealed partial class ComparisonTypes : JsonSerializerContext;
}

/// <summary>
/// The file that <c>compare --out</c> names: every curve as its steps. Between two rows of a series the lower one, the
/// later, holds.
/// </summary>
internal static class CurveCsv
{
    public static void Write(Csv csv, CompareResult result)
    {
        csv.Write(
            ["series", "noise", "flips", "certified_accuracy"],
            from entry in result.Entries
            from flips in entry.Curve.Accuracy.Steps
            select (string[])[entry.Curve.Name, Csv.Text(entry.Setting.Noise), Csv.Text(flips), Csv.Text(entry.Curve.Accuracy.At(flips))]);
    }
}
