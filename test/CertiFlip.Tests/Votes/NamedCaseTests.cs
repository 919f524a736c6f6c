using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Votes;

/// <summary>The corners, each with the answer that can be worked out by hand.</summary>
public class NamedCaseTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.0, 1)]
    [InlineData(-0.5, 1)]
    public void Weights_of_nought_predict_by_the_threshold_alone(double threshold, int prediction)
    {
        var vote = new SmallVote([0, 0, 0], [1, 0, 1], threshold, 0.1);
        AssertUnanimous(vote, prediction);
    }

    [Fact]
    public void Weights_that_sum_below_the_threshold_never_reach_class_one() =>
        AssertUnanimous(new SmallVote([0.1, 0.1, 0.2], [1, 1, 1], 0.5, 0.3), prediction: 0);

    [Fact]
    public void Negative_weights_never_reach_a_positive_threshold() =>
        AssertUnanimous(new SmallVote([-1, -2, -3], [1, 0, 1], 0.5, 0.3), prediction: 0);

    [Fact]
    public void Labelling_that_just_reaches_the_threshold_is_still_class_one() =>
        AssertUnanimous(new SmallVote([-0.25, -0.25], [0, 0], -0.5, 0.3), prediction: 1);

    [Fact]
    public void Bound_approaches_its_infimum_where_class_one_needs_one_labelling_alone()
    {
        // Only y = (1, 1, 0) reaches ½, so B is its probability, and t* = −∞.
        ChernoffBound bound = Bound(new SmallVote([0.25, 0.25, -0.5], [0, 0, 1], 0.5, 0.1));
        Assert.Equal(0, bound.Prediction);
        Assert.Equal(3 * Math.Log(0.1), bound.LogFailure, 1e-6);
    }

    [Fact]
    public void Bound_approaches_its_infimum_where_class_nought_needs_one_labelling_alone()
    {
        // Only y = (0, 0, 1) is at −½, the least score; (13) counts it as a failure, equality and all.
        ChernoffBound bound = Bound(new SmallVote([0.25, 0.25, -0.5], [1, 1, 0], -0.49999999999999994, 0.1));
        Assert.Equal(1, bound.Prediction);
        Assert.InRange(bound.LogFailure, 3 * Math.Log(0.1), 3 * Math.Log(0.1) + 1e-6);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public void Bound_above_one_half_predicts_the_sign_of_t_and_certifies_nothing(int label, int prediction)
    {
        // min over t of e^(t/2)(q + (1−q)e^(−t)) = 2√(q(1−q)), which is 0.995 here.
        var vote = new SmallVote([1], [label], 0.5, 0.45);
        ChernoffBound bound = Bound(vote);
        Assert.Equal(prediction, bound.Prediction);
        Assert.Equal(prediction == 1, bound.T >= 0);
        Assert.Equal(Math.Log(2 * Math.Sqrt(0.45 * 0.55)), bound.LogFailure, 1e-9);
        Assert.False(bound.IsCertified);
        Assert.Equal(0, StructuredCertificate.Radius(vote.Vote, bound, vote.Noise));
    }

    [Fact]
    public void Even_vote_predicts_class_one_and_certifies_nothing()
    {
        ChernoffBound bound = Bound(new SmallVote([0.5, 0.5], [1, 0], 0.5, 0.2));
        Assert.Equal(1, bound.Prediction);
        Assert.False(bound.IsCertified);
    }

    [Fact]
    public void Class_one_survives_flips_down_to_a_tie() =>
        Assert.Equal(Radius.Of(2), ExactCertificate.Radius(new SmallVote([0.25, 0.25, 0.25, 0.25], [1, 1, 1, 1], 0.5, 0.1).Vote));

    [Fact]
    public void Class_nought_is_lost_at_a_tie() =>
        Assert.Equal(Radius.Of(1), ExactCertificate.Radius(new SmallVote([0.25, 0.25, 0.25, 0.25], [0, 0, 0, 0], 0.5, 0.1).Vote));

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e-300)]
    [InlineData(1e-304)]
    public void Vanishing_noise_still_bounds_a_lone_label_by_its_own_probability(double q)
    {
        // 2√(q(1−q)), see above; t is searched for to a thousandth only.
        double leastBound = Math.Log(2) + Math.Log(q) / 2;
        Assert.InRange(Bound(new SmallVote([1], [1], 0.5, q)).LogFailure, leastBound, 0.999 * leastBound);
    }

    [Fact]
    public void Noise_near_one_half_certifies_no_narrow_vote()
    {
        ChernoffBound bound = Bound(new SmallVote([0.4, 0.3, 0.3], [1, 1, 0], 0.5, 0.5 - 1e-12));
        Assert.False(bound.IsCertified);
        Assert.InRange(bound.LogFailure, -1e-9, 0);
    }

    [Fact]
    public void Noise_near_one_half_leaves_a_unanimous_vote_alone() =>
        AssertUnanimous(new SmallVote([0.1, 0.1, 0.1], [1, 1, 1], 0.5, 0.5 - 1e-12), prediction: 0);

    [Fact]
    public void Weight_far_above_the_others_is_a_factor_of_its_own()
    {
        // At the best t for the hundred small labels, log 9, the large one contributes e^(−22000): exactly q. The
        // others give 2√(q(1−q)) each.
        var vote = new SmallVote([1e4, .. Enumerable.Repeat(1.0, 100)], [.. Enumerable.Repeat(1, 101)], 50, 0.1);
        Assert.Equal(Math.Log(0.1) + 100 * Math.Log(0.6), Bound(vote).LogFailure, 1e-5);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(0, 0, 0)]
    public void Single_label_decides_and_can_be_flipped(int label, int prediction, int radius)
    {
        var vote = new SmallVote([1], [label], 0.5, 0.01);
        Assert.Equal(prediction, Bound(vote).Prediction);
        Assert.Equal(radius, StructuredCertificate.Radius(vote.Vote, Bound(vote), vote.Noise));
        Assert.Equal(Radius.Of(radius), ExactCertificate.Radius(vote.Vote));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Labels_of_one_class_predict_it(int label)
    {
        var vote = new SmallVote([.. Enumerable.Repeat(0.05, 20)], [.. Enumerable.Repeat(label, 20)], 0.5, 0.1);
        Assert.Equal(label, Bound(vote).Prediction);
        Assert.True(Bound(vote).IsCertified);
    }

    [Fact]
    public void Witness_among_equal_weights_names_the_first_rows()
    {
        var vote = new SmallVote([0.25, 0.25, 0.25, 0.25], [1, 1, 1, 1], 0.5, 0.1);
        Assert.True(ExactCertificate.TryFindWitness(vote.Vote, out Witness? witness));
        Assert.Equal([0, 1, 2], witness.Flips.Select(flip => flip.Row));
    }

    private static ChernoffBound Bound(SmallVote vote) => ChernoffBound.Of(vote.Vote, vote.Noise);

    private static void AssertUnanimous(SmallVote vote, int prediction)
    {
        ChernoffBound bound = Bound(vote);
        Assert.Equal(prediction, bound.Prediction);
        Assert.Equal(double.NegativeInfinity, bound.LogFailure);
        Assert.Equal(vote.Rows, KlCertificate.Radius(bound.LogFailure, vote.Noise, vote.Rows));
        Assert.Equal(vote.Rows, new TightCertificate(vote.Noise, vote.Rows).Radius(bound.LogFailure));
        Assert.Equal(vote.Rows, StructuredCertificate.Radius(vote.Vote, bound, vote.Noise));
        Assert.Equal(Radius.Any, ExactCertificate.Radius(vote.Vote));
        Assert.False(ExactCertificate.TryFindWitness(vote.Vote, out _));
    }
}
