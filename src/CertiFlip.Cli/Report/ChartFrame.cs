namespace CertiFlip.Cli.Report;

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
    public static ChartFrame Small { get; } = new(Width: 380, PlotHeight: 120, Top: 10, Left: 56, Bottom: 44, WantedTicks: 4);

    public int PlotWidth => Width - Left - Right;
}
