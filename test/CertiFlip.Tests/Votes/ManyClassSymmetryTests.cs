using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Votes;

/// <summary>Where nothing ties, the numbers of the classes are names and no more.</summary>
public class ManyClassSymmetryTests
{
    [Fact]
    public void Renumbered_classes_renumber_the_prediction_and_keep_the_bound() => HoldsForRenumbered((vote, renumbered, permutation) =>
    {
        (ChernoffBound bound, ChernoffBound other) = (Bound(vote), Bound(renumbered));
        Assert.Equal(permutation[bound.Prediction], other.Prediction);
        Assert.Equal(bound.LogFailure, other.LogFailure, 1e-9 * Math.Max(1, Math.Abs(bound.LogFailure)));
    });

    [Fact]
    public void Renumbered_classes_keep_the_radii_of_the_smoothed_vote() => HoldsForRenumbered((vote, renumbered, _) =>
        Assert.Equal(SmoothedRadii(vote), SmoothedRadii(renumbered)));

    [Fact]
    public void Renumbered_classes_renumber_the_heads_prediction_and_keep_the_exact_radius() =>
        HoldsForRenumbered((vote, renumbered, permutation) =>
    {
        Assert.Equal(permutation[vote.Vote.HeadPrediction], renumbered.Vote.HeadPrediction);
        Assert.Equal(ExactCertificate.Radius(vote.Vote), ExactCertificate.Radius(renumbered.Vote));
    });

    private static void HoldsForRenumbered(Action<ManyClassVote, ManyClassVote, int[]> claim) =>
        Claim.HoldsFor(ManyClassVotes.WithoutTies, vote => Assert.All(Permutations(vote.Classes), permutation =>
            claim(vote, vote with { Labels = [.. vote.Labels.Select(label => permutation[label])] }, permutation)), count: 300);

    /// <summary>One swap, one cycle, and all classes back to front.</summary>
    private static IEnumerable<int[]> Permutations(int classes)
    {
        int[] order = [.. Enumerable.Range(0, classes)];
        yield return [order[1], order[0], .. order[2..]];
        yield return [.. order[1..], order[0]];
        yield return [.. order.Reverse()];
    }

    private static ChernoffBound Bound(ManyClassVote vote) => ChernoffBound.Of(vote.Vote, vote.Noise);

    private static (int Kl, int Tight, int Structured) SmoothedRadii(ManyClassVote vote)
    {
        ChernoffBound bound = Bound(vote);
        return (
            KlCertificate.Radius(bound.LogFailure, vote.Noise, vote.Rows),
            new TightCertificate(vote.Noise, vote.Rows).Radius(bound.LogFailure),
            StructuredCertificate.Radius(vote.Vote, bound, vote.Noise));
    }
}
