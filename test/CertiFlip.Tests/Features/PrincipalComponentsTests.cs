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
    }

    private static FeatureMatrix Inputs(int n, int k)
    {
        var random = new Random(n * 1_000 + k);
        return new FeatureMatrix(
            n, k, [.. Enumerable.Range(0, n * k).Select(i => 3 + (1 + i % k) * (random.NextDouble() - 0.5) + random.NextDouble())]);
    }
}
