using System.Numerics;

namespace CertiFlip.Votes;

/// <summary>
/// Chooses items, each with a size and a cost, whose sizes add up to enough at the least cost: exact, whatever number
/// type the sizes have.
/// </summary>
/// <remarks>
/// For every ρ, a choice costs at least ρ·needed plus what its items cost beyond ρ times their sizes. Taken by their
/// size for the cost, items before the break are in the best choice and those after it are not, except for a few near
/// it: a choice that differs in one level of cost by more than the allowance costs more than the limit. Those few are
/// combined, keeping of all sums only those that no cheaper one reaches.
/// </remarks>
internal static class CheapestCover
{
    // Relative to what rounding can do to sums of items, generous: it only widens what is looked at.
    private const double Tolerance = 1e-9;

    /// <summary>The items of the cheapest choice, or null where all of them together are not enough.</summary>
    /// <param name="sizes">Positive sizes, of magnitude about 1 or less, for finding where to look.</param>
    /// <param name="values">The sizes that must add up.</param>
    /// <param name="costs">Positive costs.</param>
    /// <param name="needed">About what is enough, in the units of <paramref name="sizes"/>.</param>
    /// <param name="enough">What the values must reach.</param>
    public static int[]? Find<T>(double[] sizes, T[] values, int[] costs, double needed, T enough)
        where T : INumber<T>
    {
        if (values.Aggregate(T.Zero, (sum, value) => sum + value) < enough)
            return null;

        int[] order = BySizeForCost(sizes, values, costs);
        (int before, double size, long cost) = (0, 0, 0);
        while (before < order.Length - 1 && size + sizes[order[before]] < needed)
        {
            size += sizes[order[before]];
            cost += costs[order[before++]];
        }

        double rho = costs[order[before]] / sizes[order[before]];
        double least = cost + rho * Math.Max(0, needed - size);
        double slack = Tolerance * (1 + least + rho * size);
        long all = costs.Sum(item => (long)item);
        for (long widening = 0; ; widening = 2 * widening + 1)
        {
            // At the cost of all items nothing is left out, and they are enough.
            long limit = Math.Min(all, (long)Math.Max(0, Math.Ceiling(least - slack)) + widening);
            if (Combine(limit, limit - least + 2 * slack) is { } found)
                return found;
        }

        int[]? Combine(long limit, double allowance)
        {
            List<int> core = [.. Near(Enumerable.Range(0, before).Reverse()), .. Near(Enumerable.Range(before, order.Length - before))];
            int[] fixedItems = [.. order[..before].Except(core)];
            long fixedCost = fixedItems.Sum(item => (long)costs[item]);
            T fixedValue = fixedItems.Aggregate(T.Zero, (sum, item) => sum + values[item]);
            List<State<T>> states = [new(fixedCost, fixedValue, -1, -1)];
            List<int> front = fixedCost <= limit ? [0] : [];
            foreach (int item in core)
                front = With(item, front, states, limit);
            foreach (int state in front)
            {
                if (states[state].Value >= enough)
                    return [.. fixedItems, .. Chosen(states, state)];
            }

            return null;

            IEnumerable<int> Near(IEnumerable<int> ranks)
            {
                var beyond = new Dictionary<int, double>();
                foreach (int rank in ranks)
                {
                    int item = order[rank];
                    beyond[costs[item]] = beyond.GetValueOrDefault(costs[item]) + Math.Abs(costs[item] - rho * sizes[item]);
                    if (limit == all || beyond[costs[item]] <= allowance)
                        yield return item;
                }
            }
        }

        List<int> With(int item, List<int> front, List<State<T>> states, long limit)
        {
            var merged = new List<int>(2 * front.Count);
            int kept = 0, added = 0;
            T? best = default;
            while (kept < front.Count || added < front.Count)
            {
                long keptCost = kept < front.Count ? states[front[kept]].Cost : long.MaxValue;
                long addedCost = added < front.Count ? states[front[added]].Cost + costs[item] : long.MaxValue;
                bool isKept = keptCost < addedCost
                    || (keptCost == addedCost && states[front[kept]].Value >= states[front[added]].Value + values[item]);
                if (!isKept && addedCost > limit)
                {
                    added = front.Count;
                    continue;
                }

                T value = isKept ? states[front[kept]].Value : states[front[added]].Value + values[item];
                if (merged.Count == 0 || value > best!)
                {
                    best = value;
                    if (!isKept)
                        states.Add(new State<T>(addedCost, value, front[added], item));
                    merged.Add(isKept ? front[kept] : states.Count - 1);
                }

                if (isKept)
                    kept++;
                else
                    added++;
            }

            return merged;
        }
    }

    /// <summary>
    /// The items with the largest size for the cost first; of those that are the same as doubles, the one with the
    /// largest value.
    /// </summary>
    private static int[] BySizeForCost<T>(double[] sizes, T[] values, int[] costs)
        where T : INumber<T>
    {
        int[] order = [.. Enumerable.Range(0, sizes.Length)];
        double[] ratios = [.. sizes.Zip(costs, (size, cost) => -size / cost)];
        Array.Sort(ratios, order);
        for (int first = 0, end; first < order.Length; first = end)
        {
            end = first + 1;
            while (end < order.Length && ratios[end] == ratios[first])
                end++;
            order.AsSpan(first..end).Sort((one, other) => values[other].CompareTo(values[one]));
        }

        return order;
    }

    private static IEnumerable<int> Chosen<T>(List<State<T>> states, int state)
    {
        for (; states[state].Item >= 0; state = states[state].Before)
            yield return states[state].Item;
    }

    private readonly record struct State<T>(long Cost, T Value, int Before, int Item);
}
