using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>A row where labels differ in what they cost: the exact certificate is asked again for every label that could matter.</summary>
internal sealed class PricedAuditedRow : IAuditedRow
{
    private readonly double[] _weights;
    private readonly ClassLabels _labels;
    private readonly TwoClassRule _rule;
    private LabelFlipAdversary _adversary;
    private ExactFlips _weakest;

    /// <summary>Takes what is needed of a vote.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="rule">How two classes are decided.</param>
    /// <param name="adversary">What may be done to the labels.</param>
    public PricedAuditedRow(Vote vote, TwoClassRule rule, LabelFlipAdversary adversary)
    {
        (_weights, _labels, _rule, _adversary) = (vote.Weights.ToArray(), vote.Labels, rule, adversary);
        _weakest = ExactCertificate.Weakest(vote).Flips;
    }

    /// <inheritdoc/>
    public int Radius => _weakest.Count;

    /// <inheritdoc/>
    /// <remarks>Without a label that is not in the cheapest flips these remain, and cost what they did.</remarks>
    public (int Row, int Gain)[] Gains() =>
        [.. _weakest.Costly.Select(flip => (flip.Row, Gain: WeakestWith(AlsoTrusting(flip.Row)).Count - Radius)).Where(entry => entry.Gain > 0)];

    /// <inheritdoc/>
    /// <remarks>Of several sets of flips that cost the same, the one that the exact certificate finds.</remarks>
    public IEnumerable<(int Row, double Share)> Shares() => _weakest.Costly.Select(flip => (flip.Row, 1.0));

    /// <inheritdoc/>
    /// <remarks>
    /// Where the cheapest flips are left as they were, so is the radius. Gains may have grown, since what takes their place may have become dearer; to ask the exact certificate again for all rows at every step would take too long.
    /// </remarks>
    public bool Verify(int row)
    {
        _adversary = AlsoTrusting(row);
        if (_weakest.Costly.All(flip => flip.Row != row))
            return false;
        _weakest = WeakestWith(_adversary);
        return true;
    }

    private LabelFlipAdversary AlsoTrusting(int row) => _adversary with { TrustedRows = [.. _adversary.TrustedRows, row] };

    private ExactFlips WeakestWith(LabelFlipAdversary adversary) => ExactCertificate.Weakest(new Vote(_weights, _labels, _rule, adversary)).Flips;
}
