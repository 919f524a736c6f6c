namespace CertiFlip.Partition;

/// <summary>
/// The certificate of the same vote as <see cref="PartitionCertificate"/>, of heads that are linear in their labels: it counts the flips that
/// each part's vote takes, where SS-DPA counts one. So it is never smaller.
/// </summary>
public static class WhiteBoxCertificate
{
    /// <summary>
    /// The largest number of flips that is proved not to change the winner, the cost of all n labels if none can; a budget where labels differ in cost. With two classes nothing larger is true; with more
    /// it may be, because <see cref="PartFlips.To"/> may be less than a part needs.
    /// </summary>
    /// <param name="parts">The P parts, at least one, of as many classes each.</param>
    /// <exception cref="ArgumentException">There are no parts.</exception>
    public static int Radius(IReadOnlyList<PartFlips> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
            throw new ArgumentException("There must be at least one part.", nameof(parts));

        var plurality = new Plurality([.. parts.Select(part => part.Prediction)], parts[0].ClassCount);
        var moves = new GapMoves();
        int fewest = PartFlips.Never;
        for (int rival = 0; rival < plurality.ClassCount; rival++)
        {
            if (rival == plurality.Winner)
                continue;
            moves.Clear();
            foreach (PartFlips part in parts)
                AddMoves(moves, part, plurality.Winner, rival);
            fewest = Math.Min(fewest, moves.FewestFlips(plurality.GapTo(rival)));
        }

        return fewest == PartFlips.Never ? parts.Sum(part => part.TotalCost) : fewest - 1;
    }

    private static void AddMoves(GapMoves moves, PartFlips part, int winner, int rival)
    {
        // A part that votes for the rival can only widen the gap, and one that cannot leave its class stays.
        if (part.Prediction == rival || part.ToLeave == PartFlips.Never)
            return;
        int toRival = part.To(rival);
        if (part.Prediction == winner && toRival != PartFlips.Never)
            moves.AddOneOrTwo(part.ToLeave, toRival);
        else if (part.Prediction == winner)
            moves.AddOne(part.ToLeave);
        else if (toRival != PartFlips.Never)
            moves.AddOne(toRival);
    }
}
