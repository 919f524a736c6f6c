using System.Globalization;
using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>Words for values, in sentences.</summary>
internal static class Wording
{
    private const int LongestName = 40;

    /// <summary>A class or another text from a file within a sentence.</summary>
    public static string Name(string text) => ShownText.Cut(text, LongestName);

    /// <summary>What data are called: as the user says, or by the names of their files.</summary>
    public static string Data(string? name, params IEnumerable<string> sources) =>
        Name(name ?? string.Join(" and ", sources.Select(source => Path.GetFileName(source.TrimEnd('/', '\\'))).Distinct()));

    /// <summary>A number of things, of which one is not several.</summary>
    /// <param name="number">How many.</param>
    /// <param name="thing">One of them.</param>
    /// <param name="things">Several, where that is not the same with an s.</param>
    public static string Count(int number, string thing, string? things = null) =>
        $"{number:N0} {(number == 1 ? thing : things ?? $"{thing}s")}";
}

/// <summary>How numbers are shown to people.</summary>
internal static class Format
{
    /// <summary>A fraction as percent.</summary>
    public static string Percent(double fraction) => $"{100 * fraction:F1} %";

    /// <summary>A median radius, which is infinite where it is any.</summary>
    public static string Median(double median, string format) =>
        double.IsInfinity(median) ? "any" : median.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>How long something took.</summary>
    public static string Seconds(TimeSpan elapsed) => $"{elapsed.TotalSeconds:F1} s";
}
