using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// A row where labels differ in cost: the exact certificate is computed again for every label that could matter.
/// </summary>
internal sealed class PricedAuditedRow : IAuditedRow
{
    private readonly double[] _weights;
    private readonly ClassLabels _labels;
    private readonly TwoClassRule _rule;
    private readonly double _doubt;
    private readonly double? _lift;
    private readonly int _totalCost;
    private LabelFlipAdversary _adversary;
    private int[] _cheapest;
    private (int Row, int Gain)[]? _gains;

    /// <summary>Takes what is needed of a vote.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="rule">How two classes are decided.</param>
    /// <param name="adversary">What may be done to the labels.</param>
    public PricedAuditedRow(Vote vote, TwoClassRule rule, LabelFlipAdversary adversary)
        : this(vote.Weights.ToArray(), vote.Labels, rule, adversary, (vote.Doubt, vote.Lift), ExactCertificate.Weakest(vote).Flips)
    {
    }

    private PricedAuditedRow(
        double[] weights, ClassLabels labels, TwoClassRule rule, LabelFlipAdversary adversary, (double Doubt, double? Lift) row,
        ExactFlips weakest)
    {
        (_weights, _labels, _rule, _adversary, _totalCost) = (weights, labels, rule, adversary, adversary.Costs.Sum());
        (_doubt, _lift) = row;
        (Radius, _cheapest) = (weakest.Survived, RowsOf(weakest));
    }

    /// <inheritdoc/>
    public Radius Radius { get; private set; }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="labels">The training labels.</param>
    /// <param name="rule">How two classes are decided.</param>
    /// <param name="adversary">What may be done to the labels.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static PricedAuditedRow Read(BinaryReader reader, ClassLabels labels, TwoClassRule rule, LabelFlipAdversary adversary)
    {
        double doubt = reader.ReadDouble();
        double? lift = labels.Classes.Shares.Count > 0 ? reader.ReadDouble() : null;
        double[] weights = KeptWeights.Read(reader, labels.Count).All(labels.Count);
        Radius survived = AuditRow.ReadRadius(reader);
        var gains = new (int Row, int Gain)[reader.Read7BitEncodedInt() is var count && count >= 0 && count <= labels.Count
            ? count
            : throw new InvalidDataException($"There are {labels.Count} labels, not {count}.")];
        for (int i = 0; i < count; i++)
        {
            gains[i] = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
            if (gains[i].Row < 0 || gains[i].Row >= labels.Count || gains[i].Gain < 0)
                throw new InvalidDataException($"There is no row {gains[i].Row}, or it gains {gains[i].Gain}.");
        }

        if (!(doubt >= 0))
            throw new InvalidDataException("The doubt about weights is no number.");
        if (lift is { } number && !double.IsFinite(number))
            throw new InvalidDataException("The lift is no number.");
        return new PricedAuditedRow(weights, labels, rule, adversary, (doubt, lift), ExactFlips.None)
        {
            Radius = survived,
            _cheapest = [.. gains.Select(gain => gain.Row)],
            _gains = gains,
        };
    }

    /// <inheritdoc/>
    /// <remarks>Without a label that is not in the cheapest flips these remain, and cost what they did.</remarks>
    public void AddGains(Span<long> gains)
    {
        foreach ((int row, int gain) in Gains())
            gains[row] += gain;
    }

    /// <inheritdoc/>
    /// <remarks>Of several sets of flips that cost the same, the one that the exact certificate finds.</remarks>
    public void AddShares(Span<double> shares)
    {
        foreach (int row in _cheapest)
            shares[row]++;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Where the cheapest flips are left as they were, so is the radius. Gains may have grown, since what takes their
    /// place may have become dearer; to compute the exact certificate again for all rows at every step would take too
    /// long.
    /// </remarks>
    public bool Verify(int row)
    {
        _adversary = AlsoTrusting(row);
        if (!_cheapest.Contains(row))
            return false;
        ExactFlips weakest = WeakestWith(_adversary);
        (Radius, _cheapest, _gains) = (weakest.Survived, RowsOf(weakest), null);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Gains are written too: they take longer than all else.</remarks>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_doubt);
        if (_lift is { } lift)
            writer.Write(lift);
        KeptWeights.Of(_weights.Select((weight, row) => (row, weight))).Write(writer);
        AuditRow.Write(writer, Radius);
        writer.Write7BitEncodedInt(_cheapest.Length);
        foreach ((int row, int gain) in Gains())
        {
            writer.Write7BitEncodedInt(row);
            writer.Write7BitEncodedInt(gain);
        }
    }

    private static int[] RowsOf(ExactFlips flips) => [.. flips.Priced.Select(flip => flip.Row)];

    private (int Row, int Gain)[] Gains() => _gains ??= [.. _cheapest.Select(row => (row, GainOf(row)))];

    private LabelFlipAdversary AlsoTrusting(int row) => _adversary with { TrustedRows = [.. _adversary.TrustedRows, row] };

    private int GainOf(int row)
    {
        ExactFlips after = WeakestWith(AlsoTrusting(row));
        return after.Survived.BudgetOr(_totalCost) - Radius.BudgetOr(_totalCost);
    }

    private ExactFlips WeakestWith(LabelFlipAdversary adversary)
    {
        var vote = new Vote(_labels, _rule, KernelSet.Best, new AllowedFlips(_labels, adversary));
        vote.Load(_weights, _lift);
        vote.Doubt = _doubt;
        return ExactCertificate.Weakest(vote).Flips;
    }
}
