using System.Globalization;

namespace CertiFlip.Cli.Report;

/// <summary>Where numbers of flips and fractions lie in the chart's drawing, and which of them the axes name.</summary>
/// <param name="LargestFlips">The right end of the axis of flips, at least 1.</param>
/// <param name="Top">Where the plot begins, below the legend.</param>
internal sealed record ChartScale(int LargestFlips, int Top)
{
    public const int Width = 760, PlotHeight = 308;
    public const int Left = 64, Right = 24, Bottom = 56;

    private const int WantedTicks = 7;

    public static int PlotWidth => Width - Left - Right;

    public int Height => Top + PlotHeight + Bottom;

    public string X(double flips) => Coordinate(Left + flips / LargestFlips * PlotWidth);

    public string Y(double fraction) => Coordinate(Top + (1 - fraction) * PlotHeight);

    /// <summary>Round numbers of flips, about seven of them.</summary>
    public IEnumerable<int> Ticks()
    {
        double rough = LargestFlips / (double)WantedTicks;
        double decade = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(rough, 1))));
        double[] steps = [decade, 2 * decade, 5 * decade, 10 * decade];
        int step = (int)steps.First(candidate => candidate >= rough || candidate == steps[^1]);
        for (int tick = 0; tick <= LargestFlips; tick += step)
            yield return tick;
    }

    private static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
