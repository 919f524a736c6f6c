namespace CertiFlip.Poisoning;

/// <summary>
/// The certificate of a vote of heads that learn from parts of the rows: Deep Partition Aggregation (Levine and Feizi,
/// ICLR 2021) where each head has a part of its own, and Finite Aggregation (Wang, Levine and Feizi, ICML 2022) where
/// heads share parts. It knows of a head only what it votes for.
/// </summary>
/// <param name="partition">Which heads learn from which parts.</param>
/// <param name="classes">The number of classes K.</param>
internal sealed class AggregatedVotes(RowPartition partition, int classes)
{
    /// <summary>What stands for the vote of a head that has no rows.</summary>
    public const short NoVote = -1;

    private readonly int[][] _headsOf = [.. Enumerable.Range(0, partition.Count).Select(part => partition.HeadsOf(part).ToArray())];

    /// <summary>
    /// The class that most heads vote for, of equally common ones the smallest, and the least number of parts whose
    /// change could make it another by this count; null where all parts together could not.
    /// </summary>
    /// <remarks>
    /// What the heads of a changed part vote for afterwards is anybody's guess. A head that voted for the winner c
    /// closes its gap to a rival d by at most 2, one that voted for neither or not at all by 1, one that voted for d by
    /// 0. Parts add up: a head that learns from two changed parts is counted twice. docs/soundness.md derives it.
    /// </remarks>
    /// <param name="votes">What each head votes for, or <see cref="NoVote"/>; at least one votes.</param>
    public (int Winner, int? LeastParts) Count(ReadOnlySpan<short> votes)
    {
        int[] counts = new int[classes];
        foreach (short vote in votes)
        {
            if (vote != NoVote)
                counts[vote]++;
        }

        int winner = Array.IndexOf(counts, counts.Max());
        int? least = null;
        int[] ofInfluence = new int[2 * partition.Spread + 1];
        for (int rival = 0; rival < classes; rival++)
        {
            if (rival == winner)
                continue;
            int gap = counts[winner] - counts[rival] + (rival > winner ? 1 : 0); // What must be closed.
            Array.Clear(ofInfluence);
            foreach (int[] heads in _headsOf)
            {
                int influence = 0;
                foreach (int head in heads)
                    influence += votes[head] == winner ? 2 : votes[head] == rival ? 0 : 1;
                ofInfluence[influence]++;
            }

            if (LeastParts(ofInfluence, gap) is { } parts && !(parts >= least))
                least = parts;
        }

        return (winner, least);
    }

    /// <summary>How many parts of the largest influence close a gap of at least 1; null where all do not.</summary>
    private static int? LeastParts(int[] ofInfluence, int gap)
    {
        int parts = 0;
        for (int influence = ofInfluence.Length - 1; influence > 0; influence--)
        {
            int needed = (gap + influence - 1) / influence;
            if (needed <= ofInfluence[influence])
                return parts + needed;
            parts += ofInfluence[influence];
            gap -= influence * ofInfluence[influence];
        }

        return null;
    }
}
