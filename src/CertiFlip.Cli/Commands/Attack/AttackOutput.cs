using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>What <c>attack</c> prints: what is left of each classifier, and which attacks did it.</summary>
internal static class AttackTable
{
    private static readonly int[] Digits = [1, 2, 5];

    // As many as fit on a terminal of 80 columns.
    private const int FlipColumns = 6, ClassColumns = 3;

    public static void Write(IAnsiConsole console, AttackResult result, int threads, TimeSpan elapsed)
    {
        Heading.Write(console, result.Data, [.. result.Methods.Select(method => method.Sentence)], result.ConditionalOnLambda);
        int[] flips = FlipsOf(result);
        console.Write(TableOf(result, flips));
        (string, AccuracyCurve, AccuracyByClass?)[] figures =
            [.. result.Methods.Select(method => (method.Name, method.Curve, method.ByClass))];
        foreach (string warning in ClassFigures.Warnings(result.Data, figures))
            console.WriteSentence(warning);
        foreach (AttackedMethod method in result.Methods)
            console.WriteSentence(
                $"{method.Name}: attacks change {method.Broken:N0} of "
                    + $"{Wording.Count(method.Findings.Count, "prediction")}{Which(method)}.");
        string left = result.Data.HasTruth ? "Accuracy" : "Share of predictions that stay the same";
        console.WriteSentence(
            $"{left} when each test row is attacked on its own with {Flips(result.Data)}."
                + ClassWording.NoteOnCurves(result.Data, result.Methods.Select(method => method.Curve)));
        foreach (AttackedMethod method in result.Methods.Where(method => method.ByClass is not null))
            ClassFigures.Write(console, result.Data, [.. flips[1..].TakeLast(ClassColumns)], method.Name, method.ByClass!);
        console.WriteSentence(Heading.Time(elapsed, threads));
    }

    private static string Flips(RunData data) => data.CountsVotes ? "flips that take up to r votes"
        : data.Adversary.HasUnitCosts ? "up to r flips" : "flips that cost up to r";

    private static int[] FlipsOf(AttackResult result)
    {
        // A row for which nothing was found survives all; what the others need says where to look.
        int most = result.Methods.SelectMany(method => method.Findings).Max(finding => finding.Cost);
        return
        [
            0,
            .. Enumerable.Range(0, 9).SelectMany(power => Digits.Select(digit => digit * (int)Math.Pow(10, power)))
                .TakeWhile(r => r <= most).TakeLast(FlipColumns),
        ];
    }

    private static Table TableOf(AttackResult result, int[] flips)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("classifier");
        foreach (string heading in flips.Select(r => $"r={r:N0}"))
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(0));
        foreach (AttackedMethod method in result.Methods)
        {
            AccuracyCurve curve = method.Curve;
            table.AddRow([method.Name, .. flips.Select(r => Format.Percent(r == 0 ? curve.Accuracy : curve.At(r)))]);
        }

        if (result.Methods[0].ByClass is { } figures)
            table.AddRow(ConsoleText.Whole(ClassFigures.Always(result.Data)), Format.Percent(figures.ConstantAccuracy));
        return table;
    }

    private static string Which(AttackedMethod method)
    {
        KeyValuePair<string, int>[] counts =
        [
            .. method.Findings.Where(finding => finding.IsBroken).CountBy(finding => finding.Attack)
                .OrderByDescending(count => count.Value),
        ];
        return counts.Length < 2 ? "" : $" ({string.Join(", ", counts.Select(count => $"{count.Key} {count.Value:N0}"))})";
    }
}

/// <summary>What <c>attack --json</c> prints. docs/command.md describes it.</summary>
internal static partial class AttackJson
{
    private static readonly JsonForm<Summary> Form = new("attack", 1, AttackTypes.Default, hasHeader: true);

    public static void Write(IAnsiConsole console, AttackResult result, TimeSpan elapsed)
    {
        var summary = new Summary(result.ConditionalOnLambda, [.. result.Methods.Select(EntryOf)]);
        RunJson.Write(console, JsonHeader.Of(result.Data), Form, summary, elapsed);
    }

    private static Entry EntryOf(AttackedMethod method)
    {
        AccuracyCurve curve = method.Curve;
        return new Entry(
            method.Name,
            curve.Accuracy,
            method.ByClass?.BalancedAccuracy,
            method.Broken,
            [
                .. method.Findings.Where(finding => finding.IsBroken).CountBy(finding => finding.Attack)
                    .OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => new Best(count.Key, count.Value)),
            ],
            [.. curve.Steps.Select(flips => new Step(flips, curve.At(flips), method.ByClass?.BalancedAt(flips)))],
            method.ByClass is { } figures ? [.. figures.Classes.Select(one => ClassOf(one, curve, method.Data))] : null);
    }

    private static OfClass ClassOf(ClassAccuracy one, AccuracyCurve all, RunData data) => new(
        data.Classes[one.Class],
        one.Rows,
        one.Predicted,
        one.Rows == 0 ? null : one.Curve.Accuracy,
        [.. all.Steps.Select(flips => new Step(flips, one.Curve.At(flips), Balanced: null))]);

    /// <summary>What attacks came to.</summary>
    /// <param name="ConditionalOnLambda">Whether λ was computed from labels.</param>
    /// <param name="Classifiers">The classifiers that were attacked.</param>
    private sealed record Summary(bool ConditionalOnLambda, IReadOnlyList<Entry> Classifiers);

    /// <summary>A classifier.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Accuracy">The fraction of rows classified correctly.</param>
    /// <param name="BalancedAccuracy">
    /// The mean of the classes' accuracies, left out where test rows have no labels.
    /// </param>
    /// <param name="Broken">For how many predictions an attack was found.</param>
    /// <param name="BestAttacks">Which attack needed fewest flips, and for how many rows.</param>
    /// <param name="UnderAttack">The accuracy that attacks leave.</param>
    /// <param name="ByClass">The same for the rows of each class, left out where test rows have no labels.</param>
    private sealed record Entry(
        string Name, double Accuracy, double? BalancedAccuracy, int Broken, IReadOnlyList<Best> BestAttacks,
        IReadOnlyList<Step> UnderAttack,
        IReadOnlyList<OfClass>? ByClass);

    /// <summary>An attack.</summary>
    /// <param name="Attack">Its name.</param>
    /// <param name="Rows">For how many rows it was the best.</param>
    private sealed record Best(string Attack, int Rows);

    /// <summary>What attacks leave at a number of flips.</summary>
    /// <param name="Flips">The number.</param>
    /// <param name="Accuracy">The fraction of rows that stay correct.</param>
    /// <param name="Balanced">The mean over the classes, left out where there is none.</param>
    private sealed record Step(int Flips, double Accuracy, double? Balanced);

    /// <summary>The rows of a class.</summary>
    /// <param name="Class">The class.</param>
    /// <param name="Rows">How many rows have it.</param>
    /// <param name="Predicted">How many rows are predicted to have it.</param>
    /// <param name="Accuracy">The fraction of its rows classified correctly, left out where it has none.</param>
    /// <param name="UnderAttack">The accuracy that attacks leave.</param>
    private sealed record OfClass(string Class, int Rows, int Predicted, double? Accuracy, IReadOnlyList<Step> UnderAttack);

    [JsonSerializable(typeof(Summary))]
    private sealed partial class AttackTypes : JsonSerializerContext;
}

/// <summary>
/// The file that <c>attack --out</c> names: a row for each test row and classifier. Other programs read these columns.
/// </summary>
internal static class AttackCsv
{
    public static void Write(Csv csv, AttackResult result)
    {
        RunData data = result.Data;
        csv.Write(
            [Csv.RowHeader(data.Test), "label", "classifier", "prediction", "attack", "source", "flips", "flipped_rows", "flipped_to"],
            from method in result.Methods
            from indexed in method.Findings.Index()
            select RecordOf(indexed.Index, indexed.Item, method, data));
    }

    /// <summary>An id that has blanks in it stands between quotes, as a list of them is separated by blanks.</summary>
    private static string Quoted(string name) => name.Contains(' ') ? $"\"{name}\"" : name;

    private static string[] RecordOf(int row, Finding finding, AttackedMethod method, RunData data) =>
    [
        data.Test.NameOf(row),
        data.HasTruth ? data.Test.Labels[row] : "",
        method.Name,
        data.Classes[finding.Prediction],
        finding.Attack,
        finding.IsBroken ? data.Test.NameOf(finding.Source) : "",
        finding.IsBroken ? Csv.Text(finding.Flips.Count) : "",
        string.Join(' ', finding.Flips.Select(flip => Quoted(data.Training.NameOf(flip.Row)))),
        FlippedTo(finding, data),
    ];

    /// <summary>
    /// The label that all flipped rows get, or where they get different ones, all of those in the order of the rows.
    /// </summary>
    private static string FlippedTo(Finding finding, RunData data)
    {
        string[] labels = [.. finding.Flips.Select(flip => data.Classes[flip.To])];
        return labels.Distinct().Count() == 1 ? labels[0] : string.Join(' ', labels);
    }
}
