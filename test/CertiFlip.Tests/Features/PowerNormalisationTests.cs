using CertiFlip.Features;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Features;

public class PowerNormalisationTests
{
    [Fact]
    public void Sizes_become_square_roots_and_keep_their_signs()
    {
        var inputs = new FeatureMatrix(2, 3, [4, -9, 0, 0.25, -1, 2]);
        Assert.Equal([2.0, -3, 0, 0.5, -1, Math.Sqrt(2)], new PowerNormalisation(3).Transform(inputs).Values.ToArray());
    }

    /// <summary>Against e^(p·log x) in fixed point, far beyond the precision of a double.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.25)]
    [InlineData(0.7)]
    [InlineData(0.01)]
    public void Sizes_become_powers(double power)
    {
        double[] sizes = [5e-324, 1e-300, 1e-9, 0.3, 1, 1.7, 12_345, 1e300, double.MaxValue];
        double[] numbers = [.. sizes, .. sizes.Select(size => -size)];
        double[] found = new PowerNormalisation(numbers.Length, power).Transform(new FeatureMatrix(1, numbers.Length, numbers))
            .Values.ToArray();
        for (int i = 0; i < numbers.Length; i++)
        {
            Rational log = HighPrecision.Log(Math.Abs(numbers[i]));
            double expected = HighPrecision.Exp((Rational)power * log).ToDouble();
            Assert.Equal(Math.Sign(numbers[i]) * expected, found[i], expected * 1e-13);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.3)]
    public void Threads_do_not_change_a_bit_and_zeros_stay(double power)
    {
        var random = new Random(2);
        var inputs = new FeatureMatrix(50, 9, [.. Enumerable.Range(0, 450).Select(i => i % 4 == 0 ? 0 : random.NextDouble() - 0.5)]);
        var map = new PowerNormalisation(9, power);
        double[] one = map.Transform(inputs, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Values.ToArray();
        Assert.Equal(one, map.Transform(inputs, new ParallelOptions { MaxDegreeOfParallelism = 3 }).Values.ToArray());
        Assert.All(one.Where((_, i) => i % 4 == 0), number => Assert.Equal(0, number));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void What_is_no_power_is_refused(double power) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerNormalisation(3, power));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerNormalisation(0));
        Assert.Throws<ArgumentException>(() => new PowerNormalisation(3).Transform(new FeatureMatrix(1, 2, [1, 2])));
    }
}
