namespace CertiFlip.Partition;

/// <summary>
/// The ways to close the gap between the winner of a vote of parts and a rival. Each part that can be moved closes it
/// by 1, or by either 1 or 2, for one flip more than its vote survives.
/// </summary>
internal sealed class GapMoves
{
    private const int Never = int.MaxValue;

    private readonly List<int> _ones = [];
    private readonly List<(int Two, int One)> _twos = [];

    public void Clear()
    {
        _ones.Clear();
        _twos.Clear();
    }

    /// <summary>Adds a part that closes the gap by 1 where more is spent on it than it survives.</summary>
    public void AddOne(Radius survived)
    {
        if (!survived.IsAny)
            _ones.Add(survived.Budget + 1);
    }

    /// <summary>
    /// Adds a part that closes the gap by 1 beyond one radius, and by 2 beyond another that is no smaller.
    /// </summary>
    public void AddOneOrTwo(Radius survivesOne, Radius survivesTwo)
    {
        if (survivesTwo.IsAny)
        {
            AddOne(survivesOne);
            return;
        }

        (int one, int two) = (survivesOne.Budget + 1, survivesTwo.Budget + 1);
        if (two - one < one)
        {
            _twos.Add((two, one));
            return;
        }

        // The second 1 costs as much as the first or more, so whoever takes the cheapest steps takes it second.
        _ones.Add(one);
        _ones.Add(two - one);
    }

    /// <summary>The largest budget that does not close a gap: exact, in the time that it takes to sort.</summary>
    /// <remarks>
    /// <para>
    /// Left in pairs are the parts whose second 1 is cheaper than the first, two &lt; 2·one. The best choice takes at
    /// most one of them for 1 alone: of two such, taking the one with the cheaper two for 2 and the other not at all
    /// closes as much, for no more than the mean of their twos, which is less than both ones.
    /// </para>
    /// <para>
    /// So for every number of parts taken for 2: these are the cheapest, at most one more is taken for 1, and the
    /// cheapest steps do the rest. The one for 1 is either not among the cheapest, or it is and the next cheapest two
    /// takes its place.
    /// </para>
    /// </remarks>
    /// <param name="gap">At least 1.</param>
    public Radius Survived(int gap)
    {
        _ones.Sort();
        _twos.Sort();
        Span<long> steps = PrefixSums(gap);
        Span<int> leastOne = LeastOneFrom();
        long fewest = Never, twos = 0;
        int leastExchange = 0; // The least one − two among the parts before and at this rank.
        for (int taken = 0; taken <= _twos.Count && 2 * taken <= gap; taken++)
        {
            fewest = Math.Min(fewest, twos + StepsFor(gap - 2 * taken, steps));
            if (taken == _twos.Count)
                break;
            (int two, int one) = _twos[taken];
            leastExchange = Math.Min(leastExchange, one - two);
            long withOne = Math.Min(twos + leastOne[taken], twos + two + leastExchange);
            fewest = Math.Min(fewest, withOne + StepsFor(gap - 2 * taken - 1, steps));
            twos += two;
        }

        return fewest >= Never ? Radius.Any : Radius.Of((int)fewest - 1);
    }

    private static long StepsFor(int gap, ReadOnlySpan<long> steps) => gap <= 0 ? 0 : gap < steps.Length ? steps[gap] : Never;

    /// <summary>The flips of the cheapest steps, up to as many as could be wanted.</summary>
    private Span<long> PrefixSums(int gap)
    {
        long[] sums = new long[Math.Min(gap, _ones.Count) + 1];
        for (int i = 1; i < sums.Length; i++)
            sums[i] = sums[i - 1] + _ones[i - 1];
        return sums;
    }

    /// <summary>From each rank of the twos on, the least one.</summary>
    private Span<int> LeastOneFrom()
    {
        int[] least = new int[_twos.Count];
        for (int i = least.Length - 1; i >= 0; i--)
            least[i] = i + 1 < least.Length ? Math.Min(least[i + 1], _twos[i].One) : _twos[i].One;
        return least;
    }
}
