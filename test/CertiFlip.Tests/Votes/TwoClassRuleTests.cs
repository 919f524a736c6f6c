using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// Two classes of which the larger score wins, against every labelling: what ManyClass tests claim of more.
/// </summary>
public class TwoClassRuleTests
{
    private static readonly Gen<LargestScoreVote> Votes =
        SmallVotes.AtOneHalf.Select(small => new LargestScoreVote(small.Weights, small.Labels, small.Q));

    [Fact]
    public void Exact_radius_is_one_less_than_the_flips_brute_force_finds() => Claim.HoldsFor(Votes, count: 3000, vote =>
        Assert.Equal(Radius.Of(vote.Oracle.LeastChangesOfHead - 1, vote.Weights.Length), ExactCertificate.Radius(vote.Vote)));

    [Fact]
    public void Head_prediction_is_decided_without_rounding() => Claim.HoldsFor(Votes, count: 3000, vote =>
        Assert.Equal(vote.Oracle.HeadPrediction, vote.Vote.HeadPrediction));

    [Fact]
    public void Witness_changes_the_head() => Claim.HoldsFor(Votes, count: 2000, vote =>
    {
        Assert.Equal(vote.Oracle.LeastChangesOfHead <= vote.Weights.Length,
            ExactCertificate.TryFindWitness(vote.Vote, out Witness? witness));
        if (witness is not null)
            Assert.NotEqual(witness.Prediction, vote.Oracle.HeadPredictionAfter(witness.Flips.Select(flip => (flip.Row, flip.To))));
    });

    [Fact]
    public void Log_failure_is_never_below_the_exact_one() => Claim.HoldsFor(Votes, count: 1000, vote =>
    {
        var bound = ChernoffBound.Of(vote.Vote, vote.Noise);
        Rational failure = vote.Oracle.LargestFailureProbability(bound.Prediction);
        if (bound.LogFailure < 0)
            Assert.True(failure.Sign == 0 || HighPrecision.Log(failure) <= bound.LogFailure + HighPrecision.Error, $"{vote}: {failure}");
    });

    [Fact]
    public void Radii_never_exceed_what_brute_force_finds() => Claim.HoldsFor(Votes, count: 1000, vote =>
    {
        var bound = ChernoffBound.Of(vote.Vote, vote.Noise);
        if (!bound.IsCertified)
            return;
        int least = vote.Oracle.LeastChangesOfSmoothed(bound.Prediction);
        Assert.InRange(KlCertificate.Radius(bound.LogFailure, vote.Noise, vote.Weights.Length), 0, least - 1);
        Assert.InRange(new TightCertificate(vote.Noise, vote.Weights.Length).Radius(bound.LogFailure), 0, least - 1);
        Assert.InRange(StructuredCertificate.Radius(vote.Vote, bound, vote.Noise), 0, least - 1);
    });

    [Fact]
    public void Weights_that_sum_to_one_are_decided_as_the_paper_does_but_for_ties()
    {
        var labels = new ClassLabels([1, 1, 0], 2);
        double[] weights = [0.5, -0.25, 0.75];
        Assert.Equal(new Vote(weights, labels).HeadPrediction, new Vote(weights, labels, TwoClassRule.LargestScore).HeadPrediction);
        double[] tie = [0.25, 0.25, 0.5];
        Assert.Equal(1, new Vote(tie, labels).HeadPrediction);
        Assert.Equal(0, new Vote(tie, labels, TwoClassRule.LargestScore).HeadPrediction);
    }

    private sealed record LargestScoreVote(double[] Weights, int[] Labels, double Q)
    {
        public Noise Noise => new(Q);

        public Vote Vote => new(Weights, new ClassLabels(Labels, 2), TwoClassRule.LargestScore);

        public PairwiseVoteOracle Oracle => new(Weights, Labels, 2, Q);

        public override string ToString() =>
            $"α = [{string.Join(", ", Weights.Select(weight => weight.ToString("R")))}], y = [{string.Join(", ", Labels)}], q = {Q:R}";
    }
}
