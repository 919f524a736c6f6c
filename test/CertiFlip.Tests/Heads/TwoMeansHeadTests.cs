using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>Weights by two means against their definition on top of exact ridge regression.</summary>
public class TwoMeansHeadTests
{
    [Theory]
    [InlineData(12, 4, 0.3, 0.125)]
    [InlineData(12, 4, 1e-6, 3)]
    [InlineData(37, 5, 100, 1)]
    [InlineData(4, 9, 0.01, 0.5)] // More features than rows.
    [InlineData(61, 2, 1, 1e-3)]
    public void Weights_are_those_of_the_definition(int rows, int columns, double multiple, double gain)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: rows);
        var head = TwoMeansHead.Fit(features, new RelativeRidge(multiple), gain);
        double[] x = [.. Enumerable.Range(0, columns).Select(i => 0.7 * features.Row(0)[i] - 0.2)];

        // αⱼ of ridge regression is 1/n + xⱼᵀz; the first middle is that of the saturated head.
        var ridge = new RationalRidge(features, head.Lambda, Intercept.Fitted);
        double[] similarities = [.. ridge.Weights(x).Select(weight => (rows * weight - 1).ToDouble())];
        double own = (rows * ridge.OwnWeight(x) - 1).ToDouble(), middle = (own - similarities.Sum(s => s * s) / rows / own) / 2;
        if (!similarities.Any(s => s > middle) || similarities.All(s => s > middle))
            middle = similarities.Average();
        double[] like = [], unlike = [];
        for (int round = 0; round < rows; round++)
        {
            like = [.. similarities.Where(s => s > middle)];
            unlike = [.. similarities.Where(s => s <= middle)];
            middle = (like.Average() + unlike.Average()) / 2;
        }

        double half = (like.Average() - unlike.Average()) / 2;
        double variance = (like.Sum(s => Square(s - like.Average())) + unlike.Sum(s => Square(s - unlike.Average()))) / rows;
        double steepness = Math.Min(gain * half * half / variance, 20);
        double[] expected = [.. similarities.Select(s => Math.Tanh(steepness * (s - middle) / half) / rows)];
        Assert.All(expected.Zip(NamedHeads.Weights(head, x)), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(57)]
    public void Rows_of_the_same_clean_cluster_weigh_one_nth_and_all_others_minus_one_nth(int size)
    {
        FeatureMatrix features =
            SomeFeatures.Of(100, 3, seed: 80, (row, column, value) => 1e-4 * value + (ClusterOf(row, size) == column ? 10 : 0));
        var head = TwoMeansHead.Fit(features, new RelativeRidge(1e-3));
        for (int test = 0; test < 100; test += 7)
        {
            double[] weights = NamedHeads.Weights(head, features.Row(test));
            Assert.All(weights.Index(), weight =>
                Assert.Equal(ClusterOf(weight.Index, size) == ClusterOf(test, size) ? 0.01 : -0.01, weight.Item, 1e-12));
        }
    }

    /// <summary>Of even similarities v is h²/3, and the step is 3/8 as steep as tanh(1) at the means.</summary>
    [Fact]
    public void Rows_without_clusters_weigh_nearly_as_in_ridge_regression()
    {
        var features = new FeatureMatrix(200, 1, [.. Enumerable.Range(0, 200).Select(row => row / 100.0)]);
        double[] weights = NamedHeads.Weights(TwoMeansHead.Fit(features), 1.7);
        double[] ridge = NamedHeads.Weights(RidgeHead.Fit(features), 1.7);
        double slope = (weights[101] - weights[99]) / (ridge[101] - ridge[99]);
        Assert.InRange(weights[199] / (slope * (ridge[199] - ridge[100])), 0.8, 1);
    }

    /// <summary>Clusters of all degrees of cleanness, rows that are the same, more features than rows.</summary>
    [Fact]
    public void Bound_of_leaving_a_row_out_holds_against_the_head_of_the_others()
    {
        int known = 0, all = 0;
        var random = new Random(86);
        for (int trial = 0; trial < 150; trial++)
        {
            int rows = random.Next(5, 70), columns = random.Next(1, 9), clusters = random.Next(1, 6);
            double noise = Math.Pow(10, -6 * random.NextDouble()), gain = Math.Pow(10, 2 * random.NextDouble() - 1.5);
            var rule = new RelativeRidge(Math.Pow(10, 6 * random.NextDouble() - 3));
            FeatureMatrix features = SomeFeatures.Of(rows, columns, seed: trial, (row, column, value) =>
                (row % clusters * 7 + column) % 5 + noise * (row % 9 == 8 ? column : value));
            double lift = trial % 3 / 2.0;
            var head = TwoMeansHead.Fit(features, rule, gain, lift);
            var fixedRule = new FixedRidge(head.Lambda);
            int stride = Tile.PadWidth(rows);
            double[] weights = new double[stride * Tile.PadHeight(rows)], errors = new double[rows], lifts = new double[rows];
            head.ComputeLeaveOneOutWeights(features, 0, rows, weights, stride, errors, trial % 2 == 0 ? lifts : []);
            for (int left = 0; left < rows; left++)
            {
                int[] others = [.. Enumerable.Range(0, rows).Where(row => row != left)];
                double[] expected = new double[stride * Tile.Height], open = new double[1];
                TwoMeansHead.Fit(features.SelectRows(others), fixedRule, gain, lift)
                    .ComputeWeights(features, left, 1, expected, stride, open);
                double off = others.Index().Sum(other => Math.Abs(expected[other.Index] - weights[left * stride + other.Item]));
                off += trial % 2 == 0 ? Math.Abs(open[0] - lifts[left]) : 0;
                Assert.True(off <= errors[left], $"trial {trial}, row {left}: {off:R} > {errors[left]:R}");
                all++;
                known += errors[left] < 1e-3 ? 1 : 0;
            }
        }

        Assert.InRange(known, all / 2, all - 1);
    }

    /// <summary>
    /// By the definition, in exact arithmetic: what least squares keeps of ridge's products it would keep of the 1 of
    /// its intercept, too. Weights get their part of what is missing, and scores the rest.
    /// </summary>
    [Theory]
    [InlineData(12, 4, 0.3, 0.125, 0.5)]
    [InlineData(12, 4, 1e-6, 3, 1)]
    [InlineData(37, 5, 100, 1, 0.25)]
    [InlineData(4, 9, 0.01, 0.5, 0)]
    [InlineData(61, 2, 1, 1e-3, 0.75)]
    public void A_lift_is_what_weights_lack_of_what_they_keep(int rows, int columns, double multiple, double gain, double lift)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: rows);
        var rule = new RelativeRidge(multiple);
        TwoMeansHead plain = TwoMeansHead.Fit(features, rule, gain), lifted = TwoMeansHead.Fit(features, rule, gain, lift);
        double[] x = [.. Enumerable.Range(0, columns).Select(i => 0.7 * features.Row(0)[i] - 0.2)], without = NamedHeads.Weights(plain, x);
        Rational[] weights = [.. without.Select(weight => (Rational)weight)];
        var ridge = new RationalRidge(features, plain.Lambda, Intercept.Fitted);
        Rational[] products = [.. ridge.Weights(x).Select(weight => weight - new Rational(1, rows))];
        Rational kept = Sum(weights.Zip(products, (weight, p) => weight * p)) / Sum(products.Select(p => p * p));
        Assert.Equal(0, Sum(products).Sign);
        Assert.Equal(1, kept.Sign);
        double lacking = Math.Min(1, kept.ToDouble()) - Sum(weights).ToDouble();
        int stride = Tile.PadWidth(rows);
        double[] own = new double[stride * Tile.Height], open = new double[1];
        lifted.ComputeWeights(new FeatureMatrix(1, columns, x), 0, 1, own, stride, open);
        Assert.Equal((1 - lift) * lacking, open[0], 1e-11);
        Assert.True(Math.Abs(lacking) > 1e-3, $"{lacking}");
        Assert.All(without.Index(), weight => Assert.Equal(weight.Item + lift * lacking / rows, own[weight.Index], 1e-12));
    }

    /// <summary>Where no row is like the test row, all weigh 1/n already: they lack nothing.</summary>
    [Fact]
    public void Row_that_is_like_no_other_is_not_lifted()
    {
        var features = new FeatureMatrix(4, 2, [1, 0, -1, 0, 1, 0, -1, 0]);
        double[] weights = new double[16 * Tile.Height], lifts = [7];
        TwoMeansHead.Fit(features, lift: 0.5).ComputeWeights(new FeatureMatrix(1, 2, [0, 3]), 0, 1, weights, 16, lifts);
        Assert.Equal([0.25, 0.25, 0.25, 0.25], weights[..4]);
        Assert.Equal(0, lifts[0]);
    }

    [Fact]
    public void Row_that_is_like_no_other_gives_every_label_the_same_weight()
    {
        var features = new FeatureMatrix(4, 2, [1, 0, -1, 0, 1, 0, -1, 0]);
        Assert.All(NamedHeads.Weights(TwoMeansHead.Fit(features), 0, 3), weight => Assert.Equal(0.25, weight));
    }

    [Fact]
    public void Row_so_far_away_that_similarities_overflow_has_no_weights() =>
        Assert.All(NamedHeads.Weights(TwoMeansHead.Fit(SomeFeatures.Generic(20, 2, seed: 85)), 1e200, 1), weight =>
            Assert.Equal(double.NaN, weight));

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        FeatureMatrix features = SomeFeatures.Generic(53, 19, seed: 84);
        double[][] weights = [.. KernelSet.All.Select(kernels =>
        {
            double[] found = new double[64 * Tile.Height], lift = new double[1];
            TwoMeansHead.Fit(features, new RelativeRidge(), 2, 0.3, new ParallelOptions(), kernels)
                .ComputeWeights(new FeatureMatrix(1, 19, new double[19]), 0, 1, found, 64, lift);
            return (double[])[.. found[..53], .. lift];
        })];
        Assert.All(weights, row => Assert.Equal(weights[^1], row));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Gain_is_positive_and_finite(double gain)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoMeansHeadChoice { Gain = gain });
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoMeansHead.Fit(SomeFeatures.Generic(5, 2, seed: 1), gain: gain));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Lift_is_between_0_and_1(double lift)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoMeansHeadChoice { Lift = lift });
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoMeansHead.Fit(SomeFeatures.Generic(5, 2, seed: 1), lift: lift));
    }

    private static Rational Sum(IEnumerable<Rational> terms) => terms.Aggregate((Rational)0, (sum, term) => sum + term);

    private static double Square(double x) => x * x;

    private static int ClusterOf(int row, int size) => row < size ? 0 : row % 2 + 1;
}
