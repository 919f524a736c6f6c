namespace CertiFlip.Data.Formats;

/// <summary>One text for all rows of a class.</summary>
/// <param name="budget">How much room there is.</param>
internal sealed class LabelNames(ReadBudget budget)
{
    private readonly Dictionary<string, string> _known = [];

    /// <summary>The different texts, in the order in which they came.</summary>
    public IReadOnlyCollection<string> Different => _known.Keys;

    /// <summary>The text that was first for this label.</summary>
    /// <exception cref="DataException">There are too many labels.</exception>
    public string Same(string label)
    {
        budget.Take(IntPtr.Size);
        if (_known.TryGetValue(label, out string? same))
            return same;
        budget.Take(ReadBudget.BytesOf(label));
        _known.Add(label, label);
        return label;
    }
}

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
