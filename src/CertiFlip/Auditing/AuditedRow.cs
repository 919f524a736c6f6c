using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>A row where every label costs 1: the largest moves of each rival, kept in order, tell everything.</summary>
internal sealed class AuditedRow : IAuditedRow
{
    private readonly RivalMoves[] _rivals;
    private readonly int _labels;

    private AuditedRow(RivalMoves[] rivals, int labels) => (_rivals, _labels) = (rivals, labels);

    /// <inheritdoc/>
    public int Radius => RadiusOf(FewestFlips);

    private int FewestFlips => _rivals.Min(rival => rival.FewestFlips);

    /// <summary>Takes what is needed of a vote.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="removals">How many labels may be verified later.</param>
    public static AuditedRow Of(Vote vote, int removals)
    {
        int winner = vote.HeadPrediction;
        int[] rivals = [.. Enumerable.Range(0, vote.Labels.ClassCount).Where(c => c != winner).OrderBy(c => vote.Margin(new Pair(winner, c)))];
        List<RivalMoves> kept = [RivalMoves.Of(vote, new Pair(winner, rivals[0]), removals)];

        // However many labels are verified, this rival needs no more flips than it has moves, unless they run out. One that needs more than that never matters.
        int most = kept[0].Count;
        double worst = rivals.Length == 1 ? 0 : ExactCertificate.MostMovedAgainst(vote, winner, most);
        foreach (int rival in rivals.Skip(1))
        {
            var pair = new Pair(winner, rival);
            if (kept[0].CanRunOut || vote.Margin(pair) - worst <= 2 * vote.MarginRounding)
                kept.Add(RivalMoves.Of(vote, pair, removals));
        }

        return new AuditedRow([.. kept], vote.Labels.Count);
    }

    /// <inheritdoc/>
    public (int Row, int Gain)[] Gains()
    {
        int fewest = FewestFlips;
        if (fewest == RivalMoves.Never)
            return [];

        // Only what every weakest rival needs is worth verifying; the stronger ones then say how much it is worth.
        Dictionary<int, int> after = [];
        foreach ((int index, RivalMoves rival) in _rivals.OrderBy(rival => rival.FewestFlips).Index())
        {
            if (index > 0 && (after.Count == 0 || rival.FewestFlips >= after.Values.Max()))
                break;
            int[] without = rival.FewestFlipsWithout();
            Dictionary<int, int> own = new(without.Length);
            for (int rank = 0; rank < without.Length; rank++)
                own.Add(rival.FlippedRows[rank], without[rank]);
            after = index == 0 ? own : after.ToDictionary(entry => entry.Key, entry => Math.Min(entry.Value, own.GetValueOrDefault(entry.Key, rival.FewestFlips)));
        }

        return [.. after.Where(entry => entry.Value > fewest).Select(entry => (entry.Key, RadiusOf(entry.Value) - RadiusOf(fewest)))];
    }

    /// <inheritdoc/>
    /// <remarks>Of moves that are equal each counts in part; where several rivals need as few flips, the mean over them is taken.</remarks>
    public IEnumerable<(int Row, double Share)> Shares()
    {
        int fewest = FewestFlips;
        RivalMoves[] weakest = [.. _rivals.Where(rival => rival.FewestFlips == fewest)];
        return weakest.SelectMany(rival => rival.Shares()).Select(entry => (entry.Row, entry.Share / weakest.Length));
    }

    /// <inheritdoc/>
    public bool Verify(int row)
    {
        bool moves = false;
        foreach (RivalMoves rival in _rivals)
            moves |= rival.Verify(row);
        return moves;
    }

    private int RadiusOf(int fewestFlips) => fewestFlips == RivalMoves.Never ? _labels : fewestFlips - 1;
}
