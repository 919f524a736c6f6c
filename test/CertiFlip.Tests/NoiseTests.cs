using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests;

public class NoiseTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.1)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Noise_outside_nought_and_one_half_is_refused(double q) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Noise(q));

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(1e-300)]
    [InlineData(1e-9)]
    [InlineData(0.1)]
    [InlineData(0.24999999999999997)]
    [InlineData(0.25)]
    [InlineData(0.45)]
    [InlineData(0.499999999999)]
    [InlineData(0.49999999999999994)]
    public void Logit_is_accurate_to_a_few_roundings(double q)
    {
        double exact = HighPrecision.Log((1 - (Rational)q) / q).ToDouble();
        Assert.Equal(exact, new Noise(q).Logit, 4e-16 * exact);
    }
}
