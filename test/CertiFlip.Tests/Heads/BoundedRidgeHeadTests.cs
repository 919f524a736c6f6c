using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>Bounded weights against their definition.</summary>
public class BoundedRidgeHeadTests
{
    [Theory]
    [InlineData(12, 4, 0.3, 1)]
    [InlineData(37, 5, 100, 0.5)]
    [InlineData(4, 9, 0.01, 2)] // More features than rows.
    [InlineData(25, 1, 1e-3, 0.1)]
    [InlineData(12, 4, 0.3, 50)]
    public void Weights_are_those_of_the_definition(int rows, int columns, double multiple, double bound)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: rows);
        var head = BoundedRidgeHead.Fit(features, new RelativeRidge(multiple), bound);
        double[] x = [.. Enumerable.Range(0, columns).Select(i => 0.7 * features.Row(0)[i] - 0.2)];

        double[] mean = [.. Enumerable.Range(0, columns).Select(i => Enumerable.Range(0, rows).Average(row => features.Row(row)[i]))];
        double[][] centred = [.. Enumerable.Range(0, rows).Select(row => mean.Select((m, i) => features.Row(row)[i] - m).ToArray())];
        double[] point = [.. x.Zip(mean, (a, b) => a - b)];
        double[] z = Elimination.Solve(centred, head.Lambda, point), s = Times(centred, z);
        double v = s.Average(value => value * value), middle = s.Average(value => value * value * value) / (2 * v);
        double c = bound * Math.Sqrt(v + middle * middle);
        for (int pass = 0; pass < 8; pass++)
        {
            double[] a = [.. Times(centred, z).Select(value => c * Math.Tanh(value / c))];
            double[] left = [.. point.Select((value, i) =>
                value - centred.Zip(a, (row, weight) => row[i] * weight).Sum() - head.Lambda * z[i])];
            z = [.. z.Zip(Elimination.Solve(centred, head.Lambda, left), (old, change) => old + 2 * change)];
        }

        double[] expected = [.. Times(centred, z).Select(value => 1.0 / rows + c * Math.Tanh(value / c))];
        Assert.All(expected.Zip(NamedHeads.Weights(head, x)), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    /// <summary>
    /// By the definition, in exact arithmetic: what least squares keeps of ridge's products it would keep of the 1 of
    /// its intercept, too.
    /// </summary>
    [Theory]
    [InlineData(12, 4, 0.3, 1)]
    [InlineData(37, 5, 100, 0.5)]
    [InlineData(25, 1, 1e-3, 0.1)]
    [InlineData(12, 4, 0.3, 50)]
    public void A_lift_is_what_weights_lack_of_what_they_keep(int rows, int columns, double multiple, double bound)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: rows);
        var head = BoundedRidgeHead.Fit(features, new RelativeRidge(multiple), bound);
        double[] x = [.. Enumerable.Range(0, columns).Select(i => 0.7 * features.Row(0)[i] - 0.2)], plain = NamedHeads.Weights(head, x);
        int stride = Tile.PadWidth(rows);
        double[] weights = new double[stride * Tile.Height], lift = new double[1];
        head.ComputeWeights(new FeatureMatrix(1, columns, x), 0, 1, weights, stride, lift);
        Assert.Equal(plain, weights[..rows]);
        Rational[] products = [.. new RationalRidge(features, head.Lambda, Intercept.Fitted).Weights(x).Select(
            weight => weight - new Rational(1, rows))];
        Rational kept = Sum(plain.Zip(products, (weight, p) => weight * p)) / Sum(products.Select(p => p * p));
        Assert.InRange(kept.ToDouble(), 0.01, 1);
        Assert.Equal((kept - Sum(plain.Select(weight => (Rational)weight))).ToDouble(), lift[0], 1e-11);
        Assert.True(Math.Abs(lift[0]) > 1e-3 || bound > 10, $"{lift[0]}");
    }

    [Fact]
    public void A_bound_that_nothing_reaches_gives_ridge()
    {
        FeatureMatrix features = SomeFeatures.Generic(15, 3, seed: 82);
        double[] ridge = NamedHeads.Weights(RidgeHead.Fit(features), 0.4, 0.1, -0.3);
        double[] bounded = NamedHeads.Weights(BoundedRidgeHead.Fit(features, bound: 1e4), 0.4, 0.1, -0.3);
        Assert.All(ridge.Zip(bounded), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Half_of_all_predictions_survive_more_flips_than_under_ridge(double bound)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(150, 6, 2, seed: 5);
        Assert.True(MedianRadius(BoundedRidgeHead.Fit(features, bound: bound), features, labels)
            > MedianRadius(RidgeHead.Fit(features), features, labels));
    }

    [Fact]
    public void Row_at_the_mean_counts_all_alike() =>
        Assert.All(NamedHeads.Weights(BoundedRidgeHead.Fit(SomeFeatures.Of(8, 2, 1, (row, column, _) => (row + column) % 2)), 0.5, 0.5),
            weight => Assert.Equal(0.125, weight));

    /// <summary>At right angles to all rows: of products rounding is left, and says nothing of what is kept.</summary>
    [Theory]
    [InlineData(0.6, 0.8)]
    [InlineData(0.1, 0.7)]
    public void Row_that_is_like_no_other_is_not_lifted(double a, double b)
    {
        BoundedRidgeHead head = BoundedRidgeHead.Fit(SomeFeatures.Of(9, 2, 1, (row, column, _) => (row - 4) * (column == 0 ? a : b) / 3));
        double[] weights = new double[16 * Tile.Height], lift = [7];
        head.ComputeWeights(new FeatureMatrix(1, 2, [-3 * b, 3 * a]), 0, 1, weights, 16, lift);
        Assert.All(weights[..9], weight => Assert.Equal(1.0 / 9, weight));
        Assert.Equal(0, lift[0]);
    }

    [Fact]
    public void Row_so_far_away_that_similarities_overflow_has_no_weights() =>
        Assert.All(NamedHeads.Weights(BoundedRidgeHead.Fit(SomeFeatures.Generic(20, 2, seed: 85)), 1e200, 1), weight =>
            Assert.Equal(double.NaN, weight));

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        FeatureMatrix features = SomeFeatures.Generic(50, 19, seed: 84);
        double[][] weights = [.. KernelSet.All.Select(kernels => NamedHeads.Weights(
            BoundedRidgeHead.Fit(features, new RelativeRidge(), 1, new ParallelOptions(), kernels), new double[19]))];
        Assert.All(weights, row => Assert.Equal(weights[^1], row));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Bound_is_positive_and_finite(double bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BoundedRidgeHead.Fit(SomeFeatures.Generic(5, 2, seed: 1), bound: bound));

    private static double[] Times(double[][] rows, double[] z) => [.. rows.Select(row => row.Zip(z, (a, b) => a * b).Sum())];

    /// <summary>How many of the largest moves it takes to turn the sum of weights of two classes.</summary>
    private static double MedianRadius(IHead head, FeatureMatrix features, int[] labels)
    {
        double Radius(int row)
        {
            double[] moves = [.. NamedHeads.Weights(head, features.Row(row)).Select((a, j) => labels[j] == 1 ? a : -a)];
            double left = Math.Abs(moves.Sum()), side = Math.Sign(moves.Sum());
            return moves.Select(move => Math.Max(0, side * move)).OrderDescending().TakeWhile(move => (left -= 2 * move) > 0).Count();
        }

        return Enumerable.Range(0, features.Rows).Select(Radius).Order().ElementAt(features.Rows / 2);
    }

    private static Rational Sum(IEnumerable<Rational> terms) => terms.Aggregate((Rational)0, (sum, term) => sum + term);
}
