using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>What <c>diff</c> says, in sentences.</summary>
internal static class DiffWording
{
    /// <summary>What happened to the rows.</summary>
    public static string Rows(RunDiff diff)
    {
        string Of(int count, string what, int wrong, string which) =>
            $"{count:N0} {what}{(diff.HasTruth && wrong > 0 ? $" ({wrong:N0} of them {which})" : "")}";
        int same = diff.Rows.Count - diff.Lost.Count - diff.Gained.Count;
        return $"Of {Wording.Count(diff.Rows.Count, "test row")}, "
            + $"{Of(diff.Lost.Count, "survive less", diff.NewlyWrong.Count, "newly wrong")}, "
            + $"{Of(diff.Gained.Count, "survive more", diff.NewlyRight.Count, "newly right")}, and {same:N0} are as before. "
            + $"{(diff.Changed.Count == 0 ? "No prediction changed." : $"{Wording.Count(diff.Changed.Count, "prediction")} changed.")}";
    }

    /// <summary>How rows were matched, and which were not.</summary>
    public static string Matching(RunDiff diff)
    {
        string[] alone =
        [
            .. diff.OnlyBefore.Count == 0 ? [] : (string[])[$"{diff.OnlyBefore.Count:N0} of {diff.Names.Before} alone"],
            .. diff.OnlyAfter.Count == 0 ? [] : (string[])[$"{diff.OnlyAfter.Count:N0} of {diff.Names.After} alone"],
        ];
        string relabelled = diff.Relabelled == 0 ? "" : $" {Wording.Count(diff.Relabelled, "row")} got another label.";
        return $"Rows are matched by {(diff.IsById ? "id" : "number")}.{relabelled}"
            + $"{(alone.Length == 0 ? "" : $" Left out: {string.Join(", ", alone)}.")}";
    }

    /// <summary>What radii are, and what a wrong row counts as.</summary>
    public static string Radii(RunDiff diff) =>
        $"Radii are by {diff.Main.Name} and count {diff.Unit.Fact}. "
        + (diff.HasTruth
            ? "A row that is wrong survives nothing, and a row that is not certified less than one of radius 0. "
            : "The test rows have no labels: predictions are compared, right or wrong. ")
        + "Each radius holds for the labels and settings of its own run.";

    /// <summary>A setting as it is shown: checksums by their beginning.</summary>
    public static string Setting(string name, string? value, int most)
    {
        const int ChecksumDigits = 12;
        return value is null
            ? "–"
            : ShownValue(name.EndsWith("sha256", StringComparison.Ordinal) ? value[..Math.Min(ChecksumDigits, value.Length)] : value);

        // Of a path, its end tells more than its beginning.
        string ShownValue(string text) =>
            text.Length > most && text.Contains('/') ? $"…{Data.ShownText.Escape(text[^(most - 1)..])}" : Data.ShownText.Cut(text, most);
    }

    /// <summary>A change of a share in points.</summary>
    public static string Points(double change) =>
        Math.Round(100 * change, 1) is var points && points == 0 ? "0.0" : points.ToString("+0.0;−0.0", null);

    /// <summary>A change of a median.</summary>
    public static string Medians(double before, double after) =>
        before == after ? "0.0"
        : double.IsInfinity(before) || double.IsInfinity(after) ? "" : (after - before).ToString("+#,0.0;−#,0.0", null);
}

/// <summary>What <c>diff</c> prints.</summary>
internal static class DiffTable
{
    // As many as stay on one screen.
    private const int MostSettings = 20, MostRows = 10;

    // What is left of 80 columns beside the names of settings.
    private const int LongestValue = 24;

    public static void Write(IAnsiConsole console, RunDiff diff)
    {
        console.WriteSentence($"Before: {Named(diff.Before)}. After: {Named(diff.After)}.");
        console.WriteSentence(DiffWording.Matching(diff));
        console.WriteLine();
        if (diff.Settings.Count == 0)
        {
            console.WriteSentence("Settings and data are the same.");
        }
        else
        {
            Table settings = TableOf("setting or data", ["before", "after"], isRight: false);
            foreach ((string name, string? one, string? other) in diff.Settings.Take(MostSettings))
            {
                settings.AddRow([
                    ConsoleText.Cell(name), ConsoleText.Whole(DiffWording.Setting(name, one, LongestValue)),
                    ConsoleText.Whole(DiffWording.Setting(name, other, LongestValue))]);
            }

            console.Write(settings);
            if (diff.Settings.Count > MostSettings)
                console.WriteSentence($"And {diff.Settings.Count - MostSettings:N0} more settings: --json has all.");
        }

        console.Write(TableOf(diff, diff.Main));
        console.WriteSentence(
            $"Shares of rows that are {(diff.HasTruth ? "correct and certified" : "certified")}, by {diff.Main.Name}; changes in points.");
        if (diff.Certificates.Count > 1)
        {
            Table medians = TableOf("median r, by", ["before", "after", "change"], isRight: true);
            foreach (CertificateChange change in diff.Certificates)
            {
                (double one, double other) = (change.Before.MedianRadius, change.After.MedianRadius);
                medians.AddRow(change.Name, Format.Median(one, "N1"), Format.Median(other, "N1"), DiffWording.Medians(one, other));
            }

            console.Write(medians);
        }

        console.WriteLine();
        console.WriteSentence(DiffWording.Rows(diff));
        if (diff.Lost.Count > 0)
        {
            Table lost = TableOf(diff.IsById ? "id" : "row", ["label", "prediction", "before", "after"], isRight: false);
            foreach (RowChange row in diff.Lost.Take(MostRows))
                lost.AddRow([.. ((string[])[row.Name, row.LabelAfter ?? "", Prediction(row), row.Earlier, row.Later])
                    .Select(ConsoleText.Cell)]);
            console.Write(lost);
            console.WriteSentence(
                diff.Lost.Count > MostRows
                    ? $"The {MostRows} rows that lost most; --out has all."
                    : "The rows that lost, those that lost most first.");
        }

        console.WriteSentence(DiffWording.Radii(diff));
        Verdicts.Write(console, diff.Verdicts);
    }

    private static string Named(RunFile run) =>
        $"{Path.GetFileName(run.Path)}{(run.Subject is { } subject ? $" ({Wording.Name(subject)})" : "")}";

    private static string Prediction(RowChange row) => row.PredictionBefore == row.PredictionAfter
        ? row.PredictionAfter ?? "none"
        : $"{row.PredictionBefore ?? "none"} → {row.PredictionAfter ?? "none"}";

    private static Table TableOf(RunDiff diff, CertificateChange change)
    {
        Table table = TableOf(diff.Unit.Heading, ["before", "after", "change"], isRight: true);
        foreach ((string name, string one, string other, string difference) in Lines(diff, change))
            table.AddRow(name, one, other, difference);
        return table;
    }

    /// <summary>The numbers of one certificate in both runs.</summary>
    public static IEnumerable<(string Name, string Before, string After, string Change)> Lines(RunDiff diff, CertificateChange change)
    {
        (string, string, string, string) Share(string name, double before, double after) =>
            (name, Format.Percent(before), Format.Percent(after), DiffWording.Points(after - before));
        if (change is { ClassesBefore: { } classesBefore, ClassesAfter: { } classesAfter })
        {
            yield return Share("accuracy", change.Before.Accuracy, change.After.Accuracy);
            yield return Share(ClassFigures.Balanced, classesBefore.BalancedAccuracy, classesAfter.BalancedAccuracy);
        }

        foreach (int flips in diff.FlipsToShow)
            yield return Share($"{flips:N0}", change.Before.At(flips), change.After.At(flips));
        if (change.Before.UnchangeableRows + change.After.UnchangeableRows > 0)
        {
            double Any(AccuracyCurve curve) => curve.UnchangeableRows / (double)Math.Max(1, curve.Rows);
            yield return Share("any", Any(change.Before), Any(change.After));
        }

        yield return (
            "median r", Format.Median(change.Before.MedianRadius, "N1"), Format.Median(change.After.MedianRadius, "N1"),
            DiffWording.Medians(change.Before.MedianRadius, change.After.MedianRadius));
    }

    private static Table TableOf(string first, string[] others, bool isRight)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(ConsoleText.Whole(first)).NoWrap());
        foreach (string heading in others)
            table.AddColumn(isRight ? new TableColumn(heading).RightAligned().NoWrap() : new TableColumn(heading));
        return table;
    }
}

/// <summary>What <c>diff --json</c> prints: what changed from one run of <c>certify</c> to another.</summary>
internal static partial class DiffJson
{
    private static readonly JsonForm<Document> Form = new("diff", 1, DiffTypes.Default);

    public static void Write(IAnsiConsole console, RunDiff diff, string? name) => JsonText.Write(
        console,
        Form,
        new Document(
            name, new(diff.Before.Path, diff.Before.Subject, diff.Before.Count), new(diff.After.Path, diff.After.Subject, diff.After.Count),
            diff.IsById ? "id" : "row", diff.Rows.Count, diff.OnlyBefore, diff.OnlyAfter, diff.HasTruth, diff.Unit.Fact,
            [.. diff.Settings.Select(setting => new Setting(setting.Name, setting.Before, setting.After))],
            [.. diff.Certificates.Select(change => Of(diff, change))], diff.Main.Name,
            Names(diff.Lost), Names(diff.Gained), diff.HasTruth ? Names(diff.NewlyWrong) : null,
            diff.HasTruth ? Names(diff.NewlyRight) : null,
            Names(diff.Changed), ConditionJson.Of(diff.Verdicts)));

    private static string[] Names(IEnumerable<RowChange> rows) => [.. rows.Select(row => row.Name)];

    private static Certificate Of(RunDiff diff, CertificateChange change) => new(
        change.Name, diff.HasTruth ? new(change.Before.Accuracy, change.After.Accuracy) : null,
        change is { ClassesBefore: { } before, ClassesAfter: { } after } ? new(before.BalancedAccuracy, after.BalancedAccuracy) : null,
        new(Finite(change.Before.MedianRadius), Finite(change.After.MedianRadius)),
        [.. diff.FlipsToShow.Select(flips => new Point(flips, change.Before.At(flips), change.After.At(flips)))]);

    private static double? Finite(double median) => double.IsInfinity(median) ? null : median;

    /// <summary>What <c>diff --json</c> prints.</summary>
    /// <param name="Name">What the user calls the comparison, left out where they did not say.</param>
    /// <param name="Before">The earlier run.</param>
    /// <param name="After">The later run.</param>
    /// <param name="MatchedBy">What rows are matched by: <c>id</c>, or their number, <c>row</c>.</param>
    /// <param name="Rows">How many test rows both runs have; everything below is about them.</param>
    /// <param name="OnlyBefore">Rows that the earlier run alone has.</param>
    /// <param name="OnlyAfter">Rows that the later run alone has.</param>
    /// <param name="TestLabelsKnown">Whether the test rows are labelled.</param>
    /// <param name="RadiiCount">What radii count.</param>
    /// <param name="Settings">Settings and data that differ.</param>
    /// <param name="Certificates">What each certificate of both says.</param>
    /// <param name="RowsComparedBy">The certificate by which the lists of rows below are.</param>
    /// <param name="Lost">Rows that survive less than before, those that lost most first.</param>
    /// <param name="Gained">Rows that survive more than before, those that gained most first.</param>
    /// <param name="NewlyWrong">Rows that were right and are wrong; left out where labels are not known.</param>
    /// <param name="NewlyRight">Rows that were wrong and are right; left out where labels are not known.</param>
    /// <param name="PredictionsChanged">Rows with another prediction than before.</param>
    /// <param name="Conditions">Whether each condition is met, left out where nothing is required.</param>
    private sealed record Document(
        string? Name,
        Run Before,
        Run After,
        string MatchedBy,
        int Rows,
        IReadOnlyList<string> OnlyBefore,
        IReadOnlyList<string> OnlyAfter,
        bool TestLabelsKnown,
        string RadiiCount,
        IReadOnlyList<Setting> Settings,
        IReadOnlyList<Certificate> Certificates,
        string RowsComparedBy,
        IReadOnlyList<string> Lost,
        IReadOnlyList<string> Gained,
        IReadOnlyList<string>? NewlyWrong,
        IReadOnlyList<string>? NewlyRight,
        IReadOnlyList<string> PredictionsChanged,
        IReadOnlyList<ConditionJson>? Conditions);

    /// <summary>A run.</summary>
    /// <param name="File">The file that it was read from.</param>
    /// <param name="Name">What its data are called, left out where that was not said.</param>
    /// <param name="Rows">How many test rows it has.</param>
    private sealed record Run(string File, string? Name, int Rows);

    /// <summary>A setting that differs, or the checksum of a file.</summary>
    /// <param name="Name">Its name: that of an option, or of a property of what <c>certify --json</c> prints.</param>
    /// <param name="Before">Its value in the earlier run, left out where it has none.</param>
    /// <param name="After">Its value in the later run, likewise.</param>
    private sealed record Setting(string Name, string? Before, string? After);

    /// <summary>What one certificate says of the rows of both runs.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Accuracy">The fraction of rows that are right, left out where labels are not known.</param>
    /// <param name="BalancedAccuracy">The mean of the classes' accuracies, likewise.</param>
    /// <param name="MedianRadius">The median radius.</param>
    /// <param name="CertifiedAccuracy">Certified accuracy at a few numbers of flips.</param>
    private sealed record Certificate(
        string Name, Pair? Accuracy, Pair? BalancedAccuracy, Pair MedianRadius, IReadOnlyList<Point> CertifiedAccuracy);

    /// <summary>A share of rows in both runs.</summary>
    /// <param name="Flips">At so many flips, or at this cost.</param>
    /// <param name="Before">In the earlier run.</param>
    /// <param name="After">In the later run.</param>
    private sealed record Point(int Flips, double Before, double After);

    /// <summary>A number in both runs.</summary>
    /// <param name="Before">In the earlier run; null for a median radius that is any.</param>
    /// <param name="After">In the later run, likewise.</param>
    private sealed record Pair(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Before,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? After);

    [JsonSerializable(typeof(Document))]
    private sealed partial class DiffTypes : JsonSerializerContext;
}

/// <summary>
/// The file that <c>diff --out</c> names: a row for each test row, those of both runs first. Other programs read these
/// columns.
/// </summary>
internal static class DiffCsv
{
    public static void Write(Csv csv, RunDiff diff) => csv.Write(
        [
            diff.IsById ? "id" : "row", "label", "prediction_before", "radius_before", "prediction_after", "radius_after", "outcome",
        ],
        [
            .. diff.Rows.Select(row => (string[])
            [
                row.Name, row.LabelAfter ?? "", row.PredictionBefore ?? "", $"{row.RadiusBefore}", row.PredictionAfter ?? "",
                $"{row.RadiusAfter}", row.Outcome,
            ]),
            .. diff.OnlyBefore.Select(name => (string[])[name, "", "", "", "", "", "only before"]),
            .. diff.OnlyAfter.Select(name => (string[])[name, "", "", "", "", "", "only after"]),
        ]);
}
