namespace CertiFlip.Tests.Oracles;

/// <summary>The oracles for K classes against what is known without them.</summary>
public class ManyClassOracleTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Lone_label_loses_to_a_rival_that_its_noise_picks(int classes)
    {
        // Class 1 loses to class 2 where the label becomes 2, and to class 0 in a tie as well: wherever the label
        // leaves class 1.
        var oracle = new PairwiseVoteOracle([1], [1], classes, 0.25);
        Assert.True(oracle.FailureProbability(1, 2) == new Rational(1, 4 * (classes - 1)));
        Assert.True(oracle.FailureProbability(1, 0) == 0.25);
        Assert.True(oracle.LargestFailureProbability(1) == 0.25);
    }

    [Fact]
    public void Lone_label_needs_one_change()
    {
        var oracle = new PairwiseVoteOracle([1], [2], 3, 0.25);
        Assert.Equal((2, 1, 1), (oracle.HeadPrediction, oracle.LeastChangesOfHead, oracle.LeastChangesOfSmoothed(2)));
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 0, 1)]
    public void Two_labels_that_agree_win_ties_against_larger_classes_alone(int label, int rival, int changes)
    {
        var oracle = new PairwiseVoteOracle([1, 1], [label, label], 3, 0.01);
        Assert.Equal(changes, oracle.LeastChangesOfHead);
        Assert.Equal(rival, oracle.HeadPredictionAfter(Enumerable.Range(0, changes).Select(row => (row, rival))));
    }

    [Fact]
    public void Majority_of_three_loses_to_one_rival_with_two_or_three_labels_or_with_one_against_none()
    {
        // Each label is kept with ¾, or becomes the rival or the third class with an eighth: three rivals, two rivals
        // and one other, one rival and two third classes. Equal scores leave class 0 the vote.
        var oracle = new PairwiseVoteOracle([1, 1, 1], [0, 0, 0], 3, 0.25);
        Assert.True(oracle.FailureProbability(0, 1) == new Rational(1 + 3 * (6 + 1) + 3, 512));
    }

    [Fact]
    public void Class_whose_pairwise_vote_is_lost_does_not_win_every_pair()
    {
        var oracle = new PairwiseVoteOracle([1, 1, 1], [0, 2, 2], 3, 0.1);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(oracle.WinsEveryPair));
    }

    [Fact]
    public void Zero_weights_leave_class_nought_every_vote()
    {
        var oracle = new PairwiseVoteOracle([0, 0], [2, 1], 3, 0.3);
        Assert.Equal((0, 3, 3), (oracle.HeadPrediction, oracle.LeastChangesOfHead, oracle.LeastChangesOfSmoothed(0)));
        Assert.False(oracle.WinsEveryPair(1));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(0.45)]
    public void Tight_threshold_of_two_classes_is_the_binomial_one(double q) =>
        Assert.All(ManyClassTightOracle.Thresholds(25, q, 2).Index(), pair =>
            Assert.True(pair.Item == TightOracle.Threshold(pair.Index, q)));

    [Fact]
    public void Tight_threshold_of_one_flip_among_three_classes_is_three_twentyeighths()
    {
        // ½ of the 0.7 that show the new class after the flip, and 0.15 before it.
        Assert.Equal(3.0 / 28, ManyClassTightOracle.Thresholds(1, 0.3, 3).Last().ToDouble(), 1e-15);
    }

    [Fact]
    public void Tight_threshold_of_one_flip_in_heavy_noise_takes_the_third_classes_too()
    {
        // After the flip 0.4 show the new class; of the 0.3 that show the third class, equally probable before and
        // after, 0.1 is missing.
        Assert.Equal(0.3 + 0.1, ManyClassTightOracle.Thresholds(1, 0.6, 3).Last().ToDouble(), 1e-15);
    }

    [Fact]
    public void Kl_bound_of_many_classes_is_the_formula_in_doubles()
    {
        double p = 1 - Math.Exp(-50);
        double formula = (Math.Log(4 * p) - 50) / (2 * (1 - 0.4) * Math.Log(0.3 / (0.7 * 3)));
        Assert.Equal(formula, KlOracle.Bound(-50, 0.3, 4).ToDouble(), 1e-9);
    }
}
