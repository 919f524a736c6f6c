using CertiFlip.Exact;
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
    private LabelFlipAdversary _adversary;
    private ExactFlips _weakest;
    private (int Row, int Gain)[]? _gains;

    /// <summary>Takes what is needed of a vote.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="rule">How two classes are decided.</param>
    /// <param name="adversary">What may be done to the labels.</param>
    public PricedAuditedRow(Vote vote, TwoClassRule rule, LabelFlipAdversary adversary)
    {
        (_weights, _labels, _rule, _doubt, _adversary) = (vote.Weights.ToArray(), vote.Labels, rule, vote.Doubt, adversary);
        (_weakest, TotalCost) = (ExactCertificate.Weakest(vote).Flips, vote.Allowed.TotalCost);
    }

    private int TotalCost { get; }

    /// <inheritdoc/>
    public Radius Radius => _weakest.Survived;

    /// <inheritdoc/>
    /// <remarks>Without a label that is not in the cheapest flips these remain, and cost what they did.</remarks>
    public void AddGains(Span<long> gains)
    {
        foreach ((int row, int gain) in _gains ??= [.. _weakest.Priced.Select(flip => (flip.Row, GainOf(flip.Row)))])
            gains[row] += gain;
    }

    /// <inheritdoc/>
    /// <remarks>Of several sets of flips that cost the same, the one that the exact certificate finds.</remarks>
    public void AddShares(Span<double> shares)
    {
        foreach (LabelFlip flip in _weakest.Priced)
            shares[flip.Row]++;
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
        if (_weakest.Priced.All(flip => flip.Row != row))
            return false;
        (_weakest, _gains) = (WeakestWith(_adversary), null);
        return true;
    }

    private LabelFlipAdversary AlsoTrusting(int row) => _adversary with { TrustedRows = [.. _adversary.TrustedRows, row] };

    private int GainOf(int row)
    {
        ExactFlips after = WeakestWith(AlsoTrusting(row));
        return after.Survived.BudgetOr(TotalCost) - Radius.BudgetOr(TotalCost);
    }

    private ExactFlips WeakestWith(LabelFlipAdversary adversary) =>
        ExactCertificate.Weakest(new Vote(_weights, _labels, _rule, adversary) { Doubt = _doubt }).Flips;
}
