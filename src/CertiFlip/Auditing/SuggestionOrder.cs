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
    private readonly (int Row, int Gain)[][] _gainsByRow;
    private readonly long[] _gains;
    private readonly double[] _witnesses;

    public SuggestionOrder(IReadOnlyList<IAuditedRow> rows, int labels, AllowedFlips allowed, ParallelOptions parallel)
    {
        (_rows, _allowed, _parallel) = (rows, allowed, parallel);
        (_gains, _witnesses, _gainsByRow) = (new long[labels], new double[labels], new (int, int)[rows.Count][]);
        TotalRadius = rows.Sum(row => (long)row.Radius.BudgetOr(allowed.TotalCost));
        Parallel.For(0, rows.Count, parallel, row => _gainsByRow[row] = rows[row].Gains());
        for (int row = 0; row < rows.Count; row++)
        {
            foreach ((int label, double share) in rows[row].Shares())
                _witnesses[label] += share;
            AddGains(row, 1);
        }
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
        long[] alone = [.. _gains];
        HashSet<int> candidates = [.. Enumerable.Range(0, labels.Count).Where(_allowed.CanFlip)];
        Queue<int> clear = new(contradictions.Clear), doubtful = new(contradictions.Doubtful);
        List<Suggestion> suggestions = [];
        int doubted = 0;
        while (suggestions.Count < budget && candidates.Count > 0)
        {
            bool isClear = TryTake(clear, candidates, out int next);
            bool isContradicted = isClear || (doubted < DoubtfulForEachRelied && TryTake(doubtful, candidates, out next));
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
        bool[] moved = new bool[_rows.Count];
        var before = new int[_rows.Count];
        Parallel.For(0, _rows.Count, _parallel, row =>
        {
            before[row] = _rows[row].Radius.BudgetOr(_allowed.TotalCost);
            moved[row] = _rows[row].Verify(label);
        });
        int[] affected = [.. Enumerable.Range(0, _rows.Count).Where(row => moved[row])];
        foreach (int row in affected)
            AddGains(row, -1);
        Parallel.ForEach(affected, _parallel, row => _gainsByRow[row] = _rows[row].Gains());
        foreach (int row in affected)
        {
            AddGains(row, 1);
            TotalRadius += _rows[row].Radius.BudgetOr(_allowed.TotalCost) - before[row];
        }
    }

    private void AddGains(int row, int sign)
    {
        foreach ((int label, int gain) in _gainsByRow[row])
            _gains[label] += sign * gain;
    }
}
