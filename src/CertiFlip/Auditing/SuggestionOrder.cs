using System.Numerics.Tensors;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// The order in which labels are suggested. First those that are clearly contradicted: a wrong label found is worth
/// more than a right one confirmed. Then, as long as there are any, three that are doubtfully contradicted, and one
/// that is relied on: the one whose verification adds most to the sum of the exact radii given all before it.
/// </summary>
/// <remarks>
/// The sum of the radii never falls as labels are verified, but it is not submodular: two labels may gain nothing alone
/// and something together. So the greedy order is the best next label each time, and no part of the best set of N is
/// promised. Of labels that gain the same, the one in more witnesses comes first, then the smaller row. With costs, a
/// gain may have grown unseen (<see cref="PricedAuditedRow.Verify"/>): then the next label may not be the best one,
/// while all radii are exact.
/// </remarks>
internal sealed class SuggestionOrder
{
    // After the clear contradictions.
    private const int DoubtfulForEachRelied = 3;

    private readonly IReadOnlyList<IAuditedRow> _rows;
    private readonly AllowedFlips _allowed;
    private readonly ParallelOptions _parallel;
    private readonly double[] _witnesses;
    private long[] _gains;
    private bool _areGainsOld;

    public SuggestionOrder(IReadOnlyList<IAuditedRow> rows, int labels, AllowedFlips allowed, ParallelOptions parallel)
    {
        (_rows, _allowed, _parallel, _witnesses) = (rows, allowed, parallel, new double[labels]);
        TotalRadius = rows.Sum(row => (long)row.Radius.BudgetOr(allowed.TotalCost));
        _gains = AddUpGains();
        foreach (IAuditedRow row in rows)
            row.AddShares(_witnesses); // One after the other: sums of fractions depend on their order.
    }

    /// <summary>The sum of the radii, given what was verified so far.</summary>
    public long TotalRadius { get; private set; }

    /// <summary>Suggests labels.</summary>
    /// <param name="labels">The training labels.</param>
    /// <param name="leftOut">Each training row as the others see it.</param>
    /// <param name="contradictions">Which of them are contradicted, in order.</param>
    /// <param name="budget">How many labels.</param>
    public IReadOnlyList<Suggestion> Suggest(
        ClassLabels labels, IReadOnlyList<LeftOutRow> leftOut, Contradictions contradictions, int budget)
    {
        long[] alone = _gains;
        HashSet<int> candidates = [.. Enumerable.Range(0, labels.Count).Where(_allowed.CanFlip)];
        Queue<int> clear = new(contradictions.Clear), doubtful = new(contradictions.Doubtful);
        List<Suggestion> suggestions = [];
        int doubted = 0;
        while (suggestions.Count < budget && candidates.Count > 0)
        {
            // Contradicted labels are known beforehand: as many as come one after the other are verified in one pass.
            List<int> next = [];
            while (next.Count < budget - suggestions.Count)
            {
                bool isClear = TryTake(clear, candidates, out int label);
                if (!isClear && (doubted == DoubtfulForEachRelied || !TryTake(doubtful, candidates, out label)))
                    break;
                doubted = isClear ? 0 : doubted + 1;
                candidates.Remove(label);
                next.Add(label);
            }

            SuggestionReason reason = next.Count > 0 ? SuggestionReason.Contradicted : SuggestionReason.Relied;
            if (reason == SuggestionReason.Relied)
            {
                if (_areGainsOld)
                    (_gains, _areGainsOld) = (AddUpGains(), false);
                next.Add(candidates.MaxBy(row => (_gains[row], _witnesses[row], -row)));
                candidates.Remove(next[0]);
                doubted = 0;
            }

            foreach ((int label, long grown) in next.Zip(Verify(next)))
            {
                TotalRadius += grown;
                LeftOutRow row = leftOut[label];
                suggestions.Add(new Suggestion(
                    label, labels[label], reason, row.Class, row.Radius, row.IsContradicted ? row.Lead : 0, _witnesses[label],
                    alone[label], TotalRadius));
            }
        }

        return suggestions;
    }

    private static bool TryTake(Queue<int> rows, HashSet<int> candidates, out int next)
    {
        while (rows.TryDequeue(out next))
        {
            if (candidates.Contains(next))
                return true;
        }

        return false;
    }

    /// <summary>Verifies labels, one after the other.</summary>
    /// <returns>By how much each makes the sum of the radii grow.</returns>
    private long[] Verify(List<int> labels)
    {
        long[] grown = new long[labels.Count];
        Parallel.For(0, _rows.Count, _parallel, () => (Grown: new long[labels.Count], Moved: false), (index, _, sum) =>
        {
            IAuditedRow row = _rows[index];
            int before = row.Radius.BudgetOr(_allowed.TotalCost);
            for (int i = 0; i < labels.Count; i++)
            {
                if (!row.Verify(labels[i]))
                    continue;
                int after = row.Radius.BudgetOr(_allowed.TotalCost);
                sum.Grown[i] += after - before;
                (before, sum.Moved) = (after, true);
            }

            return sum;
        }, sum =>
        {
            lock (grown)
            {
                TensorPrimitives.Add(grown, sum.Grown, grown);
                _areGainsOld |= sum.Moved;
            }
        });
        return grown;
    }

    /// <summary>The gain of each label over all rows.</summary>
    private long[] AddUpGains()
    {
        long[] gains = new long[_witnesses.Length];
        Parallel.For(0, _rows.Count, _parallel, () => new long[gains.Length], (row, _, own) =>
        {
            _rows[row].AddGains(own);
            return own;
        }, own =>
        {
            lock (gains)
                TensorPrimitives.Add(gains, own, gains);
        });
        return gains;
    }
}
