using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>One axis of a chart.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Least">Where it begins.</param>
/// <param name="Largest">Where it ends, above <paramref name="Least"/>.</param>
/// <param name="LeastStep">
/// The least distance of two numbers that are written: 1 where only whole ones mean something.
/// </param>
/// <param name="Text">How a number on it is written.</param>
internal sealed record ChartAxis(string Title, double Least, double Largest, double LeastStep, Func<double, string> Text)
{
    /// <summary>Numbers of flips, from 0.</summary>
    public static ChartAxis Flips(int largest) => Radii(RadiusUnit.Flips, largest);

    /// <summary>What radii count, from 0.</summary>
    public static ChartAxis Radii(RadiusUnit unit, int largest) =>
        new(unit.Axis, 0, Math.Max(1, largest), LeastStep: 1, radius => $"{radius:N0}");

    /// <summary>Fractions as percentages.</summary>
    public static ChartAxis Percent(string title, double least = 0) =>
        new(title, least, 1, LeastStep: 0, fraction => $"{Math.Round(100 * fraction)} %");

    /// <summary>Numbers of rows, from 0.</summary>
    public static ChartAxis Rows(int largest) => new("rows", 0, Math.Max(1, largest), LeastStep: 1, rows => $"{rows:N0}");

    /// <summary>Round numbers, about as many as are wanted.</summary>
    public IEnumerable<double> Ticks(int wanted)
    {
        double rough = Math.Max(LeastStep, (Largest - Least) / wanted);
        double decade = PowerOfTen.Nearest((int)Math.Floor(Math.Log10(rough)));
        double[] steps = [decade, 2 * decade, 5 * decade, 10 * decade];
        double step = steps.First(candidate => candidate >= rough || candidate == steps[^1]);
        for (double i = Math.Ceiling(Least / step - 1e-9) + 0.0; i * step <= Largest * (1 + 1e-12); i++)
            yield return i * step;
    }
}
