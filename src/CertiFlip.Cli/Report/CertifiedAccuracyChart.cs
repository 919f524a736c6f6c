using System.Text;
using System.Text.Encodings.Web;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Cli.Certifying;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>Certified accuracy against the number of flips as an SVG drawing, the form of the paper's figures 1 to 3.</summary>
internal static class CertifiedAccuracyChart
{
    private const int MostSteps = 600;

    /// <summary>The drawing with its own style, so that it can stand alone as a file or inside a page.</summary>
    public static string Draw(CertifyResult result)
    {
        var scale = new ChartScale(Math.Max(1, result.Curves.Max(curve => curve.LargestRadius)));
        string measure = result.HasTruth ? "Certified accuracy" : "Certified predictions";
        var svg = new StringBuilder();
        svg.Append($"""
            <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ChartScale.Width} {ChartScale.Height}" role="img" aria-labelledby="chart-title chart-description">
            <title id="chart-title">{measure} against label flips</title>
            <desc id="chart-description">{Encode(Describe(result))}</desc>
            <style>
            {Resource.Read("chart.css")}</style>
            <rect class="paper" width="{ChartScale.Width}" height="{ChartScale.Height}"/>

            """);
        AppendAxes(svg, scale, measure);
        AppendReferences(svg, scale, result);
        foreach (CertifiedAccuracy curve in result.Curves)
            svg.Append($"<path class=\"curve {curve.Kind.Name()}\" d=\"{Path(curve, scale)}\"/>\n");
        AppendLegend(svg, result);
        return svg.Append("</svg>").ToString();
    }

    private static string Describe(CertifyResult result) =>
        string.Join(" ", result.Curves.Select(curve => $"{curve.Kind.Name()}: {100 * curve.At(0):F1} % at 0 flips, median radius {curve.MedianRadius:0.#}."));

    private static void AppendAxes(StringBuilder svg, ChartScale scale, string measure)
    {
        for (int percent = 0; percent <= 100; percent += 20)
        {
            string y = ChartScale.Y(percent / 100.0);
            svg.Append($"<line class=\"grid\" x1=\"{scale.X(0)}\" y1=\"{y}\" x2=\"{scale.X(scale.LargestFlips)}\" y2=\"{y}\"/>\n");
            svg.Append($"<text class=\"tick\" x=\"{ChartScale.Left - 8}\" y=\"{y}\" dy=\"0.32em\" text-anchor=\"end\">{percent} %</text>\n");
        }

        foreach (int flips in scale.Ticks())
            svg.Append($"<text class=\"tick\" x=\"{scale.X(flips)}\" y=\"{ChartScale.Height - ChartScale.Bottom + 20}\" text-anchor=\"middle\">{flips:N0}</text>\n");
        svg.Append($"<text class=\"axis\" x=\"{scale.X(scale.LargestFlips / 2.0)}\" y=\"{ChartScale.Height - 10}\" text-anchor=\"middle\">training labels flipped, r</text>\n");
        svg.Append($"<text class=\"axis\" transform=\"translate(16 {ChartScale.Y(0.5)}) rotate(-90)\" text-anchor=\"middle\">{measure.ToLowerInvariant()}</text>\n");
    }

    /// <summary>Dashed: accuracy without any guarantee. Dotted: a classifier that always answers the commonest class.</summary>
    private static void AppendReferences(StringBuilder svg, ChartScale scale, CertifyResult result)
    {
        if (!result.HasTruth)
            return;
        foreach (CertifiedAccuracy curve in result.Curves.DistinctBy(curve => curve.Kind == CertificateKind.Exact))
            svg.Append(Horizontal(scale, $"clean {curve.Kind.Name()}", curve.Accuracy));
        double constant = result.Truth.CountBy(label => label).Max(count => count.Value) / (double)result.Truth.Count;
        svg.Append(Horizontal(scale, "constant", constant));
    }

    private static string Horizontal(ChartScale scale, string style, double fraction) =>
        $"<line class=\"{style}\" x1=\"{scale.X(0)}\" y1=\"{ChartScale.Y(fraction)}\" x2=\"{scale.X(scale.LargestFlips)}\" y2=\"{ChartScale.Y(fraction)}\"/>\n";

    /// <summary>
    /// A staircase. Where there are more steps than pixels, each covers several r and is drawn at the height of the last of them: the
    /// picture, like the numbers, never claims too much.
    /// </summary>
    private static string Path(CertifiedAccuracy curve, ChartScale scale)
    {
        var path = new StringBuilder($"M{scale.X(0)} {ChartScale.Y(curve.At(0))}");
        int width = (scale.LargestFlips + MostSteps - 1) / MostSteps;
        for (long from = 0; from < scale.LargestFlips; from += width)
        {
            int to = (int)Math.Min(scale.LargestFlips, from + width);
            path.Append($"V{ChartScale.Y(curve.At(to))}H{scale.X(to)}");
        }

        return path.ToString();
    }

    private static void AppendLegend(StringBuilder svg, CertifyResult result)
    {
        const int Line = 28, Item = 112, Baseline = 28;
        int x = ChartScale.Left;
        foreach (CertifiedAccuracy curve in result.Curves)
        {
            string name = curve.Kind.Name();
            svg.Append($"<line class=\"curve {name}\" x1=\"{x}\" y1=\"{Baseline - 4}\" x2=\"{x + Line}\" y2=\"{Baseline - 4}\"/><text class=\"legend\" x=\"{x + Line + 6}\" y=\"{Baseline}\">{name}</text>\n");
            x += Item;
        }

        if (result.HasTruth)
        {
            svg.Append($"<line class=\"clean\" x1=\"{x}\" y1=\"{Baseline - 4}\" x2=\"{x + Line}\" y2=\"{Baseline - 4}\"/><text class=\"legend\" x=\"{x + Line + 6}\" y=\"{Baseline}\">accuracy</text>\n");
            x += Item;
            svg.Append($"<line class=\"constant\" x1=\"{x}\" y1=\"{Baseline - 4}\" x2=\"{x + Line}\" y2=\"{Baseline - 4}\"/><text class=\"legend\" x=\"{x + Line + 6}\" y=\"{Baseline}\">constant</text>\n");
        }
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
