using System.Text.Json;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>The figures of each class, which an accuracy over all rows hides.</summary>
internal static class ClassSection
{
    // As many as fit on paper beside the other columns.
    private const int FlipColumns = 5;

    /// <summary>A table for each curve; nothing where the test rows have no labels.</summary>
    /// <param name="set">The curves.</param>
    /// <param name="main">The one whose table is open.</param>
    public static IEnumerable<ReportSection> Of(CurveSet set, Curve main)
    {
        if (set.Data.HasTruth)
            yield return new ReportSection(
                "classes", "Classes", "What each class gets", Html.Of($"""
                    <p>{ClassFigures.Legend(set.Data)} Under r: the share of the rows of a class that are classified correctly and
                    certified to stay so under {set.Data.Survived()}.</p>
                    {new ClassCurves(set, main).ToHtml()}{set.Curves.Select((curve, i) => Part(set, curve, i, curve == main))}
                    """));
    }

    private static Html Part(CurveSet set, Curve curve, int number, bool isOpen)
    {
        Html table = Table(set, curve, number);
        return set.Curves.Count == 1 ? table : Html.Of($"""
            <details{Html.Made(isOpen ? " open" : "")}>
            <summary>{curve.Name}</summary>
            {table}</details>

            """);
    }

    private static Html Table(CurveSet set, Curve curve, int number)
    {
        AccuracyByClass figures = curve.Accuracy.ByClass!;
        int[] flips = [.. set.FewFlipsToShow(FlipColumns)];
        return new HtmlTable(
            $"classes-table-{number}",
            $"By {curve.Name}.",
            ["class", set.Data.RowsName, "predicted", "accuracy", "median\u00A0radius", .. flips.Select(r => $"r = {r:N0}")],
            [
                .. figures.Classes.Select(one => (set.Data.Classes[one.Class], ClassFigures.Cells(one, flips))),
                (ClassFigures.Balanced,
                [
                    "", "", Format.Percent(figures.BalancedAccuracy), "", .. flips.Select(r => Format.Percent(figures.BalancedAt(r))),
                ]),
            ]).ToHtml();
    }
}

/// <summary>
/// Certified accuracy of each class alone, in drawings side by side, with a slider that moves with that of the page's
/// chart. Of many classes the least robust are drawn, and between which curves all of them lie.
/// </summary>
/// <param name="set">The data, and how far curves go.</param>
/// <param name="main">The curve whose classes are drawn.</param>
internal sealed partial class ClassCurves(CurveSet set, Curve main)
{
    private const int MostClasses = 12;

    // Of so many numbers of flips the order of all classes is told.
    private const int MostSteps = 200;

    private readonly ClassAccuracy[] _classes = [.. main.Accuracy.ByClass!.Classes.Where(one => one.Rows > 0)];

    private int Largest => Math.Max(1, set.LargestDrawn);

    private bool IsCut => _classes.Length > MostClasses;

    public Html ToHtml()
    {
        ClassAccuracy[] drawn = IsCut
            ? [.. _classes.OrderBy(one => one.Curve.MedianRadius).ThenBy(one => one.Curve.Accuracy).Take(MostClasses)]
            : _classes;
        (Chart Chart, IReadOnlyList<ExplorerLine> Lines, Html Figure)[] figures =
        [
            .. IsCut ? [Spread()] : ((Chart, IReadOnlyList<ExplorerLine>, Html)[])[],
            .. drawn.Select(Figure),
        ];
        string which = IsCut
            ? $"The {MostClasses} classes of {_classes.Length:N0} that survive least, those with the smallest median radius first"
            : "Each class";
        int initial = (int)set.Drawn(main.Accuracy.MedianRadius);
        return Html.Of($"""
            <div data-classes>
            <div class="slider" hidden>
            <p class="choice"><label for="classes-flips">{set.Unit.Slider}, r</label>
            <input type="number" id="classes-number" aria-label="{set.Unit.Slider} r for the classes, as a number"
            min="0" max="{Largest}" value="{initial}"></p>
            <input type="range" id="classes-flips" min="0" max="{Largest}" step="1" value="{initial}">
            <output for="classes-flips classes-number" aria-live="polite" class="unseen"></output>
            </div>
            {(IsCut ? figures[0].Figure : Html.Empty)}<p>{which}, by {main.Name}; dashed: all {set.Data.RowsName} together.</p>
            <div class="several">
            {figures.Skip(IsCut ? 1 : 0).Select(figure => figure.Figure)}</div>
            <script type="application/json">{Html.Made(Data(figures))}</script>
            </div>

            """);
    }

    private (Chart, IReadOnlyList<ExplorerLine>, Html) Figure(ClassAccuracy one, int number)
    {
        string name = set.Data.Classes[one.Class];
        string summary = $"{Wording.Count(one.Rows, "row")}, accuracy {Format.Percent(one.Curve.Accuracy)}, median radius "
            + $"{Format.Median(one.Curve.MedianRadius, "#,0.#")}.";
        var chart = new Chart
        {
            Id = $"class-{number}",
            Title = $"Certified accuracy of {Wording.Name(name)}",
            Description = summary,
            Frame = ChartFrame.Small,
            HasStyle = false,
            Horizontal = ChartAxis.Radii(set.Unit, Largest) with { Title = "r" },
            Vertical = ChartAxis.Percent(""),
            Lines =
            [
                ChartLine.Staircase("all", "all", main.Accuracy.At, ChartLine.FewSteps),
                ChartLine.Staircase(name, main.Style, one.Curve.At, ChartLine.FewSteps),
            ],
        };
        Html figure = Html.Of(
            $"<figure>\n<h3>{Html.Name(name)}</h3>\n{chart.Draw()}\n<figcaption><span class=\"at-r\"></span> {summary}</figcaption>\n"
            + $"</figure>\n");
        return (chart, [ExplorerLine.Of(name, main.Style, one.Curve)], figure);
    }

    /// <summary>The best, the middle and the worst class at each r.</summary>
    private (Chart, IReadOnlyList<ExplorerLine>, Html) Spread()
    {
        const int Parts = 1000;
        int width = (Largest + MostSteps - 1) / MostSteps;
        int[] flips = [.. Enumerable.Range(0, Largest / width + 2).Select(step => step * width)];
        double[][] sorted = [.. flips.Select(r => (double[])[.. _classes.Select(one => one.Curve.At(r)).Order()])];
        (string Name, string Style, int Rank)[] ranks =
        [
            ("best class", "best", _classes.Length - 1), ("median class", "middle", (_classes.Length - 1) / 2), ("worst class", "worst", 0),
        ];
        double At(int rank, int r) => sorted[Math.Min(sorted.Length - 1, (r + width - 1) / width)][rank];
        var chart = new Chart
        {
            Id = "class-spread",
            Title = $"Certified accuracy of {_classes.Length:N0} classes",
            Description = string.Join(" ", ranks.Select(rank => $"{rank.Name} at r = 0: {Format.Percent(At(rank.Rank, 0))}.")),
            HasStyle = false,
            Horizontal = ChartAxis.Radii(set.Unit, Largest),
            Vertical = ChartAxis.Percent("certified accuracy"),
            Lines = [.. ranks.Select(rank => ChartLine.Staircase(rank.Name, rank.Style, r => At(rank.Rank, r)))],
        };
        Html figure = chart.Figure(
            $"At each r, the certified accuracy of the best, the median and the worst of {_classes.Length:N0} classes, "
            + $"by {main.Name}; which "
            + "class that is may differ from r to r.", hasNumbers: true);
        return (chart, [.. ranks.Select(rank => new ExplorerLine(
            rank.Name, rank.Style, Parts, flips, [.. flips.Select(r => (int)Math.Floor(At(rank.Rank, r) * Parts))]))], figure);
    }

    private string Data(IEnumerable<(Chart Chart, IReadOnlyList<ExplorerLine> Lines, Html)> figures) => JsonSerializer.Serialize(
        new Plots(
            Largest, set.Unit.IsCost,
            [
                .. figures.Select(figure =>
                {
                    ChartScale scale = figure.Chart.Scale;
                    return new Plot(
                        scale.Frame.Left, scale.Frame.Left + scale.Frame.PlotWidth, scale.Top, scale.Top + scale.Frame.PlotHeight,
                        [.. figure.Lines.Select(line => new Line(line.Name, line.RowCount, line.Flips, line.Counts))]);
                }),
            ]), ClassPlotTypes.Default.Plots);

    private sealed record Plots(
        int Largest, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsCost, IReadOnlyList<Plot> Figures);

    private sealed record Plot(int Left, int Right, int Top, int Bottom, IReadOnlyList<Line> Lines);

    private sealed record Line(string Name, int RowCount, IReadOnlyList<int> Flips, IReadOnlyList<int> Counts);

    /// <summary>What the script reads. The encoder leaves no character in it that could end the element.</summary>
    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Plots))]
    private sealed partial class ClassPlotTypes : JsonSerializerContext;
}
