using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Paper;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary><c>NAME.html</c>: one file that needs nothing else, the same bytes for the same data and options.</summary>
internal static class ReproductionPage
{
    private static readonly int[] Digits = [1, 2, 5];

    public static void Write(TextWriter writer, ReproductionResult result)
    {
        Reproduction reproduction = result.Reproduction;
        var charts = new ReproductionCharts(reproduction);
        new ReportPage
        {
            Title = result.Experiment.Title,
            Heading = result.Experiment.Title,
            Lead = reproduction.Lead,
            ConditionalOnLambda = reproduction.ConditionalOnLambda,
            Sections =
            [
                .. charts.Draw().Select((chart, i) => new ReportSection($"chart-{i + 1}", $"Chart {i + 1}", chart.Title, chart.Content)),
                .. Claims(reproduction),
                .. Numbers(reproduction),
                .. Radii(reproduction, charts),
                Notes(reproduction),
                .. Files(result),
            ],
        }.Write(writer);
    }

    private static IEnumerable<ReportSection> Claims(Reproduction reproduction)
    {
        if (reproduction.Claims.Count > 0)
        {
            yield return Table(
                new HtmlTable(
                    "claims", "What the paper says, and the result here.", ["what", "paper", "here"],
                    reproduction.Claims.Select(claim => (claim.What, (IReadOnlyList<string>)[claim.Paper, claim.Here])))
                {
                    HasWords = true,
                },
                "The paper’s numbers",
                "The paper’s numbers and these");
        }
    }

    private static IEnumerable<ReportSection> Numbers(Reproduction reproduction)
    {
        if (reproduction.Series.Count == 0)
            yield break;
        int largest = reproduction.Series.Where(series => !series.IsUndefended).Max(series => series.Curve.LargestBudget);
        int[] flips =
        [
            0,
            .. from decade in Enumerable.Range(0, 10)
               from digit in Digits
               let r = digit * Math.Pow(10, decade)
               where r <= largest
               select (int)r,
        ];
        yield return Table(
            new HtmlTable(
                "numbers", "Accuracy at r flips.", ["series", "clean", .. flips.Select(r => $"{r:N0}"), "median"],
                reproduction.Series.Select(series => (series.Title, (IReadOnlyList<string>)
                [
                    Format.Percent(series.Curve.Accuracy),
                    .. flips.Select(r => Format.Percent(series.Curve.At(r))),
                    $"{series.Curve.MedianRadius:N1}",
                ]))),
            "Numbers",
            "In numbers: accuracy at r flips");
    }

    /// <summary>For each certificate, of all noises the one with the largest median.</summary>
    private static IEnumerable<ReportSection> Radii(Reproduction reproduction, ReproductionCharts charts)
    {
        Series[] best =
        [
            .. reproduction.Series.Where(series => !series.IsUndefended).GroupBy(series => series.Name)
                .Select(group => group.MaxBy(series => series.Curve.MedianRadius)!),
        ];
        if (best.Length > 0)
            yield return RadiiSection.Of(
                [.. best.Select(series => (series.Title, charts.Style(series), series.Curve))], hasTruth: true, RadiusUnit.Flips,
                best.Max(series => series.Curve.LargestBudget));
    }

    private static ReportSection Notes(Reproduction reproduction)
    {
        var notes = Html.Of($"<ul>\n{reproduction.Notes.Select(note => Html.Of($"<li>{note}</li>\n"))}</ul>\n");
        return new ReportSection("made", "How it was made", "How these numbers were made", notes);
    }

    private static IEnumerable<ReportSection> Files(ReproductionResult result)
    {
        if (result.Files.Count > 0)
        {
            yield return Table(
                new HtmlTable(
                    "files", "Raw data.", ["file", "SHA-256", "the copy behind the documented numbers"],
                    result.Files.Select(file =>
                        (file.File.Path, (IReadOnlyList<string>)[$"{file.Sha256[..16]}…", file.IsKnown ? "yes" : "no"]))),
                "Data",
                "The data");
        }
    }

    private static ReportSection Table(HtmlTable table, string name, string heading) => new(table.Id, name, heading, table.ToHtml());
}

/// <summary>The drawings of a reproduction: a colour for each noise, a stroke for each certificate.</summary>
internal sealed class ReproductionCharts(Reproduction reproduction)
{
    private const int Colours = 6;

    // Figure 5 begins at the margin of a coin.
    private const double LeastMargin = 0.5;

    private readonly double[] _noises =
        [
            .. reproduction.Series.Select(series => series.Noise).OfType<double>().Concat(reproduction.Margins.Select(curve => curve.Noise))
                .Distinct().Order(),
        ];

    public IEnumerable<(string Title, Html Content)> Draw() =>
        reproduction.Panels.Select((panel, i) => (panel.Title, Explorer(panel, i))).Concat(Margins());

    /// <summary>The classes of a line in the chart's style sheet.</summary>
    public string Style(Series series) => series.IsUndefended ? "undefended" : Style(series.Name, series.Noise);

    // Lines of one panel may be of different rows: attacks take hours, and may have been asked for few.
    private Html Explorer(Panel panel, int number) => new ChartExplorer(
        Panel(panel, number),
        "Share of test rows that are classified correctly and certified to stay so under any r label flips. Dashed: accuracy without a "
            + "guarantee. Dotted: always predicting the commonest class.",
        panel.Series.Any(series => series.IsUndefended)
            ? "correct and certified (undefended: correct under the best attack found)"
            : "correct and certified",
        [.. panel.Series.Select(series => ExplorerLine.Of(series.Title, Style(series), series.Curve))])
    {
        Initial = (int)panel.Series.Where(series => !series.IsUndefended).Max(series => series.Curve.MedianRadius),
    }.ToHtml();

    private Chart Panel(Panel panel, int number)
    {
        Series[] certified = [.. panel.Series.Where(series => !series.IsUndefended)];
        return new Chart
        {
            Id = $"panel-{number}",
            Title = panel.Title,
            Description = string.Join(
                " ",
                panel.Series.Select(series =>
                    $"{series.Title}: {Format.Percent(series.Curve.Accuracy)} clean, median radius {series.Curve.MedianRadius:#,0.#}.")),
            Horizontal = ChartAxis.Flips(certified.Max(series => series.Curve.LargestBudget)),
            Vertical = ChartAxis.Percent("certified accuracy"),
            Lines = [.. panel.Series.Select(series => ChartLine.Staircase(series.Title, Style(series), series.Curve.At))],
            Levels =
            [
                .. certified.DistinctBy(series => (series.Noise, series.Curve.Accuracy))
                    .Select(series => new ChartLevel("clean", $"clean {Colour(series.Noise)}", series.Curve.Accuracy)),
                new ChartLevel("constant", "constant", panel.ConstantAccuracy),
            ],
        };
    }

    private IEnumerable<(string Title, Html Content)> Margins()
    {
        if (reproduction.Margins.Count == 0)
            yield break;
        int largest = reproduction.Margins.Max(curve => curve.Margins.Count - 1);
        ChartAxis flips = ChartAxis.Flips(largest), margin = ChartAxis.Percent("margin p", LeastMargin);
        yield return (
            "Margin needed for a number of flips",
            Html.Of($"{Margin("needed", flips, margin, (r, p) => (r, p))}{MarginTable.OfFlips(reproduction.Margins)}"));
        yield return (
            "The same inverted: flips that a margin certifies",
            Html.Of($"{Margin("inverted", margin, flips, (r, p) => (p, r))}{MarginTable.OfMargins(reproduction.Margins)}"));
    }

    private Html Margin(string id, ChartAxis horizontal, ChartAxis vertical, Func<int, double, (double X, double Y)> point)
    {
        var chart = new Chart
        {
            Id = id,
            Title = $"{vertical.Title} against {horizontal.Title}",
            Description = reproduction.Lead,
            Horizontal = horizontal,
            Vertical = vertical,
            Lines =
            [
                .. reproduction.Margins.Select(curve =>
                    ChartLine.Through(curve.Title, Style(curve.Name, curve.Noise), [.. curve.Margins.Select((p, r) => point(r, p))])),
            ],
        };
        const string Caption = "The margin p is the probability that the noisy vote goes to the prediction.";
        return chart.Figure(Caption);
    }

    private string Style(string name, double? noise) => $"{Colour(noise)} by-{name}";

    private string Colour(double? noise) => noise is { } q ? $"noise-{Array.IndexOf(_noises, q) % Colours}" : "noiseless";
}

/// <summary>Margins and the flips that they certify, as tables: both ways of reading figure 5.</summary>
internal static class MarginTable
{
    private static readonly int[] Flips = [0, 1, 2, 5, 10, 20, 50];
    private static readonly double[] Margins = [0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

    /// <summary>A row for each number of flips.</summary>
    public static Html OfFlips(IReadOnlyList<MarginCurve> curves) => new HtmlTable(
        "margins-table",
        "The margin that r flips need. A dash: more than the chart shows.",
        ["flips r", .. curves.Select(curve => curve.Title)],
        Flips.Select(r => ($"{r}", (IReadOnlyList<string>)
        [
            .. curves.Select(curve => r < curve.Margins.Count ? Needed(curve.Margins[r]) : "–"),
        ]))).ToHtml();

    /// <summary>A row for each margin.</summary>
    public static Html OfMargins(IReadOnlyList<MarginCurve> curves) => new HtmlTable(
        "certified-table",
        "The flips that a margin certifies.",
        ["margin p", .. curves.Select(curve => curve.Title)],
        Margins.Select(p => ($"{100 * p:0.#} %", (IReadOnlyList<string>)
        [
            .. curves.Select(curve => $"{curve.Margins.Count(needed => needed <= p) - 1}"),
        ]))).ToHtml();

    /// <summary>
    /// Rounded up, so that what is written is enough; but not for the sake of the last digits of a computation.
    /// </summary>
    private static string Needed(double margin) => $"{Math.Ceiling(1e4 * margin - 1e-6) / 100:F2} %";
}
