using System.Globalization;

namespace CertiFlip.Cli.Output;

/// <summary>Words for values, in sentences.</summary>
internal static class Wording
{
    /// <summary>A number of things, of which one is not several.</summary>
    public static string Count(int number, string thing) => $"{number:N0} {thing}{(number == 1 ? "" : "s")}";
}

/// <summary>How numbers are shown to people.</summary>
internal static class Format
{
    /// <summary>A fraction as percent.</summary>
    public static string Percent(double fraction) => $"{100 * fraction:F1} %";

    /// <summary>A median radius, which is infinite where it is any.</summary>
    public static string Median(double median, string format) =>
        double.IsInfinity(median) ? "any" : median.ToString(format, CultureInfo.CurrentCulture);

    /// <summary>How long something took.</summary>
    public static string Seconds(TimeSpan elapsed) => $"{elapsed.TotalSeconds:F1} s";
}
