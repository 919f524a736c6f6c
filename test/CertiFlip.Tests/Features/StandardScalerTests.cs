using CertiFlip.Features;

namespace CertiFlip.Tests.Features;

public class StandardScalerTests
{
    [Fact]
    public void Each_column_is_centred_and_divided_by_its_deviation()
    {
        var inputs = new FeatureMatrix(4, 2, [1, 500, 3, 100, 5, 300, 7, 300]);
        var scaler = StandardScaler.Fit(inputs);
        Assert.Equal([4.0, 300], scaler.Means);
        Assert.Equal(Math.Sqrt(5), scaler.Scales[0], 1e-15);
        Assert.Equal(Math.Sqrt(20_000), scaler.Scales[1], 1e-12);
        Assert.Equal([3 / Math.Sqrt(5), 0], scaler.Transform(new FeatureMatrix(1, 2, [7, 300])).Values.ToArray());
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-5)]
    [InlineData(1000)]
    [InlineData(1e300)]
    public void The_unit_of_a_column_does_not_matter(double unit)
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble() - 0.2)];
        FeatureMatrix inputs = new(20, 3, values), others = new(20, 3, [.. values.Select((value, i) => i % 3 == 1 ? value * unit : value)]);
        double[] expected = StandardScaler.Fit(inputs)
            .Transform(inputs).Values.ToArray(), actual = StandardScaler.Fit(others).Transform(others).Values.ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Fact]
    public void A_column_that_does_not_vary_becomes_zeros()
    {
        var inputs = new FeatureMatrix(3, 2, [0.1, 1, 0.1, 2, 0.1, 4]);
        Assert.Equal([0.0, 0, 0], StandardScaler.Fit(inputs).Transform(inputs).Values.ToArray().Where((_, i) => i % 2 == 0));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var random = new Random(2);
        var inputs = new FeatureMatrix(50, 4, [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())]);
        var scaler = StandardScaler.Fit(inputs);
        Assert.Equal(
            scaler.Transform(inputs, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Values.ToArray(),
            scaler.Transform(inputs, new ParallelOptions { MaxDegreeOfParallelism = 3 }).Values.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => StandardScaler.Fit(new FeatureMatrix(0, 2, [])));
        Assert.Throws<ArgumentException>(() => new StandardScaler([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new StandardScaler([1], [0]));
        Assert.Throws<ArgumentException>(() => new StandardScaler([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new StandardScaler([1], [1]).Transform(new FeatureMatrix(1, 2, [1, 2])));
    }
}
