using System.Globalization;
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

    // What is left above the plot where names stand elsewhere.
    private const int Above = 16;

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

    /// <summary>
    /// The names of its lines, each beside its own, where lines are few and there is room; empty elsewhere.
    /// </summary>
    private IReadOnlyList<ChartLabel> Labels => field ??= Frame.HasLabels
        ? ChartLabel.Place(this, new ChartScale(Frame, Horizontal, Vertical, Frame.Top + LegendOf(hasLines: false).Height))
        : [];

    private ChartLegend Legend => LegendOf(hasLines: Labels.Count == 0);

    private ChartLegend LegendOf(bool hasLines) => new(Frame, [.. Names.Where(name => hasLines || !Is("curve", name.Style))]);

    /// <summary>What is drawn, and the style of it.</summary>
    private IEnumerable<(string Name, string Style)> Names => !Frame.HasLabels ? [] :
        [
            .. Lines.Select(line => (line.Name, $"curve {line.Style}")),
            .. Points.DistinctBy(point => point.Name).Select(point => (point.Name, $"point {point.Style}")),
            .. Levels.DistinctBy(level => level.Name).Select(level => (level.Name, level.Style.Split(' ')[0])),
            .. Marks.Select(mark => (mark.Name, mark.Style)),
        ];

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
        foreach (ChartLabel label in Labels)
            svg.Append(label.Draw());
        Legend.AppendTo(svg);
        return Html.Made(svg.Append("</svg>").ToString());
    }

    /// <summary>
    /// The drawing in a page, and its names once more for screens on which those in it are too small.
    /// </summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="hasNumbers">Whether the caption begins with what a slider says.</param>
    public Html Figure(string caption, bool hasNumbers = false)
    {
        (string Name, string Style)[] names = [.. Names];
        Html key = names.Length == 0 ? Html.Empty : Html.Of($"""
            <ul class="key">
            {names.Select(one => KeyEntry(one.Name, one.Style))}</ul>

            """);
        string above = (100.0 * Math.Max(0, Scale.Top - Above) / Frame.Width).ToString("0.#", CultureInfo.InvariantCulture);
        return Html.Of($"""
            <figure>
            <div class="drawing" style="--names: {above}%">{Draw()}</div>
            {key}<figcaption>{(hasNumbers ? Html.Made("<span class=\"at-r\"></span> ") : Html.Empty)}{caption}</figcaption>
            </figure>

            """);
    }

    private static Html KeyEntry(string name, string style) => Html.Of($"""
        <li><svg class="chart" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">
        {Html.Made(ChartLegend.SampleAt(0, 6, style))}</svg> {name}</li>

        """);

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

    private static bool Is(string kind, string style) => style.StartsWith(kind, StringComparison.Ordinal);

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

    // Room above a plot without names.
    private const int Bare = 24;

    private readonly int _item = items.Where(item => Is("curve", item.Style) || Is("point", item.Style)).Select(item => item.Name.Length)
        .DefaultIfEmpty(0).Max() switch
    {
        <= ShortName => ShortItem,
        <= LongName => LongItem,
        int longest => Sample + Gap + longest * Letter + Apart,
    };

    /// <summary>The height of the lines after the first; less than 0 where there is none.</summary>
    public int Height => items.Count == 0 ? Math.Min(0, Bare - frame.Top) : (items.Count - 1) / PerLine * LineHeight;

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

    /// <summary>What a name stands for: a piece of a line, or a point.</summary>
    public static string SampleAt(int x, int y, string style) => Is("point", style)
        ? $"<circle class=\"{style}\" cx=\"{x + Sample / 2}\" cy=\"{y}\" r=\"{ChartPoint.Radius}\"/>"
        : $"<line class=\"{style}\" x1=\"{x}\" y1=\"{y}\" x2=\"{x + Sample}\" y2=\"{y}\"/>";

    private static bool Is(string kind, string style) => style.StartsWith(kind, StringComparison.Ordinal);
}

/// <summary>The name of a line, beside it.</summary>
/// <param name="Name">The name.</param>
/// <param name="X">Its left end.</param>
/// <param name="Y">Its upper end.</param>
internal sealed record ChartLabel(string Name, double X, double Y)
{
    // About as wide as a letter gets, and the height of a line of text.
    private const double Letter = 7.2, Height = 16, Gap = 3, Step = 4, Enough = 40;

    // More lines are told apart by their samples better than by names that are scattered over them.
    private const int MostLines = 4;

    private double Width => Name.Length * Letter;

    /// <summary>
    /// A place for each name: above or below its line, as far as possible from everything else. None at all where one
    /// of them finds none.
    /// </summary>
    public static IReadOnlyList<ChartLabel> Place(Chart chart, ChartScale scale)
    {
        if (chart.Lines.Count is 0 or > MostLines)
            return [];
        (double left, double right) = (scale.Frame.Left, scale.Frame.Left + scale.Frame.PlotWidth);
        double[][] lines =
        [
            .. chart.Lines.Select(line => (double[])
            [
                .. Enumerable.Range(0, (int)((right - left) / Step) + 1).Select(i => scale.Down(line.At(
                    scale.Horizontal.Least + (scale.Horizontal.Largest - scale.Horizontal.Least)
                        * Math.Min(1, i * Step / (right - left))))),
            ]),
        ];
        List<ChartLabel> placed = [];
        foreach ((int line, ChartLine one) in chart.Lines.Index())
        {
            ChartLabel[] free =
            [
                .. from i in Enumerable.Range(1, lines[line].Length - 1)
                   let name = new ChartLabel(one.Name, left + i * Step, 0)
                   where name.X + name.Width <= right
                   let own = Over(lines[line], i, name.Width)
                   from label in (ChartLabel[])[name with { Y = own.Top - Gap - Height }, name with { Y = own.Bottom + Gap }]
                   where label.Y >= scale.Top - Height && label.Y + Height <= scale.Top + scale.Frame.PlotHeight - Gap
                   let room = label.Room(chart, scale, lines, line, placed)
                   where room > Gap
                   orderby Math.Min(room, Enough) - (own.Bottom - own.Top) / 2 descending
                   select label,
            ];
            if (free.Length == 0)
                return [];
            placed.Add(free[0]);
        }

        return placed;

        static (double Top, double Bottom) Over(double[] line, int from, double width)
        {
            double[] part = line[from..Math.Min(line.Length, from + (int)(width / Step) + 2)];
            return (part.Min(), part.Max());
        }
    }

    public string Draw() => string.Create(
        CultureInfo.InvariantCulture,
        $"<text class=\"label\" x=\"{X:0.#}\" y=\"{Y + Height - 4:0.#}\">{HtmlEncoder.Default.Encode(ShownText.Escape(Name))}</text>\n");

    /// <summary>How far it is from the nearest of everything else; less than 0 where it lies on it.</summary>
    private double Room(Chart chart, ChartScale scale, double[][] lines, int own, List<ChartLabel> placed)
    {
        int from = Math.Max(0, (int)((X - scale.Frame.Left) / Step) - 3), to = (int)((X + Width - scale.Frame.Left) / Step) + 4;
        double Beside(double top, double bottom) => Math.Max(top - (Y + Height), Y - bottom);
        IEnumerable<double> rooms =
        [
            .. lines.Index().Where(line => line.Index != own).Select(line => line.Item[from..Math.Min(line.Item.Length, to)])
                .Select(part => Beside(part.Min(), part.Max())),
            .. chart.Levels.Select(level => Beside(scale.Down(level.Height), scale.Down(level.Height))),
            .. chart.Marks.Select(mark => Math.Max(X - scale.Across(mark.Place), scale.Across(mark.Place) - (X + Width))),
            .. chart.Points.Select(point => (X: scale.Across(point.X), Y: scale.Down(point.Y)))
                .Select(point => Math.Max(Beside(point.Y - ChartPoint.Radius, point.Y + ChartPoint.Radius),
                    Math.Max(X - point.X, point.X - (X + Width)) - ChartPoint.Radius)),
            .. placed.Select(other =>
                Math.Max(Beside(other.Y, other.Y + Height), Math.Max(X - (other.X + other.Width), other.X - (X + Width)))),
        ];
        return rooms.DefaultIfEmpty(Enough).Min();
    }
}
