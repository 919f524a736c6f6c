namespace CertiFlip.Cli.Output;

/// <summary>How numbers are shown to people.</summary>
internal static class Format
{
    /// <summary>A fraction as percent.</summary>
    public static string Percent(double fraction) => $"{100 * fraction:F1} %";

    /// <summary>How long something took.</summary>
    public static string Seconds(TimeSpan elapsed) => $"{elapsed.TotalSeconds:F1} s";
}
