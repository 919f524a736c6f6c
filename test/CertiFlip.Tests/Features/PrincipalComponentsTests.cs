using CertiFlip.Features;

namespace CertiFlip.Tests.Features;

public class PrincipalComponentsTests
{
    [Theory]
    [InlineData(40, 7)]
    [InlineData(6, 30)]
    [InlineData(20, 20)]
    [InlineData(2, 3)]
    public void All_components_together_give_the_inputs_back(int n, int k)
    {
        FeatureMatrix inputs = Inputs(n, k);
        var map = PrincipalComponents.Fit(inputs, new PrincipalComponentsOptions { Components = k });
        FeatureMatrix features = map.Transform(inputs);
        for (int row = 0; row < n; row++)
        {
            for (int i = 0; i < k; i++)
            {
                double back = map.Means[i];
                for (int component = 0; component < map.Features; component++)
                    back += features.Row(row)[component] * map.Directions[component * k + i];
                Assert.Equal(inputs.Row(row)[i], back, 1e-9);
            }
        }

        Assert.Equal(map.TotalVariance, map.Variances.Sum(), 1e-9 * map.TotalVariance);
    }

    [Theory]
    [InlineData(40, 7)]
    [InlineData(6, 30)]
    public void Features_are_centred_uncorrelated_and_have_the_variances(int n, int k)
    {
        FeatureMatrix inputs = Inputs(n, k);
        var map = PrincipalComponents.Fit(inputs, new PrincipalComponentsOptions { Components = 5 });
        FeatureMatrix features = map.Transform(inputs);
        Assert.Equal(5, features.Columns);
        for (int a = 0; a < 5; a++)
        {
            Assert.Equal(0, Enumerable.Range(0, n).Sum(row => features.Row(row)[a]), 1e-9);
            for (int b = 0; b < 5; b++)
            {
                double covariance = Enumerable.Range(0, n).Sum(row => features.Row(row)[a] * features.Row(row)[b]) / (n - 1);
                Assert.Equal(a == b ? map.Variances[a] : 0, covariance, 1e-9);
            }
        }

        Assert.Equal(map.Variances.OrderDescending(), map.Variances);
    }

    /// <summary>Each component over its own standard deviation to the power W, which leaves σ^(1 − W).</summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Whitened_features_are_divided_by_a_power_of_their_deviation(double whitening)
    {
        FeatureMatrix inputs = Inputs(40, 7);
        FeatureMatrix plain = PrincipalComponents.Fit(inputs).Transform(inputs);
        FeatureMatrix white = PrincipalComponents.Fit(inputs, new() { Whitening = whitening }).Transform(inputs);
        for (int i = 0; i < 7; i++)
        {
            double deviation = Math.Sqrt(Enumerable.Range(0, 40).Sum(row => plain.Row(row)[i] * plain.Row(row)[i]) / 39);
            double left = Math.Sqrt(Enumerable.Range(0, 40).Sum(row => white.Row(row)[i] * white.Row(row)[i]) / 39);
            Assert.Equal(Math.Pow(deviation, 1 - whitening), left, 1e-9);
            for (int row = 0; row < 40; row++)
                Assert.Equal(plain.Row(row)[i] / Math.Pow(deviation, whitening), white.Row(row)[i], 1e-9);
        }
    }

    [Fact]
    public void What_is_stored_without_whitening_is_what_was_always_stored()
    {
        FeatureMatrix inputs = Inputs(30, 9);
        ModelArrays plain = new(), white = new();
        PrincipalComponents.Fit(inputs).Store(plain);
        Assert.Equal(["means", "directions", "variances", "total variance"], plain.All.Keys);
        var map = PrincipalComponents.Fit(inputs, new() { Whitening = 0.7 });
        map.Store(white);
        Assert.Equal([0.7], white.Doubles("power of deviations"));
        Assert.Equal(map.Transform(inputs).Values, PrincipalComponents.Restore(white).Transform(inputs).Values);
    }

    [Fact]
    public void No_direction_varies_more_than_the_first()
    {
        FeatureMatrix inputs = Inputs(60, 6);
        double first = PrincipalComponents.Fit(inputs).Variances[0];
        var random = new Random(4);
        for (int trial = 0; trial < 2_000; trial++)
        {
            double[] direction = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble() - 0.5)];
            double length = Math.Sqrt(direction.Sum(x => x * x));
            double[] along = [.. Enumerable.Range(0, 60)
                .Select(row => Enumerable.Range(0, 6).Sum(i => inputs.Row(row)[i] * direction[i] / length))];
            double mean = along.Average();
            Assert.InRange(along.Sum(x => (x - mean) * (x - mean)) / 59, 0, first * (1 + 1e-12));
        }
    }

    [Fact]
    public void Components_that_do_not_vary_are_left_out()
    {
        double[] values = [.. Enumerable.Range(0, 20).SelectMany(row => new[] { row, 2.0 * row, 5, 0 })];
        var map = PrincipalComponents.Fit(new FeatureMatrix(20, 4, values));
        Assert.Equal(1, map.Features);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        FeatureMatrix inputs = Inputs(300, 200);
        var one = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        var map = PrincipalComponents.Fit(inputs, parallel: one);
        var other = PrincipalComponents.Fit(inputs, parallel: new ParallelOptions { MaxDegreeOfParallelism = 5 });
        Assert.Equal(map.Directions, other.Directions);
        Assert.Equal(map.Transform(inputs, one).Values, other.Transform(inputs).Values);
    }

    [Fact]
    public void Restored_components_map_to_the_same_bits()
    {
        FeatureMatrix inputs = Inputs(30, 9);
        var map = PrincipalComponents.Fit(inputs);
        var again = new PrincipalComponents(map.Means, map.Directions, map.Variances, map.TotalVariance);
        Assert.Equal(map.Transform(inputs).Values, again.Transform(inputs).Values);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(new FeatureMatrix(1, 2, [1, 2])));
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(new FeatureMatrix(2, 2, [1, 2, 1, 2])));
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(Inputs(9, 3)).Transform(Inputs(2, 4)));
        Assert.Throws<ArgumentException>(() => new PrincipalComponents([0, 0], [1], [1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrincipalComponentsOptions { Components = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrincipalComponentsOptions { Whitening = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrincipalComponentsOptions { Whitening = double.NaN });
        Assert.Throws<ArgumentException>(() => new PrincipalComponents([0, 0], [1, 0], [1], 1, -0.1));
        Assert.Throws<ArgumentException>(() => new PrincipalComponents([0, 0], [1, 0], [0], 1, 0.5));
    }

    private static FeatureMatrix Inputs(int n, int k)
    {
        var random = new Random(n * 1_000 + k);
        return new FeatureMatrix(
            n, k, [.. Enumerable.Range(0, n * k).Select(i => 3 + (1 + i % k) * (random.NextDouble() - 0.5) + random.NextDouble())]);
    }
}
