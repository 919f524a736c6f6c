using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Paper.Results;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>The drawings of a reproduction: a colour for each noise, a stroke for each certificate.</summary>
internal sealed class ReproductionCharts(Reproduction reproduction)
{
    private const int Colours = 6;

    // Figure 5 begins at the margin of a coin.
    private const double LeastMargin = 0.5;

    private readonly double[] _noises =
        [.. reproduction.Series.Select(series => series.Noise).OfType<double>().Concat(reproduction.Margins.Select(curve => curve.Noise)).Distinct().Order()];

    public IEnumerable<(string Title, Html Content)> Draw() => reproduction.Panels.Select((panel, i) => (panel.Title, Explorer(panel, i))).Concat(Margins());

    /// <summary>The classes of a line in the chart's style sheet.</summary>
    public string Style(Series series) => series.IsUndefended ? "undefended" : Style(series.Name, series.Noise);

    // Lines of one panel may be of different rows: attacks take hours, and may have been asked for few.
    private Html Explorer(Panel panel, int number) => new ChartExplorer(
        Panel(panel, number),
        "Fraction of test rows that are classified correctly and certified not to change under any r label flips. Dashed: accuracy without a guarantee. Dotted: always answering the commonest class.",
        panel.Series.Any(series => series.IsUndefended) ? "right and certified (undefended: right under the best attack found)" : "right and certified",
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
            Description = string.Join(" ", panel.Series.Select(series => $"{series.Title}: {Format.Percent(series.Curve.Accuracy)} clean, median radius {series.Curve.MedianRadius:#,0.#}.")),
            Horizontal = ChartAxis.Flips(certified.Max(series => series.Curve.LargestRadius)),
            Vertical = ChartAxis.Percent("certified accuracy"),
            Lines = [.. panel.Series.Select(series => ChartLine.Staircase(series.Title, Style(series), series.Curve.At))],
            Levels =
            [
                .. certified.DistinctBy(series => (series.Noise, series.Curve.Accuracy)).Select(series => new ChartLevel("clean", $"clean {Colour(series.Noise)}", series.Curve.Accuracy)),
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
        yield return ("Margin that a number of flips needs", Html.Of($"{Margin("needed", flips, margin, (r, p) => (r, p))}{MarginTable.OfFlips(reproduction.Margins)}"));
        yield return ("The same inverted: flips that a margin certifies", Html.Of($"{Margin("inverted", margin, flips, (r, p) => (p, r))}{MarginTable.OfMargins(reproduction.Margins)}"));
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
            Lines = [.. reproduction.Margins.Select(curve => ChartLine.Through(curve.Title, Style(curve.Name, curve.Noise), [.. curve.Margins.Select((p, r) => point(r, p))]))],
        };
        return Html.Of($"<figure>\n{chart.Draw()}\n<figcaption>The margin p is the probability with which the noisy vote goes to the prediction.</figcaption>\n</figure>\n");
    }

    private string Style(string name, double? noise) => $"{Colour(noise)} by-{name}";

    private string Colour(double? noise) => noise is { } q ? $"noise-{Array.IndexOf(_noises, q) % Colours}" : "noiseless";
}
