namespace CertiFlip.Partition;

/// <summary>
/// The certificate of a vote of heads trained on disjoint parts of the training rows: SS-DPA (Levine and Feizi, Deep Partition
/// Aggregation, ICLR 2021). It knows of a part only what it votes for.
/// </summary>
public static class PartitionCertificate
{
    /// <summary>
    /// The largest number of flips after which the winner still wins, however many flips a part's vote takes: one flip changes one part, and
    /// a changed vote closes the gap to a rival by at most 2. With n votes it is the smallest ⌊(n_c − n_d − [d &lt; c])/2⌋ over the rivals d.
    /// </summary>
    /// <param name="plurality">The votes of the parts.</param>
    /// <param name="rows">Number of training rows n in all parts: no more labels than these can be flipped.</param>
    public static int Radius(Plurality plurality, int rows)
    {
        ArgumentNullException.ThrowIfNull(plurality);
        int radius = rows;
        for (int rival = 0; rival < plurality.ClassCount; rival++)
        {
            if (rival != plurality.Winner)
                radius = Math.Min(radius, (plurality.GapTo(rival) - 1) / 2);
        }

        return radius;
    }

    /// <summary>The same where flips are limited: a part costs as much as its cheapest flip, and one without any stays as it is.</summary>
    /// <param name="votes">The class that each of the P parts votes for.</param>
    /// <param name="classes">The number of classes K.</param>
    /// <param name="cheapest">For each part the cost of the cheapest flip of one of its labels, <see cref="PartFlips.Never"/> if none is allowed.</param>
    /// <param name="totalCost">The cost of all n labels: the radius where nothing can change the winner.</param>
    /// <exception cref="ArgumentException">There are not as many costs as votes.</exception>
    public static int Radius(IReadOnlyList<int> votes, int classes, IReadOnlyList<int> cheapest, int totalCost)
    {
        ArgumentNullException.ThrowIfNull(cheapest);
        var plurality = new Plurality(votes, classes);
        if (cheapest.Count != votes.Count)
            throw new ArgumentException($"There are {cheapest.Count} costs for {votes.Count} parts.", nameof(cheapest));
        var moves = new GapMoves();
        int least = PartFlips.Never;
        for (int rival = 0; rival < classes; rival++)
        {
            if (rival == plurality.Winner)
                continue;
            moves.Clear();
            for (int part = 0; part < votes.Count; part++)
            {
                if (votes[part] == rival || cheapest[part] == PartFlips.Never)
                    continue;
                if (votes[part] == plurality.Winner)
                    moves.AddOneOrTwo(cheapest[part], cheapest[part]);
                else
                    moves.AddOne(cheapest[part]);
            }

            least = Math.Min(least, moves.FewestFlips(plurality.GapTo(rival)));
        }

        return least == PartFlips.Never ? totalCost : least - 1;
    }
}
