using CertiFlip.Cli.Report;
using CertiFlip.Paper.Results;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>Margins and the flips that they certify, as tables: both ways of reading figure 5.</summary>
internal static class MarginTable
{
    private static readonly int[] Flips = [0, 1, 2, 5, 10, 20, 50];
    private static readonly double[] Margins = [0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];

    /// <summary>A row for each number of flips.</summary>
    public static Html OfFlips(IReadOnlyList<MarginCurve> curves) => new HtmlTable(
        "margins-table",
        "The margin that so many flips need. A dash: more than the chart shows.",
        ["flips r", .. curves.Select(curve => curve.Title)],
        Flips.Select(r => ($"{r}", (IReadOnlyList<string>)[.. curves.Select(curve => r < curve.Margins.Count ? Needed(curve.Margins[r]) : "–")]))).ToHtml();

    /// <summary>A row for each margin.</summary>
    public static Html OfMargins(IReadOnlyList<MarginCurve> curves) => new HtmlTable(
        "certified-table",
        "The flips that a margin certifies.",
        ["margin p", .. curves.Select(curve => curve.Title)],
        Margins.Select(p => ($"{100 * p:0.#} %", (IReadOnlyList<string>)[.. curves.Select(curve => $"{curve.Margins.Count(needed => needed <= p) - 1}")]))).ToHtml();

    /// <summary>Rounded up, so that what is written is enough; but not for the sake of the last digits of a computation.</summary>
    private static string Needed(double margin) => $"{Math.Ceiling(1e4 * margin - 1e-6) / 100:F2} %";
}
