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

    [Theory]
    [InlineData(0.0, 3)]
    [InlineData(-0.1, 3)]
    [InlineData(0.67, 3)]
    [InlineData(0.75, 4)]
    [InlineData(1.0, 1000)]
    [InlineData(double.NaN, 3)]
    public void Noise_in_which_a_label_would_no_longer_be_the_likeliest_is_refused(double q, int classes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Noise(q, classes));

    [Theory]
    [InlineData(0.66, 3)]
    [InlineData(0.7499999999999999, 4)]
    [InlineData(0.89, 10)]
    public void More_classes_allow_more_noise(double q, int classes)
    {
        var noise = new Noise(q, classes);
        Assert.Equal((q, classes), (noise.Q, noise.Classes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-3)]
    public void Noise_needs_two_classes(int classes) => Assert.Throws<ArgumentOutOfRangeException>(() => new Noise(0.1, classes));

    [Theory]
    [InlineData(double.Epsilon, 3)]
    [InlineData(1e-9, 4)]
    [InlineData(0.3, 10)]
    [InlineData(0.6, 3)]
    [InlineData(0.6666666, 3)]
    [InlineData(0.7499999999999999, 4)]
    public void Logit_of_many_classes_is_accurate_to_a_few_roundings(double q, int classes)
    {
        double exact = HighPrecision.Log((1 - (Rational)q) * (classes - 1) / q).ToDouble();
        Assert.Equal(exact, new Noise(q, classes).Logit, 5e-16 * exact);
    }
}
