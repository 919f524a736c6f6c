using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Heads;

/// <summary>The kernel's weights against their definition.</summary>
public class KernelSmootherHeadTests
{
    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(2, 0)]
    [InlineData(1e-3, 0)]
    [InlineData(1e9, 0)]
    [InlineData(0.5, 1000)]
    public void Weights_are_those_of_the_definition(double bandwidth, double origin)
    {
        FeatureMatrix features = SomeFeatures.Of(37, 3, seed: 100, (_, _, value) => value + origin);
        double[] x = [origin + 0.1, origin - 0.4, origin];
        double[] distances = [.. Enumerable.Range(0, 37)
            .Select(row => Enumerable.Range(0, 3).Sum(i => (features.Row(row)[i] - x[i]) * (features.Row(row)[i] - x[i])))];
        double[] powers = [.. distances.Select(distance => Math.Exp(-(distance - distances.Min()) / (2 * bandwidth * bandwidth)))];
        Assert.All(powers.Zip(NamedHeads.Weights(KernelSmootherHead.Fit(features, bandwidth), x)), pair =>
            Assert.Equal(pair.First / powers.Sum(), pair.Second, 1e-9));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e6, -1e6)]
    [InlineData(1e100, 1e100)]
    public void Weights_sum_to_one_however_far_the_row_is(double x, double y)
    {
        double[] weights = NamedHeads.Weights(KernelSmootherHead.Fit(SomeFeatures.Generic(50, 2, seed: 101), 0.1), x, y);
        Assert.All(weights, weight => Assert.InRange(weight, 0, 1));
        Assert.Equal(1, weights.Sum(), 1e-12);
    }

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(1e-200)]
    [InlineData(1e300)]
    public void Weights_of_extreme_bandwidths_sum_to_one(double bandwidth) =>
        Assert.Equal(
            1, NamedHeads.Weights(KernelSmootherHead.Fit(SomeFeatures.Generic(50, 2, seed: 102), bandwidth), 0.3, 0.3).Sum(), 1e-12);

    [Fact]
    public void Row_so_far_away_that_distances_overflow_has_no_weights() =>
        Assert.All(NamedHeads.Weights(KernelSmootherHead.Fit(SomeFeatures.Of(20, 2, seed: 103, (_, _, value) => 1e-150 * value)), 1e200,
            1e200), weight => Assert.Equal(double.NaN, weight));

    [Fact]
    public void Default_bandwidth_is_half_of_the_median_distance_to_the_tenth_neighbour()
    {
        FeatureMatrix features = SomeFeatures.Generic(201, 3, seed: 104);
        double[] tenth = [.. Enumerable.Range(0, 201).Select(row => Enumerable.Range(0, 201).Where(other => other != row)
            .Select(other => Distance(features, row, other)).Order().ElementAt(9)).Order()];
        Assert.Equal(tenth[100] / 2, KernelSmootherHead.Fit(features).Bandwidth, 1e-12);
    }

    [Fact]
    public void Default_bandwidth_of_few_rows_reaches_the_farthest() =>
        Assert.Equal(1.5, KernelSmootherHead.Fit(new FeatureMatrix(2, 1, [4, 7])).Bandwidth, 1e-12);

    [Fact]
    public void Default_bandwidth_of_repeated_rows_is_positive()
    {
        Assert.True(KernelSmootherHead.Fit(SomeFeatures.Of(100, 2, seed: 105, (row, _, value) => row < 60 ? 0 : value)).Bandwidth > 0);
        Assert.True(KernelSmootherHead.Fit(new FeatureMatrix(20, 1, new double[20])).Bandwidth > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Bandwidth_is_positive_and_finite(double bandwidth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelSmootherHead.Fit(SomeFeatures.Generic(5, 2, seed: 106), bandwidth));

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        FeatureMatrix features = SomeFeatures.Generic(53, 19, seed: 107);
        double[][] weights = [.. KernelSet.All.Select(kernels =>
            NamedHeads.Weights(KernelSmootherHead.Fit(features, 1.5, new ParallelOptions(), kernels), new double[19]))];
        Assert.All(weights, row => Assert.Equal(weights[^1], row));
    }

    private static double Distance(FeatureMatrix features, int a, int b) =>
        Math.Sqrt(Enumerable.Range(0, features.Columns)
            .Sum(i => (features.Row(a)[i] - features.Row(b)[i]) * (features.Row(a)[i] - features.Row(b)[i])));
}
