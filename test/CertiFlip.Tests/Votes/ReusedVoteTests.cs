using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>A vote that is used for one row after another keeps nothing of the row before.</summary>
public class ReusedVoteTests
{
    [Fact]
    public void Radii_are_those_of_a_new_vote() => Claim.HoldsFor(
        from first in ManyClassVotes.Any
        from weights in LabelWeights.Of(first.Rows)
        from adversary in Limits.Of(first.Rows, first.Classes)
        select (first, second: first with { Weights = weights }, adversary), it =>
    {
        var labels = new ClassLabels(it.first.Labels, it.first.Classes);
        var reused = new Vote(labels, TwoClassRule.Half, KernelSet.Best, new AllowedFlips(labels, it.adversary));
        foreach (double[] weights in new[] { it.first.Weights, it.second.Weights, it.first.Weights })
        {
            reused.Load(weights);
            var vote = new Vote(weights, labels, adversary: it.adversary);
            AssertSameMovesAgainstAll(vote, reused); // Looked up for the row before, too.
            Assert.Equal(ExactCertificate.Radius(vote), ExactCertificate.Radius(reused));
            ChernoffBound bound = ChernoffBound.Of(vote, it.first.Noise);
            Assert.Equal(bound, ChernoffBound.Of(reused, it.first.Noise));
            Assert.Equal(StructuredCertificate.Radius(vote, bound, it.first.Noise),
                StructuredCertificate.Radius(reused, bound, it.first.Noise));
            for (int winner = 0; winner < labels.ClassCount; winner++)
            {
                var pair = new Pair(winner, (winner + 1) % labels.ClassCount);
                MoveRanks one = new(vote.MovesFor(pair)), other = new(reused.MovesFor(pair));
                Assert.Equal((one.NextWhole, one.NextHalf), (other.NextWhole, other.NextHalf));
            }

            AssertSameMovesAgainstAll(vote, reused);
        }
    }, count: 500);

    private static void AssertSameMovesAgainstAll(Vote vote, Vote reused)
    {
        MoveRanks one = new(vote.MovesAgainst(0)), other = new(reused.MovesAgainst(0));
        Assert.Equal((one.NextWhole, one.NextHalf), (other.NextWhole, other.NextHalf));
    }
}
