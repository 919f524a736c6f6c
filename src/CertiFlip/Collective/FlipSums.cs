using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>
/// A number for every flip (j → e): what it counts for in cuts that are added up over many rows. The numbers are whole
/// multiples of a unit, kept in doubles and below 2⁵³, so that their sums are exact and come in any order.
/// </summary>
/// <remarks>
/// Training rows stand in the order of <see cref="ClassLabels.RowsByClass"/>: their index there is their position.
/// </remarks>
/// <param name="labels">The n training labels.</param>
internal sealed class FlipSums(ClassLabels labels)
{
    private readonly double[][] _columns = [.. Enumerable.Range(0, labels.ClassCount).Select(_ => new double[labels.Count])];

    /// <summary>What is counted whatever the flips are.</summary>
    public double Given { get; set; }

    /// <summary>The numbers of the flips into one class, by position.</summary>
    public double[] Into(int target) => _columns[target];

    /// <summary>Adds other sums.</summary>
    public void Add(FlipSums other, double part = 1)
    {
        Given += part * other.Given;
        for (int target = 0; target < _columns.Length; target++)
        {
            double[] sums = _columns[target], more = other._columns[target];
            for (int position = 0; position < sums.Length; position++)
                sums[position] += part * more[position];
        }
    }

    /// <summary>Multiplies everything.</summary>
    public void Scale(double part)
    {
        Given *= part;
        foreach (double[] column in _columns)
        {
            for (int position = 0; position < column.Length; position++)
                column[position] *= part;
        }
    }

    /// <summary>Sets everything to 0.</summary>
    public void Clear()
    {
        Given = 0;
        foreach (double[] column in _columns)
            Array.Clear(column);
    }

    /// <summary>
    /// The flips that a budget pays for and that count most: exactly so where every label costs 1; where costs differ,
    /// those that count most for their cost.
    /// </summary>
    /// <param name="allowed">What the adversary may do.</param>
    /// <param name="budget">The budget r.</param>
    /// <param name="most">
    /// <see cref="Given"/> and what no flips within the budget count beyond, by the fractional knapsack, rounded up.
    /// </param>
    /// <returns>
    /// The flips, those that count most for their cost first; equal ones in the order of their positions.
    /// </returns>
    public CountedFlip[] Largest(AllowedFlips allowed, int budget, out Int128 most)
    {
        List<CountedFlip> flips = [];
        for (int from = 0, position = 0; from < labels.ClassCount; from++)
        {
            for (int end = labels.RangeOf(from).End.Value; position < end; position++)
            {
                if (BestOf(allowed, from, position) is { Count: > 0 } flip)
                    flips.Add(flip);
            }
        }

        CountedFlip[] sorted = [.. flips];
        if (allowed.HasUnitCosts)
        {
            // In the order of the counts; positions ascend already, and the order of equal counts must not be left
            // open.
            long[] keys = [.. flips.Select(flip => -flip.Count)];
            int[] order = [.. Enumerable.Range(0, keys.Length)];
            Array.Sort(keys, order);
            sorted = [.. order.Select(index => flips[index])];
            SortTies(sorted);
        }
        else
        {
            Array.Sort(sorted, (one, other) =>
            {
                // count / cost, without rounding.
                int order = ((Int128)other.Count * one.Cost).CompareTo((Int128)one.Count * other.Cost);
                return order != 0 ? order : one.Position.CompareTo(other.Position);
            });
        }

        most = (Int128)Given;
        int left = budget, taken = 0;
        var chosen = new List<CountedFlip>(Math.Min(budget, sorted.Length));
        bool isFull = false;
        foreach (CountedFlip flip in sorted)
        {
            if (flip.Cost <= left)
            {
                chosen.Add(flip);
                left -= flip.Cost;
                if (!isFull)
                    most += flip.Count;
            }
            else if (!isFull)
            {
                isFull = true;
                most += ((Int128)flip.Count * left + flip.Cost - 1) / flip.Cost;
            }

            if (left == 0 || ++taken == sorted.Length)
                break;
        }

        return [.. chosen];
    }

    /// <summary>Orders flips that count alike by their positions.</summary>
    private static void SortTies(CountedFlip[] sorted)
    {
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end].Count == sorted[start].Count; end++)
            {
            }

            sorted.AsSpan(start..end).Sort((one, other) => one.Position.CompareTo(other.Position));
        }
    }

    private CountedFlip BestOf(AllowedFlips allowed, int from, int position)
    {
        int row = labels.RowsByClass[position];
        var best = new CountedFlip(position, from, 0, allowed.CostOf(row));
        if (allowed.IsTrusted(row))
            return best;
        for (int target = 0; target < _columns.Length; target++)
        {
            long count = (long)_columns[target][position];
            if (count > best.Count && allowed.CanChange(from, target))
                best = best with { Target = target, Count = count };
        }

        return best;
    }
}

/// <summary>A flip and what it counts for.</summary>
/// <param name="Position">Where the training row stands in <see cref="ClassLabels.RowsByClass"/>.</param>
/// <param name="Target">The class that its label becomes.</param>
/// <param name="Count">What it counts for.</param>
/// <param name="Cost">What it costs.</param>
internal readonly record struct CountedFlip(int Position, int Target, long Count, int Cost);
