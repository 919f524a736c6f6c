using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>The report of <c>diff</c>.</summary>
internal static class DiffReport
{
    private const int MostRows = 50, MostNamed = 200, MostSetting = 120;

    public static void Write(TextWriter writer, RunDiff diff, string? name) => new ReportPage
    {
        Title = "Two runs compared",
        Subject = name ?? $"{diff.Names.Before} → {diff.Names.After}",
        Heading = "What changed between the two runs?",
        Lead = $"{DiffWording.Rows(diff)} The median radius {Medians(diff)} (certificate: {diff.Main.Name}).",
        Facts =
        [
            new Fact($"{diff.Lost.Count:N0}", "rows survive less"),
            new Fact($"{diff.Gained.Count:N0}", "rows survive more"),
            .. diff.HasTruth
                ? [new Fact($"{diff.NewlyWrong.Count:N0}", "newly wrong"), new Fact($"{diff.NewlyRight.Count:N0}", "newly right")]
                : (Fact[])[new Fact($"{diff.Changed.Count:N0}", "predictions changed")],
            new Fact(
                $"{Format.Median(diff.Main.Before.MedianRadius, "#,0.#")} → {Format.Median(diff.Main.After.MedianRadius, "#,0.#")}",
                $"{diff.Unit.Fact}: median radius"),
        ],
        Notes = Verdicts.Warning(diff.Verdicts) is { } failed ? [failed] : [],
        Sections =
        [
            .. ConditionSection.Of(diff.Verdicts),
            Settings(diff),
            Accuracy(diff),
            Changes(diff),
            .. Rows(diff),
            .. Classes(diff),
            new ReportSection("reading", "How to read it", "How runs are compared", Html.Of($"""
                <ul>
                <li>{DiffWording.Matching(diff)}</li>
                <li>{DiffWording.Radii(diff)}</li>
                <li>A smaller radius may be right: if labels were corrected, or an adversary was given more room, less can be proved.</li>
                </ul>
                {Alone(diff.OnlyBefore, $"Rows of {diff.Names.Before} alone")}{Alone(diff.OnlyAfter, $"Rows of {diff.Names.After} alone")}
                """)),
        ],
    }.Write(writer);

    private static string Medians(RunDiff diff)
    {
        (double before, double after) = (diff.Main.Before.MedianRadius, diff.Main.After.MedianRadius);
        string now = Format.Median(after, "#,0.#");
        return before == after ? $"is {now}, as before" : $"went from {Format.Median(before, "#,0.#")} to {now}";
    }

    private static ReportSection Settings(RunDiff diff) => new(
        "settings", "Settings and data", "What was changed", diff.Settings.Count == 0
            ? Html.Of($"<p>Settings and data are the same in both runs.</p>\n")
            : new HtmlTable(
                "settings-table", $"Before: {diff.Before.Path}. After: {diff.After.Path}. Checksums are cut to their beginning.",
                ["setting", "before", "after"],
                diff.Settings.Select(setting => (setting.Name, (IReadOnlyList<string>)
                [
                    DiffWording.Setting(setting.Name, setting.Before, MostSetting),
                    DiffWording.Setting(setting.Name, setting.After, MostSetting),
                ])))
            {
                HasWords = true,
            }.ToHtml());

    private static ReportSection Accuracy(RunDiff diff)
    {
        (string Name, string Style, AccuracyCurve Curve)[] lines =
            [("before", "before", diff.Main.Before), ("after", "after", diff.Main.After)];
        string measure = diff.HasTruth ? "Certified accuracy" : "Certified predictions";
        string what = diff.HasTruth ? "correct and certified" : "certified";
        var chart = new Chart
        {
            Title = $"{measure} against {diff.Unit.Against}, before and after",
            Description = string.Join(" ", lines.Select(line =>
                $"{line.Name}: {Format.Percent(line.Curve.At(0))} at r = 0, median radius "
                + $"{Format.Median(line.Curve.MedianRadius, "0.#")}.")),
            HasStyle = false,
            Horizontal = ChartAxis.Radii(diff.Unit, diff.LargestDrawn),
            Vertical = ChartAxis.Percent(measure.ToLowerInvariant()),
            Lines = [.. lines.Select(line => ChartLine.Staircase(line.Name, line.Style, line.Curve.At))],
        };
        var explorer = new ChartExplorer(
            chart, $"Share of the {Wording.Count(diff.Rows.Count, "row")} of both runs that are {what}, by {diff.Main.Name}.", what,
            [.. lines.Select(line => ExplorerLine.Of(line.Name, line.Style, line.Curve))])
        {
            Unit = diff.Unit,
            Of = "run",
            Initial = (int)Math.Min(Math.Max(diff.Main.Before.MedianRadius, diff.Main.After.MedianRadius), diff.LargestDrawn),
        };
        return new ReportSection(
            "accuracy", measure, "How many predictions survive r, before and after",
            Html.Of($"{explorer.ToHtml()}{diff.Certificates.Select((change, i) => Table(diff, change, i))}"));
    }

    private static Html Table(RunDiff diff, CertificateChange change, int number)
    {
        Html table = new HtmlTable(
            $"accuracy-table-{number}", $"By {change.Name}; changes of shares in points. {CurveSet.MedianNote}",
            [diff.Unit.Heading, "before", "after", "change"],
            DiffTable.Lines(diff, change)
                .Select(line => (line.Name, (IReadOnlyList<string>)[line.Before, line.After, line.Change]))).ToHtml();
        return diff.Certificates.Count == 1 ? table : Html.Of($"""
            <details{Html.Made(change == diff.Main ? " open" : "")}>
            <summary>{change.Name}</summary>
            {table}</details>

            """);
    }

    /// <summary>Rows by how much their radius changed, where they have one in both runs.</summary>
    private static ReportSection Changes(RunDiff diff)
    {
        int[] changes =
        [
            .. diff.Rows.Where(row => row is { WasRight: true, IsRight: true, RadiusBefore.IsAny: false, RadiusAfter.IsAny: false })
                .Select(row => row.RadiusAfter!.Value.Budget - row.RadiusBefore!.Value.Budget),
        ];
        int lost = changes.Count(change => change < 0), gained = changes.Count(change => change > 0);
        string summary = $"{lost:N0} lost radius, {gained:N0} gained, {changes.Length - lost - gained:N0} have the same. "
            + $"Not shown: {Wording.Count(diff.Rows.Count - changes.Length, "row")} without a number in both runs.";
        (int width, int least, int largest) = Bins(changes);
        var counts = changes.CountBy(change => Bin(change, width)).ToDictionary();
        var chart = new Chart
        {
            Id = "changes",
            Title = "Rows by the change of their radius",
            Description = summary,
            HasStyle = false,
            Horizontal = new ChartAxis(
                "change of the radius", least, largest, LeastStep: 1, change => change.ToString("+#,0;−#,0;0", null)),
            Vertical = ChartAxis.Rows(counts.Values.DefaultIfEmpty(0).Max()),
            Bars =
            [
                .. counts.OrderBy(bin => bin.Key).Select(bin => new ChartBar(
                    bin.Key < 0 ? "less" : bin.Key > 0 ? "more" : "same",
                    bin.Key < 0 ? bin.Key * width - 0.5 : bin.Key == 0 ? -0.5 : (bin.Key - 1) * width + 0.5,
                    bin.Key < 0 ? (bin.Key + 1) * width - 0.5 : bin.Key == 0 ? 0.5 : bin.Key * width + 0.5, bin.Value)),
            ],
        };
        return new ReportSection("changes", "Changes", "How radii changed", Html.Of($"""
            {chart.Figure(
                $"Rows that are {(diff.HasTruth ? "right and " : "")}certified in both runs, by the change of their radius: {summary}")}
            """));
    }

    private static int Bin(int change, int width) => change == 0 ? 0 : Math.Sign(change) * ((Math.Abs(change) - 1) / width + 1);

    private static (int Width, int Least, int Largest) Bins(int[] changes)
    {
        int most = changes.Select(Math.Abs).DefaultIfEmpty(1).Max();
        int width = RadiusBins.UpTo(most).Width;
        int Edge(int change) => Bin(change, width) * width;
        return (width, Math.Min(-1, Edge(changes.DefaultIfEmpty(0).Min())) - 1, Math.Max(1, Edge(changes.DefaultIfEmpty(0).Max())) + 1);
    }

    private static IEnumerable<ReportSection> Rows(RunDiff diff)
    {
        if (diff.Lost.Count > 0)
            yield return Rows(diff, diff.Lost, "lost", "Rows that lost", "Rows that survive less", "lost most");
        if (diff.Gained.Count > 0)
            yield return Rows(diff, diff.Gained, "gained", "Rows that gained", "Rows that survive more", "gained most");
    }

    private static ReportSection Rows(
        RunDiff diff, IReadOnlyList<RowChange> rows, string id, string entry, string heading, string most) => new(
        id, entry, heading, new HtmlTable(
            $"{id}-table",
            rows.Count > MostRows
                ? $"The {MostRows} of {rows.Count:N0} rows that {most}; the others are in --out."
                : $"Those that {most} first.",
            [diff.IsById ? "id" : "row", "label", "predicted before", "predicted after", "survived", "survives"],
            rows.Take(MostRows).Select(row => (row.Name, (IReadOnlyList<string>)
            [
                row.LabelAfter ?? "", row.PredictionBefore ?? "none", row.PredictionAfter ?? "none", row.Earlier, row.Later,
            ]))).ToHtml());

    private static IEnumerable<ReportSection> Classes(RunDiff diff)
    {
        if (diff.Main is not { ClassesBefore: { } before, ClassesAfter: { } after })
            yield break;
        var earlier = before.Classes.ToDictionary(one => one.Class);
        yield return new ReportSection("classes", "Classes", "What each class gained or lost", new HtmlTable(
            "classes-table", $"By {diff.Main.Name}.",
            ["class", "rows", "accuracy before", "after", "change", "median radius before", "after", "change"],
            after.Classes.Where(one => one.Rows > 0 && earlier.ContainsKey(one.Class)).Select(one =>
            {
                AccuracyCurve old = earlier[one.Class].Curve, now = one.Curve;
                return (diff.Main.Classes[one.Class], (IReadOnlyList<string>)
                [
                    $"{one.Rows:N0}", Format.Percent(old.Accuracy), Format.Percent(now.Accuracy),
                    DiffWording.Points(now.Accuracy - old.Accuracy),
                    Format.Median(old.MedianRadius, "N1"), Format.Median(now.MedianRadius, "N1"),
                    DiffWording.Medians(old.MedianRadius, now.MedianRadius),
                ]);
            })).ToHtml());
    }

    private static Html Alone(IReadOnlyList<string> names, string title) => names.Count == 0 ? Html.Empty : Html.Of($"""
        <details>
        <summary>{title}: {names.Count:N0}</summary>
        <p>{string.Join(", ", names.Take(MostNamed).Select(Wording.Name))}{(names.Count > MostNamed ? ", …" : "")}</p>
        </details>

        """);
}
