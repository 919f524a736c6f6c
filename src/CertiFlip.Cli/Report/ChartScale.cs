using System.Globalization;

namespace CertiFlip.Cli.Report;

/// <summary>Where numbers lie in a chart's drawing.</summary>
/// <param name="Frame">The size of the drawing.</param>
/// <param name="Horizontal">The axis below the plot.</param>
/// <param name="Vertical">The axis beside it.</param>
/// <param name="Top">Where the plot begins, below the legend.</param>
internal sealed record ChartScale(ChartFrame Frame, ChartAxis Horizontal, ChartAxis Vertical, int Top)
{
    public int Height => Top + Frame.PlotHeight + Frame.Bottom;

    public string X(double value) => Coordinate(Frame.Left + Part(Horizontal, value) * Frame.PlotWidth);

    public string Y(double value) => Coordinate(Top + (1 - Part(Vertical, value)) * Frame.PlotHeight);

    private static double Part(ChartAxis axis, double value) => (value - axis.Least) / (axis.Largest - axis.Least);

    private static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
