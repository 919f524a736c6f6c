using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>
/// What <c>certify</c> prints: accuracy, certified accuracy at a few numbers of flips, median radius, time.
/// </summary>
internal static class SummaryTable
{
    public static void Write(IAnsiConsole console, CertifyResult result, int threads, TimeSpan elapsed)
    {
        WriteWithoutClasses(console, result);
        if (result.MainCurve is { Accuracy.ByClass: { } figures } curve)
        {
            console.WriteSentence(ClassFigures.Legend(result.Data));
            ClassFigures.Write(console, result.Curves, curve.Name, figures);
        }

        if (result.RandomNoise is { } noise)
            console.WriteSentence(noise.Sentence);
        if (result.Periods is { } periods)
            console.WriteSentence(periods.Sentences);
        Verdicts.Write(console, result.Verdicts);
        console.WriteSentence(Heading.Time(elapsed, threads));
    }

    /// <summary>The same without classes, random noise and time.</summary>
    public static void WriteWithoutClasses(IAnsiConsole console, CertifyResult result)
    {
        Heading.Write(console, result.Data, [result.Setting]);
        console.Write(TableOf(result.Curves, result));
        foreach (string warning in result.Curves.Warnings())
            console.WriteSentence(warning);
        console.WriteSentence(Legend(result));
        if (CollectiveRun.Sentence(result) is { } collective)
            console.WriteSentence(collective);
        CollectiveRun.WriteGroups(console, result);
    }

    private static Table TableOf(CurveSet set, CertifyResult result)
    {
        RowAttack? attack = result.Outcome.Attack;
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(set.Unit.Heading).RightAligned());
        foreach (Curve curve in set.Curves)
            table.AddColumn(new TableColumn(curve.Name).RightAligned());

        CollectiveCurve? together = set.Collective;
        if (attack is not null)
            table.AddColumn(new TableColumn("attack").RightAligned());
        if (together is not null)
        {
            table.AddColumn(new TableColumn(CollectiveCurve.Name).RightAligned())
                .AddColumn(new TableColumn(CollectiveCurve.AttackName).RightAligned());
            foreach (TableColumn column in table.Columns)
                column.Padding(1, 0); // Six columns of figures on 80 columns.
        }

        void AddRow(string name, Func<CertifiedAccuracy, string> value, string attacked = "", string collective = "", string left = "") =>
            table.AddRow(
                [
                    name, .. set.Curves.Select(curve => value(curve.Accuracy)), .. attack is null ? [] : (string[])[attacked],
                    .. together is null ? [] : (string[])[collective, left],
                ]);
        if (set.Data.HasTruth)
        {
            AddRow("accuracy", curve => Format.Percent(curve.Accuracy));
            AddRow(ClassFigures.Balanced, curve => Format.Percent(curve.ByClass!.BalancedAccuracy));
            AddRow(ConsoleText.Whole(ClassFigures.Always(set.Data)), curve => Format.Percent(curve.ByClass!.ConstantAccuracy));
        }

        foreach (int flips in set.FlipsToShow())
        {
            string left = attack is null ? "" : Format.Percent(attack.LeftAt(flips, set.Data.Truth, result.Rows));
            AddRow(
                $"{flips:N0}", curve => Format.Percent(curve.At(flips)), left,
                together is null ? "" : Format.Percent(together.Certificates.At(flips)),
                together is null ? "" : Format.Percent(together.LeftAt(flips)));
        }

        if (set.HasUnchangeableRows)
            AddRow("any", curve => Format.Percent(curve.UnchangeableRows / (double)curve.Rows));
        AddRow(
            "median r", curve => Format.Median(curve.MedianRadius, "N1"),
            collective: together is null ? "" : Format.Median(together.Proved.MedianRadius, "N1"));
        return table;
    }

    private static string Legend(CertifyResult result)
    {
        string what = result.Data.IsLeaveOneOut ? "classified as they are labelled and certified to stay so"
            : result.Data.HasTruth ? "classified correctly and certified to stay so" : "certified not to change";
        string[] subjects = [.. result.Method.Certificates.Select(kind => kind.Classifier.Name).Distinct()];
        bool alsoExact = subjects.Length > 1 && result.Method.Certificates.Contains(CertificateKind.Exact);
        string whose = alsoExact ? "exact certifies the head, the others its smoothed vote" : $"The classifier is {subjects[0]}";
        string attacked = result.Outcome.Attack is { } attack ? $" {attack.Legend}" : "";
        return $"Share of rows {what} under {result.Data.Survived()}. {whose}. "
            + $"{CurveSet.MedianNote}{result.Curves.NoteOnAny}{ClassWording.NoteOnRadii(result.Data, result.Rows)}{attacked}";
    }
}

/// <summary>
/// What <c>certify --json</c> prints: the table's numbers, as fractions, for programs. docs/command.md describes it.
/// </summary>
internal static partial class SummaryJson
{
    private static readonly JsonForm<Summary> Form = new("certify", 1, SummaryTypes.Default, hasHeader: true);

    public static void Write(IAnsiConsole console, CertifyResult result, IReadOnlyList<GivenOption> options, TimeSpan elapsed)
    {
        Setting setting = result.Setting;
        var summary = new Summary(
            setting.Method,
            setting.Noise,
            setting.Head,
            setting.Ridge,
            setting.Lambda,
            setting.ConditionalOnLambda,
            setting.Intercept,
            setting.Gain,
            setting.Offset,
            setting.Lift,
            setting.Levels,
            setting.Bound,
            setting.Neighbours,
            setting.Bandwidth,
            setting.Learner,
            setting.Samples,
            setting.Confidence,
            setting.Seed,
            setting.Abstentions,
            setting.Partitions,
            setting.Spread,
            result.Outcome.Attack is { } attack
                ? [.. result.Curves.FlipsToShow().Select(r => new Attacked(r, attack.LeftAt(r, result.Data.Truth, result.Rows)))]
                : null,
            CurveJson.Of(result.Curves),
            CollectiveJson.Of(result.Collective),
            RandomNoiseJson.Of(result.RandomNoise),
            PeriodJson.Of(result.Periods),
            ConditionJson.Of(result.Verdicts),
            RowsJson.Of(result.Data, result.Method.Certificates, result.Rows));
        RunJson.Write(console, JsonHeader.Of(result.Data) with { Options = options }, Form, summary, elapsed);
    }

    /// <summary>What an attack leaves at a price.</summary>
    /// <param name="Price">The price.</param>
    /// <param name="Left">The fraction of rows that are left as they should be.</param>
    private sealed record Attacked(int Price, double Left);

    /// <summary>How certificates were made, and what they are.</summary>
    /// <param name="Method">The method.</param>
    /// <param name="Noise">q, left out without smoothing.</param>
    /// <param name="Head">The head as written, left out for a method without one.</param>
    /// <param name="Ridge">The ridge rule as written, left out for a head without one.</param>
    /// <param name="Lambda">λ, likewise.</param>
    /// <param name="ConditionalOnLambda">
    /// Whether λ was computed from labels, so that radii hold only for a λ that is held fixed.
    /// </param>
    /// <param name="Intercept">Whether there is an intercept, left out where that makes no difference.</param>
    /// <param name="Gain">The gain of a saturated head, left out for others.</param>
    /// <param name="Offset">Its offset, left out where each row has its own.</param>
    /// <param name="Lift">Its lift, left out where there is none.</param>
    /// <param name="Levels">How many of the first features each level of a hierarchy has, left out for others.</param>
    /// <param name="Bound">B, the bound of a bounded head, left out for others.</param>
    /// <param name="Neighbours">N, the neighbours that vote in a head, left out for others.</param>
    /// <param name="Bandwidth">H, the bandwidth of a kernel, left out where each part has its own.</param>
    /// <param name="Learner">The learner as written, left out for a method without one.</param>
    /// <param name="Samples">N, the samples that bounds are computed on, left out without sampling.</param>
    /// <param name="Confidence">1 − δ, left out where certificates hold without a doubt.</param>
    /// <param name="Seed">What all draws follow from, left out where nothing is drawn.</param>
    /// <param name="Abstentions">Rows on which sampling did not decide, left out without sampling.</param>
    /// <param name="Partitions">P, the number of parts, left out without parts.</param>
    /// <param name="Spread">D, how many heads learn from each part, left out where parts are not of whole rows.</param>
    /// <param name="Attack">What an attack on the rows leaves, left out where none was asked for.</param>
    /// <param name="Certificates">A curve for each certificate.</param>
    /// <param name="Collective">All rows against one adversary, left out where that was not asked for.</param>
    /// <param name="RandomNoise">How likely random noise changes predictions, left out where that is not known.</param>
    /// <param name="Periods">Radii as periods of time, left out without times.</param>
    /// <param name="Conditions">The conditions of <c>--require</c>, left out where there are none.</param>
    /// <param name="Rows">What was found of each test row.</param>
    private sealed record Summary(
        string Method,
        double? Noise,
        string? Head,
        string? Ridge,
        double? Lambda,
        bool ConditionalOnLambda,
        bool? Intercept,
        double? Gain,
        double? Offset,
        double? Lift,
        IReadOnlyList<int>? Levels,
        double? Bound,
        int? Neighbours,
        double? Bandwidth,
        string? Learner,
        int? Samples,
        double? Confidence,
        ulong? Seed,
        int? Abstentions,
        int? Partitions,
        int? Spread,
        IReadOnlyList<Attacked>? Attack,
        IReadOnlyList<CurveJson> Certificates,
        CollectiveJson? Collective,
        RandomNoiseJson? RandomNoise,
        PeriodJson? Periods,
        IReadOnlyList<ConditionJson>? Conditions,
        RowsJson Rows);

    [JsonSerializable(typeof(Summary))]
    [JsonSerializable(typeof(CollectiveJson.Point), TypeInfoPropertyName = "CollectivePoint")]
    [JsonSerializable(typeof(IReadOnlyList<CollectiveJson.Point>), TypeInfoPropertyName = "CollectivePoints")]
    private sealed partial class SummaryTypes : JsonSerializerContext;
}
