using System.Globalization;

namespace CertiFlip.Cli.Report;

/// <summary>Where numbers lie in a chart's drawing.</summary>
/// <param name="Horizontal">The axis below the plot.</param>
/// <param name="Vertical">The axis beside it.</param>
/// <param name="Top">Where the plot begins, below the legend.</param>
internal sealed record ChartScale(ChartAxis Horizontal, ChartAxis Vertical, int Top)
{
    public const int Width = 760, PlotHeight = 308;
    public const int Left = 64, Right = 24, Bottom = 56;

    public static int PlotWidth => Width - Left - Right;

    public int Height => Top + PlotHeight + Bottom;

    public string X(double value) => Coordinate(Left + Part(Horizontal, value) * PlotWidth);

    public string Y(double value) => Coordinate(Top + (1 - Part(Vertical, value)) * PlotHeight);

    private static double Part(ChartAxis axis, double value) => (value - axis.Least) / (axis.Largest - axis.Least);

    private static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
