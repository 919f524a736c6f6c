using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>What <c>frontier</c> prints: a row for each setting, the largest median radius first.</summary>
internal static class FrontierTable
{
    // As many as fit on a terminal of 80 columns.
    private const int FlipColumns = 1;

    public static void Write(IAnsiConsole console, FrontierResult result, int threads, TimeSpan elapsed)
    {
        RunData data = result.Data;
        string rows = Wording.Count(data.Test.Features.Rows, "validation row");
        console.WriteSentence($"{data.TrainingInWords}, {rows}; {data.ClassesInWords}.");
        if (ClassWording.Source(data) is { } classes)
            console.WriteSentence(classes);
        Remarks.Write(console, data.Remarks);
        console.WriteLine();
        console.Write(TableOf(result));
        foreach (FailedTrial failure in result.Failures)
            console.WriteSentence($"{failure.Candidate.Name}: {failure.Reason}");
        foreach (string warning in result.Curves.Warnings("settings"))
            console.WriteSentence(warning);
        console.WriteSentence($"* {ChoiceText.Frontier} {ChoiceText.Radii}{result.Curves.NoteOnAny}{result.Curves.NoteOnClasses}"
            + result.Curves.NoteOnCeiling);
        console.WriteSentence(ChoiceText.Choice);
        console.WriteSentence(ClassFigures.Legend(data));
        ClassFigures.Write(
            console, result.Curves, $"the most accurate setting ({result.MostAccurate.Candidate.Name})",
            result.MostAccurate.Accuracy.ByClass!);
        console.WriteSentence(Heading.Time(elapsed, threads));
    }

    private static Table TableOf(FrontierResult result)
    {
        int[] flips = [.. result.Curves.FewFlipsToShow(FlipColumns)];
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("  setting").PadLeft(0).PadRight(0));
        foreach (string heading in (string[])[
            "features", "accuracy", ClassFigures.Balanced, .. flips.Select(r => $"r={r:N0}"), "median", "time"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(0).PadRight(0));

        foreach ((Trial trial, bool isOnFrontier) in result.Marked)
        {
            table.AddRow(
            [
                .. Names(trial.Candidate, isOnFrontier ? "*" : " "),
                Format.Percent(trial.Accuracy.Accuracy),
                Format.Percent(trial.Accuracy.ByClass!.BalancedAccuracy),
                .. flips.Select(r => Format.Percent(trial.Accuracy.At(r))),
                Format.Median(trial.Accuracy.MedianRadius, "N1"),
                Format.Seconds(trial.Elapsed),
            ]);
        }

        foreach (FailedTrial failure in result.Failures)
            table.AddRow([.. Names(failure.Candidate, " "), "failed"]);
        double constant = result.MostAccurate.Accuracy.ByClass!.ConstantAccuracy;
        table.AddRow($"  {ConsoleText.Whole(ClassFigures.Always(result.Data))}", "", Format.Percent(constant));
        return table;
    }

    private static IEnumerable<string> Names(Candidate candidate, string mark) =>
        [$"{mark} {candidate.Head.Text} {candidate.Ridge}", $"{candidate.Components:N0}"];
}

/// <summary>What <c>frontier --json</c> prints. docs/command.md describes it.</summary>
internal static partial class FrontierJson
{
    private static readonly JsonForm<Document> Form = new("frontier", 1, FrontierTypes.Default, hasHeader: true);

    public static void Write(IAnsiConsole console, FrontierResult result, TimeSpan elapsed)
    {
        var document = new Document(
            [.. result.Marked.Zip(CurveJson.Of(result.Curves), (marked, curve) => SettingOf(marked.Trial, marked.IsOnFrontier, curve))],
            [
                .. result.Failures.Select(failure =>
                    new Failure(failure.Candidate.Head.Text, RidgeOf(failure.Candidate), failure.Candidate.Components, failure.Reason)),
            ]);
        var header = JsonHeader.Of(result.Data);
        RunJson.Write(
            console, header with { TestRows = null, ValidationRows = header.TestRows, TestLabelsKnown = null }, Form, document,
            elapsed);
    }

    private static Setting SettingOf(Trial trial, bool isOnFrontier, CurveJson curve) => new(
        trial.Candidate.Head.Text,
        RidgeOf(trial.Candidate),
        trial.Candidate.Head.Values().Gain,
        trial.Candidate.Components,
        isOnFrontier,
        trial.Accuracy.Accuracy,
        curve.BalancedAccuracy,
        curve.MedianRadius,
        curve.MedianRadiusIsNull,
        curve.CertifiedAccuracy,
        curve.ByClass,
        trial.Elapsed.TotalSeconds);

    private static string? RidgeOf(Candidate candidate) => candidate.Head.Values().Ridge;

    /// <summary>The settings that were tried.</summary>
    /// <param name="Settings">Those that could be fitted, in the order of the table.</param>
    /// <param name="Failures">Those that could not.</param>
    private sealed record Document(IReadOnlyList<Setting> Settings, IReadOnlyList<Failure> Failures);

    /// <summary>A setting.</summary>
    /// <param name="Head">The head as written.</param>
    /// <param name="Ridge">The ridge rule as written, left out for a head without one.</param>
    /// <param name="Gain">The gain of a saturated head, left out for others.</param>
    /// <param name="Components">How many principal components the features are reduced to.</param>
    /// <param name="OnFrontier">
    /// Whether no other setting is at least as good in accuracy and median radius, and better in one of them.
    /// </param>
    /// <param name="Accuracy">The fraction of validation rows classified correctly.</param>
    /// <param name="BalancedAccuracy">The mean of the classes' accuracies.</param>
    /// <param name="MedianRadius">The median radius, null where it is any.</param>
    /// <param name="MedianRadiusIsNull">Why it is null, left out where it is not.</param>
    /// <param name="CertifiedAccuracy">The curve at a few numbers of flips.</param>
    /// <param name="ByClass">The same for the rows of each class.</param>
    /// <param name="Seconds">How long it took.</param>
    private sealed record Setting(
        string Head,
        string? Ridge,
        double? Gain,
        int Components,
        bool OnFrontier,
        double Accuracy,
        double? BalancedAccuracy,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? MedianRadius,
        string? MedianRadiusIsNull,
        IReadOnlyList<CurveJson.Point> CertifiedAccuracy,
        IReadOnlyList<CurveJson.OfClass>? ByClass,
        double Seconds);

    /// <summary>A setting that could not be fitted.</summary>
    /// <param name="Head">The head as written.</param>
    /// <param name="Ridge">The ridge rule as written, left out for a head without one.</param>
    /// <param name="Components">How many principal components the features are reduced to.</param>
    /// <param name="Reason">Why.</param>
    private sealed record Failure(string Head, string? Ridge, int Components, string Reason);

    [JsonSerializable(typeof(Document))]
    private sealed partial class FrontierTypes : JsonSerializerContext;
}

/// <summary>The file that <c>frontier --out</c> names: a row for each setting, in the table's order.</summary>
internal static class FrontierCsv
{
    public static void Write(Csv csv, FrontierResult result)
    {
        int[] flips = [.. result.Curves.FlipsToShow().Where(r => r > 0)];
        csv.Write(
            [
                "head", "ridge", "components", "on_frontier", "accuracy", "balanced_accuracy", "commonest_class_accuracy", "median_radius",
                .. flips.Select(r => $"certified_accuracy_{r}"), "failure",
            ],
            [
                .. result.Marked.Select(marked => RecordOf(marked.Trial, marked.IsOnFrontier, flips)),
                .. result.Failures.Select(failure =>
                    (string[])[.. Names(failure.Candidate), "false", "", "", "", "", .. flips.Select(_ => ""), failure.Reason]),
            ]);
    }

    private static string[] RecordOf(Trial trial, bool isOnFrontier, int[] flips) =>
    [
        .. Names(trial.Candidate),
        isOnFrontier ? "true" : "false",
        Csv.Text(trial.Accuracy.Accuracy),
        Csv.Text(trial.Accuracy.ByClass!.BalancedAccuracy),
        Csv.Text(trial.Accuracy.ByClass!.ConstantAccuracy),
        Format.Median(trial.Accuracy.MedianRadius, "R"),
        .. flips.Select(r => Csv.Text(trial.Accuracy.At(r))),
        "",
    ];

    private static IEnumerable<string> Names(Candidate candidate) => [candidate.Head.Text, candidate.Ridge, Csv.Text(candidate.Components)];
}

/// <summary>What may be concluded from a frontier, for the foot of the table and for the page.</summary>
internal static class ChoiceText
{
    public const string Frontier =
        "On the frontier: no other setting is at least as good in both accuracy and median r and better in one of them.";

    public const string Radii =
        "Radii are exact and hold for each setting as it is: no head looked at a label. In the median, a wrong row counts as 0.";

    public const string Choice =
        "A setting that was chosen by looking at suspect labels has no guarantee. So the validation labels must be trusted. "
        + "The training labels count too: whoever flips them can make another setting look best, and no radius covers that. "
        + "Choose on trusted rows only, in --train and --validation. The chosen setting can then be certified on other labels and rows.";

    public const string Optimism = "Accuracy on the rows that a setting was chosen by is optimistic: measure it on other rows.";
}
