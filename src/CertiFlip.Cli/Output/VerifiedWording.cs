using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>Labels that somebody has verified, in words.</summary>
internal static class VerifiedWording
{
    /// <summary>How many labels are verified and how many were put right; null where none are known to be.</summary>
    public static string? Sentence(Dataset data) => data.Verified is { } verified ? Sentence(verified) : null;

    /// <summary>How many labels are verified and how many were put right.</summary>
    public static string Sentence(VerifiedLabels verified) =>
        $"Verified by {ShownText.Escape(Path.GetFileName(verified.Source))}: {Wording.Count(verified.Rows.Count, "label")}, of which "
            + $"{verified.Changed:N0} {(verified.Changed == 1 ? "was" : "were")} wrong and changed.{Open(verified.Open)}";

    private static string Open(int open) =>
        open == 0 ? "" : $" {Wording.Count(open, "line")} of it {(open == 1 ? "is" : "are")} still open.";
}

/// <summary>Labels that somebody has verified, as JSON.</summary>
/// <param name="Source">The file.</param>
/// <param name="Verified">How many labels are verified.</param>
/// <param name="Changed">How many of them were wrong.</param>
/// <param name="Open">How many lines nobody has filled in.</param>
internal sealed record CorrectionsJson(string Source, int Verified, int Changed, int Open)
{
    public static CorrectionsJson? Of(Dataset data) =>
        data.Verified is { } verified ? new(verified.Source, verified.Rows.Count, verified.Changed, verified.Open) : null;
}
