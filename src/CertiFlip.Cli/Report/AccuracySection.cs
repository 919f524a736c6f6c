using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>Certified accuracy: chart, slider and table.</summary>
internal static class AccuracySection
{
    /// <param name="set">The curves.</param>
    /// <param name="cleanLines">
    /// Accuracies without a guarantee, to be drawn as dashed lines: a name of the classifier, in the style sheet, and
    /// its accuracy.
    /// </param>
    public static ReportSection Of(CurveSet set, IReadOnlyList<(string Style, double Accuracy)> cleanLines)
    {
        var explorer = new ChartExplorer(
            CertifiedAccuracyChart.Of(set, cleanLines),
            Caption(set, cleanLines.Count > 0),
            set.Data.HasTruth ? "correct and certified" : "certified",
            [
                .. set.Curves.Select(curve => ExplorerLine.Of(curve.Name, curve.Style, curve.Accuracy)),
                .. set.Collective is { } together
                    ? (ExplorerLine[])[ExplorerLine.Of(CollectiveCurve.Name, CollectiveCurve.Name, together.Proved)]
                    : [],
            ])
        {
            Unit = set.Unit,

            // Where about half of the rows are left.
            Initial = (int)set.Drawn(set.Curves.Max(curve => curve.Accuracy.MedianRadius)),
        };
        return new ReportSection(
            "accuracy", "Certified accuracy",
            set.Unit.IsCost
                ? $"How many predictions survive {set.Unit.Thing}s, by their cost"
                : $"How many predictions survive r {set.Unit.Thing}s{set.Unit.After}",
            Html.Of($"{explorer.ToHtml()}{Table(set)}"));
    }

    private static string Caption(CurveSet set, bool hasCleanLines)
    {
        string survived = set.Data.Survived("label flips");
        string rest = set.HasUnchangeableRows ? " Nothing that the adversary can do changes the rows left at the right end." : "";
        if (!set.Data.HasTruth)
            return $"Share of test rows whose prediction is certified not to change under {survived}. The test rows have no labels, so "
                + $"accuracy is not known.{rest}";
        string dashed = hasCleanLines ? " Dashed: accuracy without a guarantee." : "";
        return $"Share of {set.Data.RowsName} that are classified "
            + $"{(set.Data.IsLeaveOneOut ? "as they are labelled" : "correctly")} and certified to stay so under "
            + $"{survived}.{dashed} Dotted: always "
            + $"predicting the commonest class.{rest}{set.NoteOnCeiling}";
    }

    private static Html Table(CurveSet set)
    {
        (string, IReadOnlyList<string>) Row(
            string name, Func<CertifiedAccuracy, string> value, Func<CollectiveCurve, string[]>? collective = null) =>
            (name,
            [
                .. set.Curves.Select(curve => value(curve.Accuracy)),
                .. set.Collective is { } together ? collective?.Invoke(together) ?? ["", ""] : [],
            ]);
        return new HtmlTable(
            "accuracy-table",
            $"The same in numbers. {CurveSet.MedianNote}",
            [
                set.Unit.Heading, .. set.Curves.Select(curve => curve.Name),
                .. set.Collective is null ? [] : (string[])[CollectiveCurve.Name, CollectiveCurve.AttackName],
            ],
            [
                .. set.Data.HasTruth
                    ?
                    [
                        Row("accuracy", curve => Format.Percent(curve.Accuracy)),
                        Row(ClassFigures.Balanced, curve => Format.Percent(curve.ByClass!.BalancedAccuracy)),
                        Row(ClassFigures.Always(set.Data), curve => Format.Percent(curve.ByClass!.ConstantAccuracy)),
                    ]
                    : (IEnumerable<(string, IReadOnlyList<string>)>)[],
                .. set.FlipsToShow().Select(flips => Row(
                    $"{flips:N0}", curve => Format.Percent(curve.At(flips)),
                    together => [Format.Percent(together.Certificates.At(flips)), Format.Percent(together.LeftAt(flips))])),
                .. set.HasUnchangeableRows
                    ? [Row("any", curve => Format.Percent(curve.UnchangeableRows / (double)curve.Rows))]
                    : (IEnumerable<(string, IReadOnlyList<string>)>)[],
                Row(
                    "median radius", curve => Format.Median(curve.MedianRadius, "N1"),
                    together => [Format.Median(together.Proved.MedianRadius, "N1"), ""]),
            ]).ToHtml();
    }
}

/// <summary>Certified accuracy against the number of flips, the form of the paper's figures 1 to 3.</summary>
internal static class CertifiedAccuracyChart
{
    // How much longer than the curves an axis may become.
    private const double MostEmpty = 1.25;

    /// <summary>The chart.</summary>
    /// <param name="set">The curves.</param>
    /// <param name="cleanLines">Accuracies to be drawn as dashed lines: without any guarantee.</param>
    public static Chart Of(CurveSet set, IReadOnlyList<(string Style, double Accuracy)> cleanLines)
    {
        string measure = set.Data.HasTruth ? "Certified accuracy" : "Certified predictions";
        return new Chart
        {
            Title = $"{measure} against {set.Unit.Against}",
            Description = string.Join(
                " ",
                set.Curves.Select(curve =>
                    $"{curve.Name}: {Format.Percent(curve.Accuracy.At(0))} at "
                    + $"{(set.Unit == RadiusUnit.Flips ? "0 flips" : "r = 0")}, median radius "
                        + $"{Format.Median(curve.Accuracy.MedianRadius, "0.#")}.")),
            Horizontal = ChartAxis.Radii(set.Unit, Math.Max(set.LargestDrawn, (int)Math.Ceiling(Ceiling(set) ?? 0))),
            Vertical = ChartAxis.Percent(measure.ToLowerInvariant()),
            Lines =
            [
                .. set.Curves.Select(curve => ChartLine.Staircase(curve.Name, curve.Style, curve.Accuracy.At)),
                .. set.Collective is { } together
                    ? (ChartLine[])[ChartLine.Staircase(CollectiveCurve.Name, CollectiveCurve.Name, together.Certificates.At)]
                    : [],
            ],
            Points = [.. Attacks(set)],
            Marks = Ceiling(set) is { } ceiling ? [new ChartMark("median ceiling", "ceiling", ceiling)] : [],
            Levels = [.. cleanLines.Select(line => new ChartLevel("accuracy", $"clean {line.Style}", line.Accuracy)), .. Constant(set)],
        };
    }

    /// <summary>
    /// The largest median radius that any method can have, unless it lies so far beyond all radii that the curves would
    /// be squeezed.
    /// </summary>
    private static double? Ceiling(CurveSet set) =>
        set.Data.MedianCeiling is { } ceiling && ceiling <= MostEmpty * set.LargestDrawn ? ceiling : null;

    /// <summary>What attacks on all rows together leave.</summary>
    private static IEnumerable<ChartPoint> Attacks(CurveSet set) =>
        from one in set.Collective?.Certificates.Certificates ?? []
        where one.Budget <= set.LargestDrawn
        let left = set.Collective!.LeftAt(one.Budget)
        select new ChartPoint(
            CollectiveCurve.AttackName, CollectiveCurve.Name, one.Budget, left,
            $"r = {one.Budget:N0}: an attack leaves {Format.Percent(left)}");

    /// <summary>Dotted: a classifier that always answers the commonest class.</summary>
    private static IEnumerable<ChartLevel> Constant(CurveSet set) =>
        set.Data.HasTruth ? [new ChartLevel("constant", "constant", set.ConstantAccuracy)] : [];
}
