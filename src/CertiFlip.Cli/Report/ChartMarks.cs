using System.Text;
using System.Text.Encodings.Web;

namespace CertiFlip.Cli.Report;

/// <summary>One curve of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Path">Draws it to a scale, as the path of an SVG element.</param>
/// <param name="At">Where it is over a place of the horizontal axis.</param>
internal sealed record ChartLine(string Name, string Style, Func<ChartScale, string> Path, Func<double, double> At)
{
    /// <summary>As many steps as show in a small drawing.</summary>
    public const int FewSteps = 150;

    private const int MostSteps = 600;

    /// <summary>
    /// A staircase over 0, 1, 2, …. Where there are more steps than pixels, each covers several and is drawn at the
    /// height of the last of them: the picture, like the numbers, never claims too much.
    /// </summary>
    public static ChartLine Staircase(string name, string style, Func<int, double> at, int steps = MostSteps) => new(name, style, scale =>
    {
        var path = new StringBuilder($"M{scale.X(0)} {scale.Y(at(0))}");
        int largest = (int)scale.Horizontal.Largest;
        int width = (int)((largest - 1L + steps) / steps);
        for (long from = 0; from < largest; from += width)
        {
            int to = (int)Math.Min(largest, from + width);
            path.Append($"V{scale.Y(at(to))}H{scale.X(to)}");
        }

        return path.ToString();
    }, place => at((int)Math.Ceiling(place)));

    /// <summary>Straight from point to point.</summary>
    public static ChartLine Through(string name, string style, IReadOnlyList<(double X, double Y)> points) => new(
        name, style, scale => "M" + string.Join("L", points.Select(point => $"{scale.X(point.X)} {scale.Y(point.Y)}")), place =>
        {
            int after = Math.Clamp(points.TakeWhile(point => point.X < place).Count(), 1, Math.Max(1, points.Count - 1));
            ((double x, double y), (double toX, double toY)) = (points[after - 1], points[Math.Min(after, points.Count - 1)]);
            return toX > x ? y + (toY - y) * (Math.Clamp(place, x, toX) - x) / (toX - x) : y;
        });
}

/// <summary>A point that a pointer can ask for its name.</summary>
/// <param name="Name">What the legend calls it; points of one name share an entry there.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="X">Where it lies on the horizontal axis.</param>
/// <param name="Y">Where it lies on the vertical axis.</param>
/// <param name="Title">Which one it is.</param>
internal sealed record ChartPoint(string Name, string Style, double X, double Y, string Title)
{
    public const int Radius = 5;

    public string Draw(ChartScale scale) =>
        $"<circle class=\"point {Style}\" cx=\"{scale.X(X)}\" cy=\"{scale.Y(Y)}\" "
            + $"r=\"{Radius}\"><title>{HtmlEncoder.Default.Encode(Title)}</title></circle>\n";
}

/// <summary>A bar that stands on the horizontal axis.</summary>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="From">Where it begins on the horizontal axis.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Height">How far up it goes on the vertical axis.</param>
internal sealed record ChartBar(string Style, double From, double To, double Height)
{
    public string Draw(ChartScale scale) =>
        $"<path class=\"bar {Style}\" d=\"M{scale.X(From)} {scale.Y(0)}V{scale.Y(Height)}H{scale.X(To)}V{scale.Y(0)}Z\"/>\n";
}

/// <summary>A horizontal line across a chart.</summary>
/// <param name="Name">What the legend calls it; lines of one name share an entry there.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Height">Where it lies on the vertical axis.</param>
internal sealed record ChartLevel(string Name, string Style, double Height);

/// <summary>A vertical line across a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Place">Where it lies on the horizontal axis.</param>
internal sealed record ChartMark(string Name, string Style, double Place)
{
    public string Draw(ChartScale scale) =>
        $"<line class=\"{Style}\" x1=\"{scale.X(Place)}\" y1=\"{scale.Y(scale.Vertical.Least)}\" "
            + $"x2=\"{scale.X(Place)}\" y2=\"{scale.Y(scale.Vertical.Largest)}\"/>\n";
}
