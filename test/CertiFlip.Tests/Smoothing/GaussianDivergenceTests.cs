using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Smoothing;

/// <summary>
/// Shifts and divergences of Gaussians against exact squares and logarithms to fifty digits: never below, and close.
/// </summary>
public class GaussianDivergenceTests
{
    private static Gen<double> Coordinate =>
        from significand in Gen.Choose(-1 << 29, 1 << 29)
        from exponent in Gen.Elements(-29, -29, -29, -32, -200, -600, -1030, 400, 630)
        select Math.ScaleB(significand, exponent);

    private static Gen<double> Width => Gen.OneOf(
        Gen.Choose(1, 1 << 30).Select(i => Math.ScaleB(i, -28)),
        Gen.Elements(1.0, Math.BitIncrement(1), Math.BitDecrement(2), 2, 1e-200, 1e200));

    private static Gen<(double[] X, double Sigma, double[] Other, double OtherSigma)> Pairs =>
        from d in Gen.Choose(1, 5)
        from x in Coordinate.ArrayOf(d)
        from other in Gen.OneOf(Coordinate.ArrayOf(d), Gen.Constant(x), Gen.Constant(x.Select(Math.BitIncrement).ToArray()))
        from sigma in Width
        from otherSigma in Gen.OneOf(Gen.Constant(sigma), Width)
        select (x, sigma, other, otherSigma);

    [Fact]
    public void Divergence_is_not_below_the_true_one_and_close() => Claim.HoldsFor(Pairs, pair =>
    {
        Rational exact = DivergenceOracle.OfGaussians(pair.X, pair.Sigma, pair.Other, pair.OtherSigma);
        double divergence = new GaussianMeasure(pair.X, pair.Sigma).KlDivergence(new GaussianMeasure(pair.Other, pair.OtherSigma));
        AssertNotBelow(exact - 100 * HighPrecision.Error, divergence);
        AssertNotAbove(exact * (1 + (Rational)1e-13) + 1e-13, divergence);
    });

    [Fact]
    public void Distance_is_not_below_the_true_one_and_close() => Claim.HoldsFor(Pairs, pair =>
    {
        Rational square = DivergenceOracle.SquaredShift(pair.X, pair.Other, pair.Sigma);
        double distance = new GaussianGuarantee()
            .Distance(new GaussianMeasure(pair.X, pair.Sigma), new GaussianMeasure(pair.Other, pair.Sigma));
        if (double.IsPositiveInfinity(distance))
        {
            Assert.True(square > 1e290);
            return;
        }

        Assert.True((Rational)distance * distance >= square, $"{distance:R}² < {square}");
        Assert.True((Rational)distance * distance <= square * (1 + (Rational)1e-13) + 1e-156, $"{distance:R}² > {square}");
    });

    [Theory]
    [InlineData(1e300, 1e-300)]
    [InlineData(1e-300, 1e300)]
    [InlineData(1e-10, 1.7e308)]
    [InlineData(1e-15, 1.2345e308)]
    [InlineData(5e-324, 1.2)]
    [InlineData(1.2, 5e-324)]
    public void Divergence_between_widths_far_apart_is_not_below_the_true_one(double sigma, double otherSigma)
    {
        double divergence = new GaussianMeasure([0, 1], sigma).KlDivergence(new GaussianMeasure([0, 1], otherSigma));
        AssertNotBelow(DivergenceOracle.OfGaussians([0, 1], sigma, [0, 1], otherSigma), divergence);
    }

    [Fact]
    public void Measure_is_nowhere_from_itself()
    {
        var mu = new GaussianMeasure([1e200, -3, 1e-200], 0.1);
        Assert.Equal(0, new GaussianGuarantee().Distance(mu, mu));
        Assert.Equal(0, mu.KlDivergence(mu));
    }

    [Theory]
    [InlineData(1e-200, 1.0)]
    [InlineData(double.Epsilon, 1e300)]
    public void Least_shift_is_not_taken_for_none(double delta, double sigma) =>
        Assert.True(new GaussianGuarantee().Distance(new GaussianMeasure([0], sigma), new GaussianMeasure([delta], sigma)) > 0);

    [Fact]
    public void Measures_that_differ_in_width_or_space_are_refused()
    {
        var mu = new GaussianMeasure([0], 1);
        Assert.Throws<ArgumentException>(() => new GaussianGuarantee().Distance(mu, new GaussianMeasure([0], 2)));
        Assert.Throws<ArgumentException>(() => new GaussianGuarantee().Distance(mu, new GaussianMeasure([0, 0], 1)));
    }

    private static void AssertNotBelow(Rational exact, double value) =>
        Assert.True(double.IsPositiveInfinity(value) || value >= exact, $"{value:R} < {exact}");

    /// <summary>What is beyond a double's range, or whose squares are, may be +∞.</summary>
    private static void AssertNotAbove(Rational most, double value) =>
        Assert.True(double.IsPositiveInfinity(value) ? most > 1e290 : value <= most, $"{value:R} > {most}");
}
