namespace CertiFlip.Partition;

/// <summary>
/// The certificate of a vote of heads trained on disjoint parts of the training rows: SS-DPA (Levine and Feizi, Deep
/// Partition Aggregation, ICLR 2021). It knows of a part only what it votes for.
/// </summary>
internal static class PartitionCertificate
{
    /// <summary>
    /// The largest number of flips after which the winner still wins, however many flips a part's vote takes: one flip
    /// changes one part, and a changed vote closes the gap to a rival by at most 2. With n votes it is the smallest
    /// ⌊(n_c − n_d − [d &lt; c])/2⌋ over the rivals d.
    /// </summary>
    /// <param name="plurality">The votes of the parts.</param>
    /// <param name="rows">Number of training rows n in all parts: no more labels than these can be flipped.</param>
    public static Radius Radius(Plurality plurality, int rows) =>
        CertiFlip.Radius.Of(plurality.Rivals.Min(rival => (plurality.GapTo(rival) - 1) / 2), rows);

    /// <summary>
    /// The same where flips are limited: a part costs as much as its cheapest flip, and one without any stays as it is.
    /// </summary>
    /// <param name="votes">The class that each of the P parts votes for.</param>
    /// <param name="classes">The number of classes K.</param>
    /// <param name="unflipped">For each part the largest budget that pays for no flip of its labels.</param>
    /// <exception cref="ArgumentException">There are not as many budgets as votes.</exception>
    public static Radius Radius(IReadOnlyList<int> votes, int classes, IReadOnlyList<Radius> unflipped)
    {
        var plurality = new Plurality(votes, classes);
        if (unflipped.Count != votes.Count)
            throw new ArgumentException($"There are {unflipped.Count} budgets for {votes.Count} parts.", nameof(unflipped));
        return plurality.LeastOverRivals((rival, moves) =>
        {
            for (int part = 0; part < votes.Count; part++)
            {
                if (votes[part] == plurality.Winner)
                    moves.AddOneOrTwo(unflipped[part], unflipped[part]);
                else if (votes[part] != rival)
                    moves.AddOne(unflipped[part]);
            }
        });
    }
}

/// <summary>
/// The certificate of the same vote as <see cref="PartitionCertificate"/>, of heads that are linear in their labels: it
/// counts the flips that each part's vote takes, where SS-DPA counts one. So it is never smaller.
/// </summary>
internal static class WhiteBoxCertificate
{
    /// <summary>
    /// The largest budget that is proved not to change the winner, a number of flips unless labels differ in cost. With
    /// two classes nothing larger is true; with more it may be, because <see cref="PartFlips.RadiusAgainst"/> may be
    /// less than a part survives.
    /// </summary>
    /// <param name="parts">The P parts, at least one, of as many classes each.</param>
    /// <exception cref="ArgumentException">There are no parts.</exception>
    public static Radius Radius(IReadOnlyList<PartFlips> parts)
    {
        if (parts.Count == 0)
            throw new ArgumentException("There must be at least one part.", nameof(parts));

        var plurality = new Plurality([.. parts.Select(part => part.Prediction)], parts[0].ClassCount);
        return plurality.LeastOverRivals((rival, moves) =>
        {
            foreach (PartFlips part in parts)
            {
                // A part that votes for the rival can only widen the gap.
                if (part.Prediction == plurality.Winner)
                    moves.AddOneOrTwo(part.Radius, part.RadiusAgainst(rival));
                else if (part.Prediction != rival)
                    moves.AddOne(part.RadiusAgainst(rival));
            }
        });
    }
}

/// <summary>The vote of P parts: the class with the most votes wins, ties go to the smaller class.</summary>
internal sealed class Plurality
{
    private readonly int[] _counts;

    /// <summary>Counts votes.</summary>
    /// <param name="votes">The class that each of the P parts votes for, P at least 1.</param>
    /// <param name="classes">The number of classes K, at least 2.</param>
    /// <exception cref="ArgumentException">There are no votes, K is below 2, or a vote is not a class.</exception>
    public Plurality(IReadOnlyList<int> votes, int classes)
    {
        ArgumentNullException.ThrowIfNull(votes);
        if (classes < 2)
            throw new ArgumentException($"There must be at least two classes, but there are {classes}.", nameof(classes));
        if (votes.Count == 0)
            throw new ArgumentException("There must be at least one vote.", nameof(votes));

        _counts = new int[classes];
        for (int part = 0; part < votes.Count; part++)
        {
            if (votes[part] < 0 || votes[part] >= classes)
            {
                throw new ArgumentException(
                    $"Part {part} votes for {votes[part]}: {classes} classes are numbered 0 to {classes - 1}.", nameof(votes));
            }

            _counts[votes[part]]++;
        }

        Winner = Array.IndexOf(_counts, _counts.Max());
    }

    /// <summary>The number of classes, K.</summary>
    public int ClassCount => _counts.Length;

    /// <summary>The class that wins.</summary>
    public int Winner { get; }

    /// <summary>How many parts vote for a class.</summary>
    /// <param name="c">The class, from 0 to K − 1.</param>
    public int CountOf(int c) => _counts[c];

    /// <summary>The classes that do not win.</summary>
    public IEnumerable<int> Rivals => Enumerable.Range(0, ClassCount).Where(c => c != Winner);

    /// <summary>
    /// By how much the winner's votes must fall against a rival's until the rival wins instead, at least 1.
    /// </summary>
    public int GapTo(int rival) => _counts[Winner] - _counts[rival] + (rival > Winner ? 1 : 0);

    /// <summary>The largest budget that closes the gap to no rival.</summary>
    /// <param name="addMoves">Adds the ways to close the gap to a rival.</param>
    public Radius LeastOverRivals(Action<int, GapMoves> addMoves)
    {
        var moves = new GapMoves();
        Radius least = Radius.Any;
        foreach (int rival in Rivals)
        {
            moves.Clear();
            addMoves(rival, moves);
            least = Radius.Min(least, moves.Survived(GapTo(rival)));
        }

        return least;
    }
}
