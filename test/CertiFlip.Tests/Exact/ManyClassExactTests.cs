using CertiFlip.Exact;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;

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
    public void Rival_that_is_not_the_closest_may_need_one_flip_less()
    {
        // Class 1 is closest to class 0: 15.4 = 5·1.5 + 7.9, so 13 flips. Class 2 is at 21.3 = 5·3 + 6.3, so 12 flips:
        // its rows of weight −3 count twice as much against it.
        double[] weights =
            [.. Enumerable.Repeat(1.0, 35), .. Enumerable.Repeat(0.2, 21), .. Enumerable.Repeat(-3.0, 5), .. Enumerable.Repeat(0.2, 37)];
        AssertRadius(11, weights, new ClassLabels(
            [.. Enumerable.Repeat(0, 35), .. Enumerable.Repeat(1, 21), .. Enumerable.Repeat(2, 42)], 3));
    }

    [Fact]
    public void Rival_that_is_not_the_closest_may_need_the_label_of_the_closest()
    {
        // Class 1 is at ½ = 8·0.0625, a tie that class 0 wins. Class 2 is at 1.875, and class 1's label brings it 2.
        double[] weights = [.. Enumerable.Repeat(0.0625, 80), 4, .. Enumerable.Repeat(0.0625, 20)];
        AssertRadius(0, weights, new ClassLabels([.. new int[80], 1, .. Enumerable.Repeat(2, 20)], 3));
    }

    /// <summary>By every way to look at moves: free, one by one allowed, and at a cost of 2.</summary>
    private static void AssertRadius(int flips, double[] weights, ClassLabels labels)
    {
        FlipDirection[] all = [new(0, 1), new(0, 2), new(1, 0), new(1, 2), new(2, 0), new(2, 1)];
        int[] costs = [.. Enumerable.Repeat(2, weights.Length - 1), 3];
        Assert.Equal(Radius.Of(flips), ExactCertificate.Radius(new Vote(weights, labels)));
        Assert.Equal(Radius.Of(flips), ExactCertificate.Radius(
            new Vote(weights, labels, adversary: new LabelFlipAdversary { Directions = all })));
        Assert.Equal(Radius.Of(2 * flips + 1), ExactCertificate.Radius(
            new Vote(weights, labels, adversary: new LabelFlipAdversary { Costs = costs })));
    }

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
