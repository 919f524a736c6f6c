using CertiFlip.Exact;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Exact;

/// <summary>
/// What the exact certificate and its witness claim of a head of three or four classes, against every labelling.
/// </summary>
public class ManyClassExactTests
{
    [Fact]
    public void Radius_is_one_less_than_the_changes_brute_force_finds() => HoldsForAny(vote =>
        Assert.Equal(Radius.Of(vote.Oracle.LeastChangesOfHead - 1, vote.Rows), ExactCertificate.Radius(vote.Vote)), count: 5000);

    [Fact]
    public void Head_prediction_is_decided_without_rounding() => HoldsForAny(vote =>
        Assert.Equal(vote.Oracle.HeadPrediction, vote.Vote.HeadPrediction), count: 3000);

    [Fact]
    public void Witness_exists_where_any_changes_change_the_head() => HoldsForAny(vote =>
        Assert.Equal(vote.Oracle.LeastChangesOfHead <= vote.Rows, ExactCertificate.TryFindWitness(vote.Vote, out _)));

    [Fact]
    public void Witness_changes_the_head() => HoldsForAny(vote =>
    {
        if (ExactCertificate.TryFindWitness(vote.Vote, out Witness? witness))
            Assert.NotEqual(witness.Prediction, vote.Oracle.HeadPredictionAfter(witness.Flips.Select(flip => (flip.Row, flip.To))));
    }, count: 3000);

    [Fact]
    public void Witness_names_the_class_before_the_changes() => HoldsForAny(vote =>
    {
        if (ExactCertificate.TryFindWitness(vote.Vote, out Witness? witness))
            Assert.Equal(vote.Oracle.HeadPrediction, witness.Prediction);
    });

    [Fact]
    public void Witness_is_the_radius_and_one_distinct_rows() => HoldsForAny(vote =>
    {
        if (!ExactCertificate.TryFindWitness(vote.Vote, out Witness? witness))
            return;
        Assert.Equal(ExactCertificate.Radius(vote.Vote).Budget + 1, witness.Flips.Count);
        Assert.Distinct(witness.Flips.Select(flip => flip.Row));
    });

    [Fact]
    public void Witness_turns_labels_there_are_into_others_there_can_be() => HoldsForAny(vote =>
    {
        if (!ExactCertificate.TryFindWitness(vote.Vote, out Witness? witness))
            return;
        Assert.All(witness.Flips, flip =>
        {
            Assert.Equal(vote.Labels[flip.Row], flip.From);
            Assert.NotEqual(flip.From, flip.To);
            Assert.InRange(flip.To, 0, vote.Classes - 1);
        });
    });

    [Fact]
    public void Instances_are_not_all_trivial()
    {
        int several = 0;
        int never = 0;
        HoldsForAny(vote =>
        {
            Radius radius = ExactCertificate.Radius(vote.Vote);
            several += radius >= Radius.Of(1) && !radius.IsAny ? 1 : 0;
            never += radius.IsAny ? 1 : 0;
        });
        Assert.InRange(several, 150, 950);
        Assert.InRange(never, 1, 100);
    }

    private static void HoldsForAny(Action<ManyClassVote> claim, int count = 1000) =>
        Claim.HoldsFor(ManyClassVotes.Any, vote => vote.Simpler(), claim, count);
}
