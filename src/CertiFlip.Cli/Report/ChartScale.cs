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

    public string X(double value) => Coordinate(Across(value));

    public string Y(double value) => Coordinate(Down(value));

    /// <summary>How far from the left edge of the drawing.</summary>
    public double Across(double value) => Frame.Left + Part(Horizontal, value) * Frame.PlotWidth;

    /// <summary>How far from its upper edge.</summary>
    public double Down(double value) => Top + (1 - Part(Vertical, value)) * Frame.PlotHeight;

    private static double Part(ChartAxis axis, double value) => (value - axis.Least) / (axis.Largest - axis.Least);

    private static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>The size of a drawing and the room around its plot, in the drawing's own units.</summary>
/// <param name="Width">From edge to edge.</param>
/// <param name="PlotHeight">The height of the plot alone.</param>
/// <param name="Top">Room above the plot, with one line of legend if there is a legend.</param>
/// <param name="Left">Room for the vertical axis.</param>
/// <param name="Bottom">Room for the horizontal axis.</param>
/// <param name="WantedTicks">About how many numbers there are along an axis.</param>
internal sealed record ChartFrame(int Width, int PlotHeight, int Top, int Left, int Bottom, int WantedTicks)
{
    public const int Right = 24;

    /// <summary>As wide as a page.</summary>
    public static ChartFrame Large { get; } = new(Width: 760, PlotHeight: 308, Top: 56, Left: 64, Bottom: 56, WantedTicks: 7);

    /// <summary>One of several side by side.</summary>
    public static ChartFrame Small { get; } =
        new(Width: 380, PlotHeight: 120, Top: 10, Left: 56, Bottom: 44, WantedTicks: 4) { HasLabels = false };

    /// <summary>Whether there is room for names of what is drawn.</summary>
    public bool HasLabels { get; init; } = true;

    public int PlotWidth => Width - Left - Right;
}
