namespace CertiFlip.Attacks;

/// <summary>For every test row the fewest flips that changed its prediction so far, whichever test row they were chosen for.</summary>
/// <param name="rows">Number of test rows.</param>
internal sealed class AttackLedger(int rows)
{
    private readonly Entry?[] _best = new Entry?[rows];

    public Entry? this[int row] => _best[row];

    /// <summary>Keeps the better of two attacks on a row; of two with as many flips the one that was made for the earlier test row, so that the order of work does not matter.</summary>
    public void Add(int row, Entry entry)
    {
        if (_best[row] is not { } best || entry.CompareTo(best) < 0)
            _best[row] = entry;
    }

    public void Add(AttackLedger other)
    {
        for (int row = 0; row < _best.Length; row++)
        {
            if (other[row] is { } entry)
                Add(row, entry);
        }
    }

    /// <summary>One attack: the rows that it flips, and where they come from.</summary>
    public sealed record Entry(int Source, AttackKind Kind, bool Reversed, int[] Rows) : IComparable<Entry>
    {
        public int CompareTo(Entry? other) =>
            other is null ? -1 : (Rows.Length, Source, Kind, Reversed).CompareTo((other.Rows.Length, other.Source, other.Kind, other.Reversed));
    }
}
