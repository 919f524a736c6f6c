using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>Saturated weights against their definition on top of exact ridge regression.</summary>
public class SaturatedRidgeHeadTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<int, int, double, double, double?, int?> Cases => new()
    {
        { 12, 4, 0.3, 5, null, null },
        { 12, 4, 1e-6, 0.01, null, null },
        { 37, 5, 100, 1, null, null },
        { 4, 9, 0.01, 2, null, null }, // More features than rows.
        { 12, 4, 0.3, 0.7, -0.25, null },
        { 12, 4, 0.3, 0.7, -0.25, 2 },
        { 12, 4, 1e-6, 2, null, 2 },
        { 37, 5, 0.3, 2, null, 3 },
        { 37, 5, 100, 1, null, 1000 }, // More than there are rows: no cluster is so small.
        { 5, 1, 1e6, 0.5, null, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_are_those_of_the_definition(
        int rows, int columns, double multiple, double gain, double? offset, int? classes)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: rows);
        var options = new SaturationOptions { Gain = gain, Offset = offset, Classes = classes };
        var head = SaturatedRidgeHead.Fit(features, new RelativeRidge(multiple), options);
        double[] x = [.. Enumerable.Range(0, columns).Select(i => 0.7 * features.Row(0)[i] - 0.2)];

        // αⱼ of ridge regression is 1/n + xⱼᵀz, and what the row itself would weigh is 1/n + xᵀz.
        var ridge = new RationalRidge(features, head.Lambda, Intercept.Fitted);
        double[] similarities = [.. ridge.Weights(x).Select(weight => (rows * weight - 1).ToDouble())];
        double like = (rows * ridge.OwnWeight(x) - 1).ToDouble();
        double unlike = similarities.Sum(s => s * s) / rows / like;
        like = Math.Min(like, (classes - 1) * unlike ?? like);
        double b = offset ?? (unlike - like) / 2, h = (like + unlike) / 2;
        double[] expected = [.. similarities.Select(s => Math.Tanh(gain * (s + b) / h) / rows)];
        Assert.All(expected.Zip(NamedHeads.Weights(head, x)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(57)]
    public void Rows_of_the_same_cluster_weigh_one_nth_and_all_others_minus_one_nth(int size)
    {
        // Three clusters of different size, each in a direction of its own.
        FeatureMatrix features =
            SomeFeatures.Of(100, 3, seed: 80, (row, column, value) => 1e-4 * value + (ClusterOf(row, size) == column ? 10 : 0));
        var head = SaturatedRidgeHead.Fit(features, new RelativeRidge(1e-3));
        for (int test = 0; test < 100; test += 7)
        {
            double[] weights = NamedHeads.Weights(head, features.Row(test));
            Assert.All(weights.Index(), weight =>
                Assert.Equal(ClusterOf(weight.Index, size) == ClusterOf(test, size) ? 0.01 : -0.01, weight.Item, 1e-4));
        }
    }

    /// <summary>
    /// Four clusters in a plane, in directions of variance 1: a row of the first has similarities of about 1.75, 0.25,
    /// −0.03 and −1.97 to them. Half-way between 1.75 and −1 only the first is alike; with two classes the second is,
    /// too.
    /// </summary>
    [Fact]
    public void With_the_number_of_classes_clusters_that_are_rather_alike_vote_together()
    {
        double[,] centres = { { 1, Math.Sqrt(0.75) }, { 1, -Math.Sqrt(0.75) }, { -1, Math.Sqrt(1.25) }, { -1, -Math.Sqrt(1.25) } };
        FeatureMatrix features = SomeFeatures.Of(120, 2, seed: 86, (row, column, value) => 1e-4 * value + centres[row % 4, column]);
        double[] x = features.Row(0).ToArray();
        int Like(int? classes) => NamedHeads.Weights(
            SaturatedRidgeHead.Fit(features, new RelativeRidge(1e-3), new SaturationOptions { Classes = classes }), x).Count(w => w > 0);
        Assert.Equal(30, Like(null));
        Assert.Equal(60, Like(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(int.MinValue)]
    public void There_are_two_classes_or_more(int classes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SaturationOptions { Classes = classes });

    [Fact]
    public void Weights_hardly_depend_on_a_lambda_that_is_far_above_all_eigenvalues()
    {
        FeatureMatrix features = SomeFeatures.Generic(30, 3, seed: 81);
        double[] weights = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, new RelativeRidge(1e4)), 0.4, 0.1, -0.3);
        double[] more = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, new RelativeRidge(1e7)), 0.4, 0.1, -0.3);
        Assert.All(weights.Zip(more), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        Assert.Contains(weights, weight => weight > 0);
        Assert.Contains(weights, weight => weight < 0);
    }

    /// <summary>
    /// By the definition: what least squares keeps of ridge's weights, of its intercept as of its similarities.
    /// </summary>
    [Theory]
    [InlineData(0.5, null, 2)]
    [InlineData(1, 2, 0.3)]
    [InlineData(0.25, 3, 5)]
    public void Lift_adds_the_same_to_all_weights(double lift, int? classes, double gain)
    {
        FeatureMatrix features = SomeFeatures.Generic(37, 5, seed: 87);
        double[] x = [.. Enumerable.Range(0, 5).Select(i => 0.6 * features.Row(3)[i] + 0.1)];
        var options = new SaturationOptions { Gain = gain, Classes = classes };
        double[] without = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, options: options), x);
        double[] lifted = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, options: options with { Lift = lift }), x);
        double[] ridge = [.. NamedHeads.Weights(RidgeHead.Fit(features), x).Select(weight => weight - 1.0 / 37)];
        double kept = Math.Min(1, ridge.Zip(without, (p, weight) => p * weight).Sum() / ridge.Sum(p => p * p));
        double more = lift * (kept - without.Sum()) / 37;
        Assert.True(Math.Abs(more) > 1e-4);
        Assert.All(without.Zip(lifted), pair => Assert.Equal(pair.First + more, pair.Second, 1e-13));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(0, 0.5)]
    [InlineData(0.25, 5)]
    [InlineData(1, 2)]
    public void Scores_rise_by_what_weights_lack_of_all_of_the_lift(double lift, double gain)
    {
        FeatureMatrix features = SomeFeatures.Generic(37, 3, seed: 81), tests = SomeFeatures.Generic(9, 3, seed: 80);
        var options = new SaturationOptions { Gain = gain, Lift = lift };
        var head = SaturatedRidgeHead.Fit(features, options: options);
        double[][] all = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, options: options with { Lift = 1 }), tests, 0, 9);
        double[][] own = NamedHeads.Weights(head, tests, 0, 9);
        double[] weights = new double[48 * 12], lifts = new double[9];
        head.ComputeWeights(tests, 0, 9, weights, 48, lifts);
        for (int row = 0; row < 9; row++)
        {
            Assert.Equal(own[row], weights[(48 * row)..(48 * row + 37)]);
            Assert.Equal(all[row].Sum() - own[row].Sum(), lifts[row], 1e-13);
        }

        Assert.Contains(lifts, one => lift == 1 ? one == 0 : one > 0.1);
    }

    [Fact]
    public void Small_gain_and_all_of_the_lift_give_ridge_regression()
    {
        FeatureMatrix features = SomeFeatures.Generic(15, 3, seed: 82);
        double[] ridge = NamedHeads.Weights(RidgeHead.Fit(features), 0.4, 0.1, -0.3);
        var options = new SaturationOptions { Gain = 1e-5, Lift = 1 };
        double[] small = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, options: options), 0.4, 0.1, -0.3);
        double kept = small.Sum();
        Assert.All(ridge.Zip(small), pair => Assert.Equal(kept * pair.First, pair.Second, 1e-14));
    }

    [Fact]
    public void Row_at_the_mean_is_not_lifted()
    {
        FeatureMatrix features = SomeFeatures.Generic(15, 3, seed: 82);
        double[] mean = [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 15).Average(row => features.Row(row)[i]))];
        var head = SaturatedRidgeHead.Fit(features, options: new SaturationOptions { Lift = 1 });
        Assert.All(NamedHeads.Weights(head, mean), weight => Assert.Equal(1.0 / 15, weight, 1e-4));
    }

    /// <summary>All weights are −1/n there, and a lift of all would leave what rounding made of them.</summary>
    [Theory]
    [InlineData(64, 15)]
    [InlineData(64, 200)]
    [InlineData(100, 60)]
    [InlineData(130, 30)]
    public void Row_far_away_is_not_lifted_to_nothing(int rows, double scale)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, 2, seed: 82);
        var options = new SaturationOptions { Gain = 50 };
        double[] without = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, options: options), scale, 0.5);
        double[] lifted = NamedHeads.Weights(SaturatedRidgeHead.Fit(features, options: options with { Lift = 1 }), scale, 0.5);
        double size = lifted.Sum(Math.Abs);
        Assert.True(size > 0.9e-6 * without.Sum(Math.Abs), $"{size}");
        Assert.True(scale < 100 || lifted.SequenceEqual(without), "The lift took all.");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Lift_is_between_0_and_1(double lift) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SaturationOptions { Lift = lift });

    [Fact]
    public void Small_gain_gives_ridge_regression_with_another_intercept()
    {
        FeatureMatrix features = SomeFeatures.Generic(15, 3, seed: 82);
        double[] ridge = NamedHeads.Weights(RidgeHead.Fit(features), 0.4, 0.1, -0.3);
        double[] small = NamedHeads.Weights(
            SaturatedRidgeHead.Fit(features, options: new SaturationOptions { Gain = 1e-5 }), 0.4, 0.1, -0.3);
        double slope = (small[1] - small[0]) / (ridge[1] - ridge[0]);
        Assert.All(ridge.Zip(small), pair => Assert.Equal(small[0] + slope * (pair.First - ridge[0]), pair.Second, 1e-12));
    }

    [Fact]
    public void No_weight_is_larger_than_one_nth() =>
        Assert.All(
            NamedHeads.Weights(SaturatedRidgeHead.Fit(SomeFeatures.Generic(49, 3, seed: 83),
                options: new SaturationOptions { Gain = 1e300 }), 4, -1, 2), weight =>
            Assert.Equal(1.0 / 49, Math.Abs(weight), 0.0));

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        FeatureMatrix features = SomeFeatures.Generic(50, 19, seed: 84);
        double[][] weights = [.. KernelSet.All.Select(kernels =>
            NamedHeads.Weights(SaturatedRidgeHead.Fit(features, new RelativeRidge(), new SaturationOptions { Gain = 2 },
                new ParallelOptions(), kernels), new double[19]))];
        Assert.All(weights, row => Assert.Equal(weights[^1], row));
    }

    [Fact]
    public void Row_so_far_away_that_similarities_overflow_has_no_weights() =>
        Assert.All(NamedHeads.Weights(SaturatedRidgeHead.Fit(SomeFeatures.Generic(20, 2, seed: 85)), 1e200, 1), weight =>
            Assert.Equal(double.NaN, weight));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Gain_is_positive_and_finite(double gain) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SaturationOptions { Gain = gain });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Offset_is_finite(double offset) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SaturationOptions { Offset = offset });

    private static int ClusterOf(int row, int size) => row < size ? 0 : row % 2 + 1;
}
