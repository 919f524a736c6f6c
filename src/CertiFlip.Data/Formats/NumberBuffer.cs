using System.Runtime.CompilerServices;

namespace CertiFlip.Data.Formats;

/// <summary>Numbers of which it is not known how many will come.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <param name="budget">How many there may be.</param>
internal sealed class NumberBuffer<T>(ReadBudget budget)
    where T : unmanaged
{
    private const int Shortest = 1 << 10, Longest = 1 << 20;
    private readonly Queue<T[]> _full = [];
    private T[] _last = [];
    private int _used;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a number.</summary>
    /// <exception cref="DataException">There are too many.</exception>
    public void Add(T number)
    {
        if (_used == _last.Length)
            Grow();
        _last[_used++] = number;
        Count++;
    }

    /// <summary>All of them, which are no longer here.</summary>
    /// <exception cref="DataException">There are too many for one array.</exception>
    public T[] TakeAll(string path)
    {
        if (Count > Array.MaxLength)
            throw new DataException($"{path}: {Count} numbers are more than the {Array.MaxLength} that fit in memory; use fewer rows.");
        T[] all = new T[Count];
        int at = 0;
        while (_full.TryDequeue(out T[]? part))
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        _last.AsSpan(0, _used).CopyTo(all.AsSpan(at));
        return all;
    }

    private void Grow()
    {
        int length = (int)Math.Clamp(Count, Shortest, Longest);
        budget.Take(length, Unsafe.SizeOf<T>());
        if (_used > 0)
            _full.Enqueue(_last);
        (_last, _used) = (new T[length], 0);
    }
}
