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
