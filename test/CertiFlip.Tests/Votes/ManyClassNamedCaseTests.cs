using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Exact;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Votes;

/// <summary>The corners of K classes, each with the answer that can be worked out by hand.</summary>
public class ManyClassNamedCaseTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void Weights_of_nought_always_predict_class_nought(int classes)
    {
        var vote = new ManyClassVote([0, 0, 0], [1, 2, 1], classes, 0.1);
        ChernoffBound bound = Bound(vote);
        Assert.Equal((0, double.NegativeInfinity), (bound.Prediction, bound.LogFailure));
        Assert.Equal((3, 3, 3, 3), Radii(vote));
        Assert.False(ExactCertificate.TryFindWitness(vote.Vote, out _));
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e-300)]
    [InlineData(1e-6)]
    public void Class_without_rows_is_a_rival_like_any_other(double q)
    {
        var vote = new ManyClassVote([1, 1, 1, -0.5], [0, 0, 0, 1], 3, q);
        Assert.Equal(0, Bound(vote).Prediction);
        (int kl, int tight, int structured, int exact) = Radii(vote);
        int least = vote.Oracle.LeastChangesOfSmoothed(0);
        Assert.All([kl, tight, structured], radius => Assert.InRange(radius, 0, least - 1));
        Assert.Equal(1, structured);
        Assert.Equal(1, exact);
    }

    [Fact]
    public void Class_without_rows_wins_where_every_other_is_voted_down()
    {
        var vote = new ManyClassVote([-1, -1, -1, -1], [0, 0, 1, 1], 3, 1e-6);
        Assert.Equal(2, vote.Vote.HeadPrediction);
        Assert.Equal(2, Bound(vote).Prediction);

        // Class 0 stands at −2: one of its rows given to class 2 makes both −1, and class 0 wins ties.
        Assert.Equal(Radius.Of(0), ExactCertificate.Radius(vote.Vote));
    }

    [Fact]
    public void Bound_of_a_lone_label_is_the_minimum_of_24()
    {
        // (1−q)e^(−t) + q(K−2)/(K−1) + q/(K−1)·e^t is least at e^(2t) = (1−q)(K−1)/q.
        const double q = 0.1;
        double leastBound = Math.Log(2 * Math.Sqrt((1 - q) * q / 3) + 2 * q / 3);
        Assert.InRange(Bound(new ManyClassVote([1], [2], 4, q)).LogFailure, leastBound, 0.999 * leastBound);
    }

    [Fact]
    public void Equal_scores_go_to_the_smaller_class()
    {
        var vote = new ManyClassVote([1, 1], [2, 1], 3, 0.1);
        Assert.Equal(1, vote.Vote.HeadPrediction);
        Assert.False(Bound(vote).IsCertified);
    }

    [Fact]
    public void Smaller_class_survives_changes_down_to_a_tie() =>
        Assert.Equal(Radius.Of(2), ExactCertificate.Radius(new ManyClassVote([1, 1, 1, 1], [0, 0, 0, 0], 3, 0.1).Vote));

    [Fact]
    public void Larger_class_is_lost_at_a_tie() =>
        Assert.Equal(Radius.Of(1), ExactCertificate.Radius(new ManyClassVote([1, 1, 1, 1], [2, 2, 2, 2], 3, 0.1).Vote));

    [Fact]
    public void Label_of_a_third_class_may_be_the_one_to_change()
    {
        // Scores 6, 0, 0. Class 2 needs four of the ones; class 1 takes the five and a one.
        var vote = new ManyClassVote(
            [1, 1, 1, 1, 1, 1, 5, .. Enumerable.Repeat(-0.5, 10)], [0, 0, 0, 0, 0, 0, 2, .. Enumerable.Repeat(2, 10)], 3, 0.1);
        Assert.Equal(Radius.Of(1), ExactCertificate.Radius(vote.Vote));
    }

    [Fact]
    public void Witness_may_give_the_predicted_class_a_negative_weight()
    {
        // Scores 3, 0, 0, and no other single change is enough.
        var vote = new ManyClassVote([1, 1, 1, -2, 2], [0, 0, 0, 2, 2], 3, 0.1);
        Assert.True(ExactCertificate.TryFindWitness(vote.Vote, out Witness? witness));
        Assert.Equal([new LabelFlip(3, 2, 0)], witness.Flips);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(100)]
    public void Threshold_does_not_matter_to_three_classes(double threshold)
    {
        double[] weights = [0.5, 0.4, 0.3];
        var labels = new ClassLabels([0, 2, 2], 3);
        var noise = new Noise(0.01, 3);
        var vote = new Vote(weights, labels, threshold);
        Assert.Equal((2, Radius.Of(0)), (vote.HeadPrediction, ExactCertificate.Radius(vote)));
        Assert.Equal(ChernoffBound.Of(new Vote(weights, labels), noise).LogFailure, ChernoffBound.Of(vote, noise).LogFailure, 1e-9);
    }

    [Theory]
    [InlineData(0.01, 3)]
    [InlineData(0.1, 4)]
    [InlineData(0.3, 10)]
    [InlineData(0.6, 10)]
    public void Radii_of_an_even_handed_majority_are_sound(double q, int classes)
    {
        // Equal weights make the vote of a pair depend on its lead alone, whose distribution a few convolutions give
        // exactly.
        foreach (int rows in new[] { 1, 2, 3, 5, 10, 21, 40 })
        {
            var vote = new ManyClassVote([.. Enumerable.Repeat(1.0, rows)], new int[rows], classes, q);
            (int kl, int tight, int structured, _) = Radii(vote);
            Assert.All([kl, tight, structured], radius =>
                Assert.True(EqualWeights.PairStays(rows, radius, q, classes), $"n = {rows}, r = {radius}"));
        }
    }

    [Theory]
    [InlineData(1e-306)]
    [InlineData(double.Epsilon)]
    public void Noise_too_rare_for_a_product_of_doubles_is_not_taken_for_none(double q)
    {
        // A lone label is lost with probability q, and q/2 may round to 0.
        Assert.InRange(Bound(new ManyClassVote([1], [0], 3, q)).LogFailure, Math.Log(q), Math.Log(1e-300) / 2);
    }

    private static ChernoffBound Bound(ManyClassVote vote) => ChernoffBound.Of(vote.Vote, vote.Noise);

    private static (int Kl, int Tight, int Structured, int Exact) Radii(ManyClassVote vote)
    {
        ChernoffBound bound = Bound(vote);
        return (
            KlCertificate.Radius(bound.LogFailure, vote.Noise, vote.Rows),
            new TightCertificate(vote.Noise, vote.Rows).Radius(bound.LogFailure),
            StructuredCertificate.Radius(vote.Vote, bound, vote.Noise),
            ExactCertificate.Radius(vote.Vote).BudgetOr(vote.Rows));
    }
}
