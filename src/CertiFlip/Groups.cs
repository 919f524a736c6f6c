namespace CertiFlip;

/// <summary>The numbers 0, …, n − 1 sorted by the group of each, by counting; within a group they ascend.</summary>
internal sealed class Groups
{
    private readonly int[] _starts;
    private readonly int[] _members;
    private readonly Lazy<int[]> _places;

    /// <summary>Sorts the numbers.</summary>
    /// <param name="groupOf">The group of each number, from 0 to <paramref name="count"/> − 1 (length n).</param>
    /// <param name="count">The number of groups. A group may be empty.</param>
    public Groups(ReadOnlySpan<int> groupOf, int count)
    {
        _starts = new int[count + 1];
        foreach (int group in groupOf)
            _starts[group + 1]++;
        for (int group = 0; group < count; group++)
            _starts[group + 1] += _starts[group];
        int[] next = _starts[..^1];
        _members = new int[groupOf.Length];
        for (int i = 0; i < groupOf.Length; i++)
            _members[next[groupOf[i]]++] = i;
        _places = new Lazy<int[]>(() =>
        {
            int[] places = new int[_members.Length];
            for (int place = 0; place < places.Length; place++)
                places[_members[place]] = place;
            return places;
        });
    }

    /// <summary>The number of groups.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>All numbers, those of group 0 first.</summary>
    public ReadOnlySpan<int> Members => _members;

    /// <summary>Where each number stands in <see cref="Members"/>.</summary>
    public ReadOnlySpan<int> Places => _places.Value;

    /// <summary>The numbers of one group, ascending.</summary>
    public ReadOnlySpan<int> this[int group] => _members.AsSpan(RangeOf(group));

    /// <summary>Where the numbers of a group stand in <see cref="Members"/>.</summary>
    public Range RangeOf(int group) => _starts[group].._starts[group + 1];
}
