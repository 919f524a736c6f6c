using System.Text;

namespace CertiFlip.Cli.Report;

/// <summary>One curve of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Path">Draws it to a scale, as the path of an SVG element.</param>
internal sealed record ChartLine(string Name, string Style, Func<ChartScale, string> Path)
{
    private const int MostSteps = 600;

    /// <summary>
    /// A staircase over 0, 1, 2, …. Where there are more steps than pixels, each covers several and is drawn at the height of the last of them: the
    /// picture, like the numbers, never claims too much.
    /// </summary>
    public static ChartLine Staircase(string name, string style, Func<int, double> at) => new(name, style, scale =>
    {
        var path = new StringBuilder($"M{scale.X(0)} {scale.Y(at(0))}");
        int largest = (int)scale.Horizontal.Largest;
        int width = (int)((largest - 1L + MostSteps) / MostSteps);
        for (long from = 0; from < largest; from += width)
        {
            int to = (int)Math.Min(largest, from + width);
            path.Append($"V{scale.Y(at(to))}H{scale.X(to)}");
        }

        return path.ToString();
    });

    /// <summary>Straight from point to point.</summary>
    public static ChartLine Through(string name, string style, IReadOnlyList<(double X, double Y)> points) => new(name, style, scale =>
        "M" + string.Join("L", points.Select(point => $"{scale.X(point.X)} {scale.Y(point.Y)}")));
}
