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

    public IReadOnlyList<ChartLine> Lines { get; init; } = [];

    public IReadOnlyList<ChartLevel> Levels { get; init; } = [];

    public IReadOnlyList<ChartPoint> Points { get; init; } = [];

    public IReadOnlyList<ChartBar> Bars { get; init; } = [];

    public ChartFrame Frame { get; init; } = ChartFrame.Large;

    /// <summary>Whether it brings its own style, to stand alone as a file; otherwise the page has it.</summary>
    public bool HasStyle { get; init; } = true;

    private ChartLegend Legend => new(
        Frame,
        [
            .. Lines.Select(line => (line.Name, $"curve {line.Style}")),
            .. Points.DistinctBy(point => point.Name).Select(point => (point.Name, $"point {point.Style}")),
            .. Levels.DistinctBy(level => level.Name).Select(level => (level.Name, level.Style.Split(' ')[0])),
        ]);

    /// <summary>Where numbers lie in the drawing.</summary>
    public ChartScale Scale => new(Frame, Horizontal, Vertical, Frame.Top + Legend.Height);

    public Html Draw()
    {
        ChartScale scale = Scale;
        var svg = new StringBuilder();
        svg.Append($"""
            <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Frame.Width} {scale.Height}" role="img" aria-labelledby="{Id}-title {Id}-description">
            <title id="{Id}-title">{Encode(Title)}</title>
            <desc id="{Id}-description">{Encode(Description)}</desc>

            """);
        if (HasStyle)
            svg.Append($"<style>\n{Resource.Read("chart.css")}</style>\n");
        svg.Append($"<rect class=\"paper\" width=\"{Frame.Width}\" height=\"{scale.Height}\"/>\n");
        AppendAxes(svg, scale);
        foreach (ChartLevel level in Levels)
            svg.Append(LineAt(scale, level.Style, level.Height));
        foreach (ChartBar bar in Bars)
            svg.Append(bar.Draw(scale));
        foreach (ChartLine line in Lines)
            svg.Append($"<path class=\"curve {line.Style}\" d=\"{line.Path(scale)}\"/>\n");
        foreach (ChartPoint point in Points)
            svg.Append(point.Draw(scale));
        Legend.AppendTo(svg);
        return Html.Made(svg.Append("</svg>").ToString());
    }

    private void AppendAxes(StringBuilder svg, ChartScale scale)
    {
        foreach (double height in scale.Vertical.Ticks(Frame.WantedTicks))
        {
            svg.Append(LineAt(scale, "grid", height));
            svg.Append($"<text class=\"tick\" x=\"{Frame.Left - 8}\" y=\"{scale.Y(height)}\" dy=\"0.32em\" text-anchor=\"end\">{scale.Vertical.Text(height)}</text>\n");
        }

        foreach (double place in scale.Horizontal.Ticks(Frame.WantedTicks))
            svg.Append($"<text class=\"tick\" x=\"{scale.X(place)}\" y=\"{scale.Height - Frame.Bottom + 20}\" text-anchor=\"middle\">{scale.Horizontal.Text(place)}</text>\n");
        svg.Append($"<text class=\"axis\" x=\"{scale.X((scale.Horizontal.Least + scale.Horizontal.Largest) / 2)}\" y=\"{scale.Height - 10}\" text-anchor=\"middle\">{scale.Horizontal.Title}</text>\n");
        svg.Append($"<text class=\"axis\" transform=\"translate(16 {scale.Y((scale.Vertical.Least + scale.Vertical.Largest) / 2)}) rotate(-90)\" text-anchor=\"middle\">{scale.Vertical.Title}</text>\n");
    }

    private static string LineAt(ChartScale scale, string style, double height) =>
        $"<line class=\"{style}\" x1=\"{scale.X(scale.Horizontal.Least)}\" y1=\"{scale.Y(height)}\" x2=\"{scale.X(scale.Horizontal.Largest)}\" y2=\"{scale.Y(height)}\"/>\n";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
