using System.Text;
using System.Text.Encodings.Web;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report;

/// <summary>
/// Curves over two axes as an SVG drawing with its own style, so that it can stand alone as a file or inside a page.
/// </summary>
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

    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

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
            .. Marks.Select(mark => (mark.Name, mark.Style)),
        ]);

    /// <summary>Where numbers lie in the drawing.</summary>
    public ChartScale Scale => new(Frame, Horizontal, Vertical, Frame.Top + Legend.Height);

    public Html Draw()
    {
        ChartScale scale = Scale;
        var svg = new StringBuilder();
        string named = $"role=\"img\" aria-labelledby=\"{Id}-title {Id}-description\"";
        svg.Append($"""
            <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Frame.Width} {scale.Height}" {named}>
            <title id="{Id}-title">{Encode(Title)}</title>
            <desc id="{Id}-description">{Encode(Description)}</desc>

            """);
        if (HasStyle)
            svg.Append($"<style>\n{Resource.Read("chart.css")}</style>\n");
        svg.Append($"<rect class=\"paper\" width=\"{Frame.Width}\" height=\"{scale.Height}\"/>\n");
        AppendAxes(svg, scale);
        foreach (ChartLevel level in Levels)
            svg.Append(LineAt(scale, level.Style, level.Height));
        foreach (ChartMark mark in Marks)
            svg.Append(mark.Draw(scale));
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
            svg.Append(
                $"<text class=\"tick\" x=\"{Frame.Left - 8}\" y=\"{scale.Y(height)}\" dy=\"0.32em\" "
                    + $"text-anchor=\"end\">{scale.Vertical.Text(height)}</text>\n");
        }

        foreach (double place in scale.Horizontal.Ticks(Frame.WantedTicks))
            svg.Append(
                $"<text class=\"tick\" x=\"{scale.X(place)}\" y=\"{scale.Height - Frame.Bottom + 20}\" "
                    + $"text-anchor=\"middle\">{scale.Horizontal.Text(place)}</text>\n");
        svg.Append(
            $"<text class=\"axis\" x=\"{scale.X((scale.Horizontal.Least + scale.Horizontal.Largest) / 2)}\" y=\"{scale.Height - 10}\" "
                + $"text-anchor=\"middle\">{scale.Horizontal.Title}</text>\n");
        svg.Append(
            $"<text class=\"axis\" transform=\"translate(16 {scale.Y((scale.Vertical.Least + scale.Vertical.Largest) / 2)}) rotate(-90)\" "
                + $"text-anchor=\"middle\">{scale.Vertical.Title}</text>\n");
    }

    private static string LineAt(ChartScale scale, string style, double height) =>
        $"<line class=\"{style}\" x1=\"{scale.X(scale.Horizontal.Least)}\" y1=\"{scale.Y(height)}\" "
            + $"x2=\"{scale.X(scale.Horizontal.Largest)}\" y2=\"{scale.Y(height)}\"/>\n";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(ShownText.Escape(text));
}

/// <summary>The names above the chart, in as many lines as they need.</summary>
/// <param name="frame">The size of the drawing.</param>
/// <param name="items">Names and the style classes of their samples.</param>
internal sealed class ChartLegend(ChartFrame frame, IReadOnlyList<(string Name, string Style)> items)
{
    private const int Sample = 28, Gap = 6, Baseline = 28, LineHeight = 22;
    private const int ShortItem = 112, LongItem = 168, ShortName = 10, LongName = 17;

    // About as wide as a letter gets, and a gap.
    private const int Letter = 7, Apart = 12;

    private readonly int _item = items.Where(item => Is("curve", item.Style) || Is("point", item.Style)).Select(item => item.Name.Length)
        .DefaultIfEmpty(0).Max() switch
    {
        <= ShortName => ShortItem,
        <= LongName => LongItem,
        int longest => Sample + Gap + longest * Letter + Apart,
    };

    /// <summary>The height of the lines after the first.</summary>
    public int Height => items.Count == 0 ? 0 : (items.Count - 1) / PerLine * LineHeight;

    private int PerLine => frame.PlotWidth / _item;

    public void AppendTo(StringBuilder svg)
    {
        if (items.Count == 0)
            return;
        svg.Append("<g class=\"legend\">\n");
        for (int i = 0; i < items.Count; i++)
        {
            int x = frame.Left + i % PerLine * _item, y = Baseline + i / PerLine * LineHeight;
            svg.Append(
                $"{SampleAt(x, y - 4, items[i].Style)}<text x=\"{x + Sample + Gap}\" "
                    + $"y=\"{y}\">{HtmlEncoder.Default.Encode(ShownText.Escape(items[i].Name))}</text>\n");
        }

        svg.Append("</g>\n");
    }

    private static string SampleAt(int x, int y, string style) => Is("point", style)
        ? $"<circle class=\"{style}\" cx=\"{x + Sample / 2}\" cy=\"{y}\" r=\"{ChartPoint.Radius}\"/>"
        : $"<line class=\"{style}\" x1=\"{x}\" y1=\"{y}\" x2=\"{x + Sample}\" y2=\"{y}\"/>";

    private static bool Is(string kind, string style) => style.StartsWith(kind, StringComparison.Ordinal);
}
