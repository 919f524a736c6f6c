using System.Text;
using System.Text.Encodings.Web;
using CertiFlip.Certification;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>Certified accuracy against the number of flips as an SVG drawing, the form of the paper's figures 1 to 3.</summary>
internal static class CertifiedAccuracyChart
{
    private const int MostSteps = 600;

    /// <summary>The drawing with its own style, so that it can stand alone as a file or inside a page.</summary>
    /// <param name="set">The curves.</param>
    /// <param name="cleanLines">Accuracies to be drawn as dashed lines.</param>
    public static string Draw(CurveSet set, IReadOnlyList<(string Style, double Accuracy)> cleanLines)
    {
        var legend = new ChartLegend(set, cleanLines.Count > 0);
        var scale = new ChartScale(Math.Max(1, set.LargestRadius), ChartLegend.FirstLine + legend.Height);
        string measure = set.Problem.HasTruth ? "Certified accuracy" : "Certified predictions";
        var svg = new StringBuilder();
        svg.Append($"""
            <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ChartScale.Width} {scale.Height}" role="img" aria-labelledby="chart-title chart-description">
            <title id="chart-title">{measure} against label flips</title>
            <desc id="chart-description">{Encode(Describe(set))}</desc>
            <style>
            {Resource.Read("chart.css")}</style>
            <rect class="paper" width="{ChartScale.Width}" height="{scale.Height}"/>

            """);
        AppendAxes(svg, scale, measure);
        foreach ((string style, double accuracy) in cleanLines)
            svg.Append(Horizontal(scale, $"clean {style}", accuracy));
        if (set.Problem.HasTruth)
            svg.Append(Horizontal(scale, "constant", set.ConstantAccuracy));
        foreach (Curve curve in set.Curves)
            svg.Append($"<path class=\"curve {curve.Style}\" d=\"{Path(curve.Accuracy, scale)}\"/>\n");
        legend.AppendTo(svg);
        return svg.Append("</svg>").ToString();
    }

    private static string Describe(CurveSet set) =>
        string.Join(" ", set.Curves.Select(curve => $"{curve.Name}: {Format.Percent(curve.Accuracy.At(0))} at 0 flips, median radius {curve.Accuracy.MedianRadius:0.#}."));

    private static void AppendAxes(StringBuilder svg, ChartScale scale, string measure)
    {
        for (int percent = 0; percent <= 100; percent += 20)
        {
            string y = scale.Y(percent / 100.0);
            svg.Append($"<line class=\"grid\" x1=\"{scale.X(0)}\" y1=\"{y}\" x2=\"{scale.X(scale.LargestFlips)}\" y2=\"{y}\"/>\n");
            svg.Append($"<text class=\"tick\" x=\"{ChartScale.Left - 8}\" y=\"{y}\" dy=\"0.32em\" text-anchor=\"end\">{percent} %</text>\n");
        }

        foreach (int flips in scale.Ticks())
            svg.Append($"<text class=\"tick\" x=\"{scale.X(flips)}\" y=\"{scale.Height - ChartScale.Bottom + 20}\" text-anchor=\"middle\">{flips:N0}</text>\n");
        svg.Append($"<text class=\"axis\" x=\"{scale.X(scale.LargestFlips / 2.0)}\" y=\"{scale.Height - 10}\" text-anchor=\"middle\">training labels flipped, r</text>\n");
        svg.Append($"<text class=\"axis\" transform=\"translate(16 {scale.Y(0.5)}) rotate(-90)\" text-anchor=\"middle\">{measure.ToLowerInvariant()}</text>\n");
    }

    /// <summary>Dashed: accuracy without any guarantee. Dotted: a classifier that always answers the commonest class.</summary>
    private static string Horizontal(ChartScale scale, string style, double fraction) =>
        $"<line class=\"{style}\" x1=\"{scale.X(0)}\" y1=\"{scale.Y(fraction)}\" x2=\"{scale.X(scale.LargestFlips)}\" y2=\"{scale.Y(fraction)}\"/>\n";

    /// <summary>
    /// A staircase. Where there are more steps than pixels, each covers several r and is drawn at the height of the last of them: the
    /// picture, like the numbers, never claims too much.
    /// </summary>
    private static string Path(CertifiedAccuracy curve, ChartScale scale)
    {
        var path = new StringBuilder($"M{scale.X(0)} {scale.Y(curve.At(0))}");
        int width = (scale.LargestFlips + MostSteps - 1) / MostSteps;
        for (long from = 0; from < scale.LargestFlips; from += width)
        {
            int to = (int)Math.Min(scale.LargestFlips, from + width);
            path.Append($"V{scale.Y(curve.At(to))}H{scale.X(to)}");
        }

        return path.ToString();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
