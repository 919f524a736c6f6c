using CertiFlip.Data;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

namespace CertiFlip.Cli.Output;

/// <summary>
/// What an accuracy must be compared with, for people: that of a constant answer, and the figures of each class.
/// </summary>
internal static class ClassFigures
{
    /// <summary>What the row or column of the mean over classes is called.</summary>
    public const string Balanced = "balanced";

    private const int LongestName = 16;

    // As many classes as can be read at a glance; where there are more, only the worst.
    private const int MostClasses = 10, WorstClasses = 5;

    private const int MostNamed = 3;

    // As many as fit on a terminal of 80 columns.
    private const int FlipColumns = 3;

    /// <summary>What the row of a constant answer is called.</summary>
    public static string Always(RunData data) => $"always {Cut(Commonest(data))}";

    /// <summary>What these two mean.</summary>
    public static string Legend(RunData data)
    {
        string commonest = Cut(Commonest(data));
        return $"Balanced is the mean over the classes. Always {commonest} is what answering {commonest} for every row would reach: it "
            + "is the commonest class of these rows.";
    }

    /// <summary>What is wrong with accuracies at a glance, each in a sentence; nothing where nothing is.</summary>
    /// <param name="data">The data.</param>
    /// <param name="all">Names of results, their accuracies, and their classes.</param>
    /// <param name="things">What the results are, where they are too many to be named.</param>
    public static IEnumerable<string> Warnings(
        RunData data, IReadOnlyList<(string Name, AccuracyCurve Curve, AccuracyByClass? Classes)> all, string? things = null)
    {
        IGrouping<string, string>[] warnings =
        [
            .. from one in all
               where one.Classes is not null
               from sentence in Warnings(data, one.Curve, one.Classes, isNamed: things is null)
               group one.Name by sentence,
        ];
        foreach (IGrouping<string, string> warning in warnings)
        {
            int count = warning.Count();
            string whose = count == all.Count ? ""
                : things is null ? $"{string.Join(", ", warning)}: "
                : $"{count:N0} of {all.Count:N0} {things}: ";
            yield return whose.Length == 0 ? warning.Key : $"{whose}{char.ToLowerInvariant(warning.Key[0])}{warning.Key[1..]}";
        }
    }

    /// <summary>Prints the figures of each class, or where there are many, of those with the lowest accuracy.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="set">What the figures are from: its data, and how far its curves go.</param>
    /// <param name="name">Whose figures they are.</param>
    /// <param name="figures">The figures.</param>
    public static void Write(IAnsiConsole console, CurveSet set, string name, AccuracyByClass figures) =>
        Write(console, set.Data, [.. set.FewFlipsToShow(FlipColumns)], name, figures);

    /// <summary>The same at stated numbers of flips.</summary>
    public static void Write(IAnsiConsole console, RunData data, IReadOnlyList<int> flips, string name, AccuracyByClass figures)
    {
        bool isCut = figures.Classes.Count > MostClasses;
        console.WriteSentence(
            isCut
                ? $"The {WorstClasses} least accurate of {figures.Classes.Count:N0} classes, by {name}; --json has all:"
                : $"The rows of each class alone, by {name}:");
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("class").NoWrap());
        foreach (string heading in (string[])["rows", "predicted", "accuracy", "median", .. flips.Select(r => $"r={r:N0}")])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(0));
        IEnumerable<ClassAccuracy> shown = isCut ? Worst(figures).Take(WorstClasses) : figures.Classes;
        foreach (ClassAccuracy one in shown)
            table.AddRow([new Text(Cut(data.Classes[one.Class])), .. Cells(one, flips).Select(cell => new Text(cell))]);
        console.Write(table);
    }

    /// <summary>
    /// Rows of the class, rows predicted to be of it, accuracy, median radius, certified accuracies; all but the first
    /// two empty where the class has no rows.
    /// </summary>
    public static IReadOnlyList<string> Cells(ClassAccuracy one, IEnumerable<int> flips) =>
    [
        $"{one.Rows:N0}",
        $"{one.Predicted:N0}",
        .. ((string[])[
            Format.Percent(one.Curve.Accuracy),
            Format.Median(one.Curve.MedianRadius, "N1"),
            .. flips.Select(r => Format.Percent(one.Curve.At(r))),
        ]).Select(cell => one.Rows == 0 ? "" : cell),
    ];

    private static string Commonest(RunData data) => data.Classes[AccuracyByClass.CommonestOf(data.Truth).Class];

    private static IEnumerable<ClassAccuracy> Worst(AccuracyByClass figures) =>
        figures.Classes.Where(one => one.Rows > 0).OrderBy(one => one.Curve.Accuracy).ThenBy(one => one.Curve.MedianRadius);

    private static IEnumerable<string> Warnings(RunData data, AccuracyCurve curve, AccuracyByClass figures, bool isNamed)
    {
        string Name(ClassAccuracy one) => Cut(data.Classes[one.Class]);
        ClassAccuracy[] never = [.. figures.NeverPredicted.OrderByDescending(one => one.Rows)];
        int missed = never.Sum(one => one.Rows);
        string named = string.Join(", ", never.Take(MostNamed).Select(Name));
        if (never.Length > MostNamed)
            named += $" and {never.Length - MostNamed:N0} more";
        if (figures.Classes.FirstOrDefault(one => one.Predicted == curve.Rows) is { } only)
        {
            string name = Name(only);
            yield return never.Length == 0
                ? $"Every row is predicted {name} and is {name}: these rows do not show whether another class would be found."
                : $"Every row is predicted {name}, none {named}: the accuracy is only the share of {name} among these rows.";
            yield break;
        }

        if (never.Length > 0)
        {
            yield return !isNamed
                ? "Some class of these rows is never predicted."
                : $"Never predicted: {named}; {Wording.Count(missed, "row")} {(missed == 1 ? "is" : "are")} of "
                    + $"{(never.Length == 1 ? "this class" : "these classes")}.";
        }

        if (curve.Accuracy <= figures.ConstantAccuracy)
        {
            yield return $"The accuracy is not above that of answering {Cut(Commonest(data))} for every row, "
                + $"{Format.Percent(figures.ConstantAccuracy)}.";
        }
    }

    private static string Cut(string name) => ShownText.Cut(name, LongestName);
}
