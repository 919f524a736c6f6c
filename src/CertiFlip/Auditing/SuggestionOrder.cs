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
            bool isClear = TryTake(clear, candidates, out int next);
            bool isContradicted = isClear || (doubted < DoubtfulForEachRelied && TryTake(doubtful, candidates, out next));
            if (!isContradicted && _areGainsOld)
                (_gains, _areGainsOld) = (AddUpGains(), false);
            if (!isContradicted)
                next = candidates.MaxBy(row => (_gains[row], _witnesses[row], -row));
            doubted = isContradicted && !isClear ? doubted + 1 : 0;
            candidates.Remove(next);
            Verify(next);
            LeftOutRow row = leftOut[next];
            suggestions.Add(new Suggestion(
                next, labels[next], isContradicted ? SuggestionReason.Contradicted : SuggestionReason.Relied, row.Class,
                row.Radius, row.IsContradicted ? row.Lead : 0, _witnesses[next], alone[next], TotalRadius));
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

    private void Verify(int label)
    {
        long grown = 0;
        Parallel.For(0, _rows.Count, _parallel, () => (Grown: 0L, Moved: false), (row, _, sum) =>
        {
            int before = _rows[row].Radius.BudgetOr(_allowed.TotalCost);
            bool moved = _rows[row].Verify(label);
            return (sum.Grown + _rows[row].Radius.BudgetOr(_allowed.TotalCost) - before, sum.Moved || moved);
        }, sum =>
        {
            Interlocked.Add(ref grown, sum.Grown);
            if (sum.Moved)
                Volatile.Write(ref _areGainsOld, true);
        });
        TotalRadius += grown;
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
