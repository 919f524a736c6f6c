namespace CertiFlip.Data.Formats;

/// <summary>
/// Cells of tables that say that there is no value: empty ones, <c>?</c>, <c>NA</c>, <c>nan</c> and the like.
/// </summary>
internal static class MissingCell
{
    /// <summary>
    /// Whether a cell among texts is one. Dashes, dots and the word None are categories of many tables.
    /// </summary>
    /// <param name="text">The cell.</param>
    public static bool IsOne(string text) => LabelText.MayBeMissing(text)
        && text.Trim() is var word
        && (word is "" or "?" || !LabelText.IsSign(word))
        && !word.Equals("none", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a cell among numbers is one.</summary>
    /// <param name="text">The cell.</param>
    public static bool IsOneAmongNumbers(string text) => LabelText.MayBeMissing(text);
}
