using System.Text;
using System.Text.Encodings.Web;

namespace CertiFlip.Cli.Report;

/// <summary>Curves over two axes as an SVG drawing with its own style, so that it can stand alone as a file or inside a page.</summary>
internal sealed record Chart
{
    /// <summary>Tells the drawings of one page apart.</summary>
    public string Id { get; init; } = "chart";

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>The same in sentences, for those who do not see it.</summary>
    public required string Description { get; init; }

    public required ChartAxis Horizontal { get; init; }

    public required ChartAxis Vertical { get; init; }

    public required IReadOnlyList<ChartLine> Lines { get; init; }

    public IReadOnlyList<ChartLevel> Levels { get; init; } = [];

    public string Draw()
    {
        var legend = new ChartLegend([.. Lines.Select(line => (line.Name, $"curve {line.Style}")), .. Levels.DistinctBy(level => level.Name).Select(level => (level.Name, level.Style.Split(' ')[0]))]);
        var scale = new ChartScale(Horizontal, Vertical, ChartLegend.FirstLine + legend.Height);
        var svg = new StringBuilder();
        svg.Append($"""
            <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ChartScale.Width} {scale.Height}" role="img" aria-labelledby="{Id}-title {Id}-description">
            <title id="{Id}-title">{Encode(Title)}</title>
            <desc id="{Id}-description">{Encode(Description)}</desc>
            <style>
            {Resource.Read("chart.css")}</style>
            <rect class="paper" width="{ChartScale.Width}" height="{scale.Height}"/>

            """);
        AppendAxes(svg, scale);
        foreach (ChartLevel level in Levels)
            svg.Append(LineAt(scale, level.Style, level.Height));
        foreach (ChartLine line in Lines)
            svg.Append($"<path class=\"curve {line.Style}\" d=\"{line.Path(scale)}\"/>\n");
        legend.AppendTo(svg);
        return svg.Append("</svg>").ToString();
    }

    private static void AppendAxes(StringBuilder svg, ChartScale scale)
    {
        foreach (double height in scale.Vertical.Ticks())
        {
            svg.Append(LineAt(scale, "grid", height));
            svg.Append($"<text class=\"tick\" x=\"{ChartScale.Left - 8}\" y=\"{scale.Y(height)}\" dy=\"0.32em\" text-anchor=\"end\">{scale.Vertical.Text(height)}</text>\n");
        }

        foreach (double place in scale.Horizontal.Ticks())
            svg.Append($"<text class=\"tick\" x=\"{scale.X(place)}\" y=\"{scale.Height - ChartScale.Bottom + 20}\" text-anchor=\"middle\">{scale.Horizontal.Text(place)}</text>\n");
        svg.Append($"<text class=\"axis\" x=\"{scale.X((scale.Horizontal.Least + scale.Horizontal.Largest) / 2)}\" y=\"{scale.Height - 10}\" text-anchor=\"middle\">{scale.Horizontal.Title}</text>\n");
        svg.Append($"<text class=\"axis\" transform=\"translate(16 {scale.Y((scale.Vertical.Least + scale.Vertical.Largest) / 2)}) rotate(-90)\" text-anchor=\"middle\">{scale.Vertical.Title}</text>\n");
    }

    private static string LineAt(ChartScale scale, string style, double height) =>
        $"<line class=\"{style}\" x1=\"{scale.X(scale.Horizontal.Least)}\" y1=\"{scale.Y(height)}\" x2=\"{scale.X(scale.Horizontal.Largest)}\" y2=\"{scale.Y(height)}\"/>\n";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
