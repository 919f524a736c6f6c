using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// One row whose prediction the labels are audited for, and what verifying a label would do for its exact radius.
/// </summary>
internal interface IAuditedRow
{
    /// <summary>
    /// The exact radius: the largest budget within which no flips of labels that are not verified change the class.
    /// </summary>
    Radius Radius { get; }

    /// <summary>
    /// Adds by how much the radius grows with one more label verified, for every label where it does; any radius counts
    /// as the cost of all labels.
    /// </summary>
    /// <param name="gains">The n sums to add to.</param>
    void AddGains(Span<long> gains);

    /// <summary>
    /// Adds how far each label belongs to the smallest witnesses, before any is verified. The sum is the size of a
    /// witness; 0 where there is none, and where doubt about the weights leaves open which class is predicted.
    /// </summary>
    /// <param name="shares">The n sums to add to.</param>
    void AddShares(Span<double> shares);

    /// <summary>Marks a label as verified.</summary>
    /// <returns>Whether radius and gains are to be asked for again.</returns>
    bool Verify(int row);

    /// <summary>Writes the row as it was before any label was verified.</summary>
    void Write(BinaryWriter writer);
}

/// <summary>A row where every label costs 1: the largest moves of each rival, kept in order, tell everything.</summary>
internal sealed class AuditedRow : IAuditedRow
{
    private readonly int _winner;
    private readonly RivalMoves[] _rivals;
    private readonly int _labels;
    private (int Row, int Gain)[]? _gainsOverRivals;

    private AuditedRow(int winner, RivalMoves[] rivals, int labels) => (_winner, _rivals, _labels) = (winner, rivals, labels);

    /// <inheritdoc/>
    public Radius Radius
    {
        get
        {
            Radius fewest = _rivals[0].Survived;
            foreach (RivalMoves rival in _rivals)
                fewest = Radius.Min(fewest, rival.Survived);
            return fewest;
        }
    }

    /// <summary>Takes what is needed of a vote.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="removals">How many labels may be verified later.</param>
    public static AuditedRow Of(Vote vote, int removals)
    {
        int winner = vote.HeadPrediction;
        if (vote.Labels.ClassCount == 2)
            return new AuditedRow(winner, [RivalMoves.Of(vote, new Pair(winner, 1 - winner), removals)], vote.Labels.Count);
        IEnumerable<int> others = Enumerable.Range(0, vote.Labels.ClassCount).Where(c => c != winner);
        int[] rivals = [.. others.OrderBy(c => vote.Margin(new Pair(winner, c)))];
        List<RivalMoves> kept = [RivalMoves.Of(vote, new Pair(winner, rivals[0]), removals)];

        // However many labels are verified, this rival needs no more flips than it has moves, unless they run out. One
        // that needs more than that never matters.
        int most = kept[0].Count;
        double worst = ExactCertificate.MostMovedAgainst(vote, winner, most);
        foreach (int rival in rivals.Skip(1))
        {
            var pair = new Pair(winner, rival);
            if (kept[0].CanRunOut || !new PairMargin(vote, pair).IsBeyond(worst))
                kept.Add(RivalMoves.Of(vote, pair, removals));
        }

        return new AuditedRow(winner, [.. kept], vote.Labels.Count);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="labels">The training labels.</param>
    /// <param name="allowed">What an adversary may do to them.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static AuditedRow Read(BinaryReader reader, ClassLabels labels, AllowedFlips allowed)
    {
        int winner = reader.Read7BitEncodedInt(), rivals = reader.Read7BitEncodedInt();
        if (winner < 0 || winner >= labels.ClassCount || rivals < 1 || rivals >= labels.ClassCount)
            throw new InvalidDataException($"Class {winner} and {rivals} rivals are no vote.");
        var kept = KeptWeights.Read(reader, labels.Count);
        return new AuditedRow(
            winner, [.. Enumerable.Range(0, rivals).Select(_ => RivalMoves.Read(reader, winner, kept, labels, allowed))], labels.Count);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The rivals' moves are those of the same label weights, which are written once; what each is worth against a
    /// rival, and in which order, follows from the labels.
    /// </remarks>
    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(_winner);
        writer.Write7BitEncodedInt(_rivals.Length);
        Dictionary<int, double> weights = [];
        foreach (RivalMoves rival in _rivals)
            rival.AddTo(weights);
        KeptWeights.Of(weights.Select(entry => (entry.Key, entry.Value))).Write(writer);
        foreach (RivalMoves rival in _rivals)
            rival.Write(writer);
    }

    /// <inheritdoc/>
    public void AddGains(Span<long> gains)
    {
        Radius fewest = Radius;
        if (fewest.IsAny)
            return;
        if (_rivals is [var only])
        {
            foreach ((int firstRank, int endRank, Radius survived) in only.SurvivedWithout())
            {
                if (survived > fewest)
                    only.AddTo(gains, firstRank, endRank, survived.BudgetOr(_labels) - fewest.Budget);
            }

            return;
        }

        foreach ((int row, int gain) in _gainsOverRivals ??= GainsOverRivals(fewest))
            gains[row] += gain;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Of moves that are equal each counts in part; where several rivals need as few flips, the mean over them is
    /// taken.
    /// </remarks>
    public void AddShares(Span<double> shares)
    {
        Radius fewest = Radius;
        int weakest = _rivals.Count(rival => rival.Survived == fewest);
        foreach (RivalMoves rival in _rivals)
        {
            if (rival.Survived == fewest)
                rival.AddShares(shares, weakest);
        }
    }

    /// <inheritdoc/>
    public bool Verify(int row)
    {
        bool moves = false;
        foreach (RivalMoves rival in _rivals)
            moves |= rival.Verify(row);
        if (moves)
            _gainsOverRivals = null;
        return moves;
    }

    private (int Row, int Gain)[] GainsOverRivals(Radius fewest)
    {
        // Only what every weakest rival needs is worth verifying; the stronger ones then say how much it is worth.
        Dictionary<int, Radius> after = [];
        foreach ((int index, RivalMoves rival) in _rivals.OrderBy(rival => rival.Survived).Index())
        {
            if (index > 0 && (after.Count == 0 || rival.Survived >= after.Values.Max()))
                break;
            Dictionary<int, Radius> own = new(rival.FlipCount);
            foreach ((int firstRank, int endRank, Radius survived) in rival.SurvivedWithout())
            {
                foreach (int row in rival.RowsOf(firstRank, endRank))
                    own.Add(row, survived);
            }

            Radius With(int row) => own.GetValueOrDefault(row, rival.Survived);
            after = index == 0 ? own : after.ToDictionary(entry => entry.Key, entry => Radius.Min(entry.Value, With(entry.Key)));
        }

        return [.. after.Where(entry => entry.Value > fewest).Select(entry => (entry.Key, entry.Value.BudgetOr(_labels) - fewest.Budget))];
    }
}
