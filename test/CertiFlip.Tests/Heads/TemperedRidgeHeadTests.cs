using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>Tempered weights against their definition.</summary>
public class TemperedRidgeHeadTests
{
    [Theory]
    [InlineData(12, 4, 0.3, 5)]
    [InlineData(37, 5, 2, 5)]
    [InlineData(150, 6, 0.5, 5)]
    [InlineData(400, 4, 0.5, 2.5)]
    [InlineData(30, 12, 0.1, 10)]
    [InlineData(25, 1, 1e-3, 5)]
    public void Weights_are_those_of_the_definition(int rows, int columns, double multiple, double gain)
    {
        FeatureMatrix features = SomeFeatures.Of(rows, columns, seed: rows, (_, column, value) => value * (column + 1));
        var head = TemperedRidgeHead.Fit(features, new RelativeRidge(multiple), classes: 3, gain);
        int[] smaller = [.. Enumerable.Range(0, 6).Select(test =>
        {
            double[] x = [.. Enumerable.Range(0, columns).Select(i => 0.7 * features.Row(test)[i] - 0.2 * (i % 2))];
            (double[] expected, double lift, int tried) = Defined(features, x, head.Lambda, 3, gain);
            double[] weights = new double[Tile.PadWidth(rows) * Tile.Height], lifts = new double[1];
            head.ComputeWeights(new FeatureMatrix(1, columns, x), 0, 1, weights, Tile.PadWidth(rows), lifts);
            Assert.All(expected.Zip(weights), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
            Assert.Equal(lift, lifts[0], 1e-9);
            return tried;
        })];
        Assert.True(rows != 150 || smaller.Any(tried => tried is > 0 and < 12), "No gain was looked for.");
    }

    [Fact]
    public void Clean_clusters_have_the_largest_gain()
    {
        FeatureMatrix features = SomeFeatures.Of(900, 2, 1, (row, column, value) => (row % 3 == column ? 10 : 0) + 0.01 * value);
        double[] x = [10, 0];
        Assert.Equal(
            NamedHeads.Weights(SaturatedRidgeHead.Fit(features, options: new SaturationOptions { Classes = 3 }), x),
            NamedHeads.Weights(TemperedRidgeHead.Fit(features, classes: 3), x));
    }

    [Fact]
    public void Fewer_rows_have_a_smaller_gain()
    {
        double Steepness(int rows)
        {
            FeatureMatrix features = SomeFeatures.Generic(rows, 8, seed: 3);
            double[] weights = NamedHeads.Weights(TemperedRidgeHead.Fit(features), 0.4, 0.1, -0.3, 0.2, 0, 0.3, -0.1, 0.2);
            return weights.Sum(Math.Abs) / rows / weights.Max(Math.Abs);
        }

        Assert.True(Steepness(40) < Steepness(2000), $"{Steepness(40)} is not below {Steepness(2000)}.");
    }

    [Fact]
    public void No_weight_is_above_1_over_n() => Assert.All(
        NamedHeads.Weights(TemperedRidgeHead.Fit(SomeFeatures.Generic(50, 3, seed: 2), classes: 2), 3, -4, 5),
        weight => Assert.True(Math.Abs(weight) <= 1.0 / 50));

    [Theory]
    [InlineData(1e150)]
    [InlineData(1e-150)]
    public void Weights_do_not_depend_on_the_unit_of_features(double unit)
    {
        FeatureMatrix features = SomeFeatures.Generic(60, 3, seed: 8), scaled = SomeFeatures.Of(60, 3, 8, (row, column, _) =>
            features.Row(row)[column] * unit);
        double[] ofUnit = NamedHeads.Weights(TemperedRidgeHead.Fit(scaled), 0.4 * unit, 0.1 * unit, -0.3 * unit);
        Assert.All(NamedHeads.Weights(TemperedRidgeHead.Fit(features), 0.4, 0.1, -0.3).Zip(ofUnit), pair =>
            Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Row_at_the_mean_counts_all_alike() =>
        Assert.All(NamedHeads.Weights(TemperedRidgeHead.Fit(SomeFeatures.Of(8, 2, 1, (row, column, _) => (row + column) % 2)), 0.5, 0.5),
            weight => Assert.Equal(0.125, weight));

    [Fact]
    public void Features_that_are_all_the_same_count_all_alike() =>
        Assert.All(NamedHeads.Weights(TemperedRidgeHead.Fit(SomeFeatures.Of(8, 2, 1, (_, _, _) => 3), new FixedRidge(1)), 3, 3), weight =>
            Assert.Equal(0.125, weight));

    [Fact]
    public void Row_so_far_away_that_similarities_overflow_has_no_weights() =>
        Assert.All(NamedHeads.Weights(TemperedRidgeHead.Fit(SomeFeatures.Generic(20, 2, seed: 85)), 1e200, 1), weight =>
            Assert.Equal(double.NaN, weight));

    [Fact]
    public void Rows_asked_for_together_have_the_bits_of_each_alone()
    {
        FeatureMatrix features = SomeFeatures.Generic(50, 4, seed: 84), tests = SomeFeatures.Generic(7, 4, seed: 85);
        var head = TemperedRidgeHead.Fit(features);
        double[][] together = NamedHeads.Weights(head, tests, 0, 7);
        Assert.All(Enumerable.Range(0, 7), row => Assert.Equal(NamedHeads.Weights(head, tests, row, 1)[0], together[row]));
    }

    [Fact]
    public void Weights_and_lift_without_a_row_are_those_of_the_head_of_the_others()
    {
        FeatureMatrix features = SomeFeatures.Generic(23, 3, seed: 9);
        var head = TemperedRidgeHead.Fit(features, new FixedRidge(0.8), classes: 2);
        double[] weights = new double[32 * 24], lifts = new double[23], errors = new double[23];
        head.ComputeLeaveOneOutWeights(features, 0, 23, weights, 32, errors, lifts);
        Assert.All(Enumerable.Range(0, 23), left =>
        {
            int[] others = [.. Enumerable.Range(0, 23).Where(row => row != left)];
            double[] expected = new double[32 * Tile.Height], lift = new double[1];
            TemperedRidgeHead.Fit(features.SelectRows(others), new FixedRidge(0.8), classes: 2)
                .ComputeWeights(features, left, 1, expected, 32, lift);
            Assert.Equal(others.Select((_, i) => expected[i]), others.Select(row => weights[left * 32 + row]));
            Assert.Equal((0, lift[0], 0), (weights[left * 32 + left], lifts[left], errors[left]));
        });
    }

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        FeatureMatrix features = SomeFeatures.Generic(50, 19, seed: 84);
        double[] x = [.. Enumerable.Range(0, 19).Select(i => 0.1 * (i % 3))];
        double[][] weights = [.. KernelSet.All.Select(kernels => NamedHeads.Weights(
            TemperedRidgeHead.Fit(features, new RelativeRidge(), 2, 5, new ParallelOptions(), kernels), x))];
        Assert.All(weights, row => Assert.Equal(weights[^1], row));
    }

    [Fact]
    public void Gain_is_positive_and_there_are_two_classes()
    {
        FeatureMatrix features = SomeFeatures.Generic(5, 2, seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperedRidgeHead.Fit(features, gain: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperedRidgeHead.Fit(features, gain: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => TemperedRidgeHead.Fit(features, classes: 1));
    }

    /// <summary>Weights and lift as the head is defined, and how many gains were too large.</summary>
    private static (double[] Weights, double Lift, int Tried) Defined(
        FeatureMatrix features, double[] x, double lambda, int classes, double gain)
    {
        int n = features.Rows, k = x.Length;
        double[] mean = [.. Enumerable.Range(0, k).Select(i => Enumerable.Range(0, n).Average(row => features.Row(row)[i]))];
        double[][] centred = [.. Enumerable.Range(0, n).Select(row => mean.Select((m, i) => features.Row(row)[i] - m).ToArray())];
        double[] point = [.. x.Zip(mean, (a, b) => a - b)], z = Elimination.Solve(centred, lambda, point), p = Times(centred, z);
        double own = Dot(point, z), kappa = 1 - lambda * Dot(z, z) / own, like = Math.Min(n * own, (classes - 1) * kappa);
        double half = (like + kappa) / 2, noise = 40 * centred.Sum(row => Dot(row, row)) / n;
        double[] best = Times(centred, Elimination.Solve(centred, noise, point));
        for (int tried = 0; ; tried++, gain /= Math.Sqrt(2))
        {
            double[] a = [.. p.Select(value => Math.Tanh(gain * (n * value - (like - kappa) / 2) / half) / n)];
            if (Correlation(a) >= 0.9 * Correlation(best) || tried == 12)
                return (a, Math.Clamp(Dot(a, p) / Dot(p, p), 0, 1) - a.Sum(), tried);
        }

        double Correlation(double[] a)
        {
            double[] rebuilt = [.. Enumerable.Range(0, k).Select(i => centred.Zip(a, (row, weight) => row[i] * weight).Sum())];
            return Dot(rebuilt, point) / Math.Sqrt(Dot(rebuilt, rebuilt) + noise * a.Sum(weight => Math.Pow(weight - a.Average(), 2)));
        }
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Times(double[][] rows, double[] z) => [.. rows.Select(row => Dot(row, z))];
}
