using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>The oracles for smoothing against what is known without them.</summary>
public class SmoothingOracleTests
{
    [Theory]
    [InlineData(1.0, "158655253931457051414767454367962077522")]
    [InlineData(5.0, "286651571879193911673752333459149546")]
    [InlineData(10.0, "7619853024160526065973")]
    public void Normal_tail_has_its_digits(double z, string digits)
    {
        double expected = double.Parse($"0.{digits}", System.Globalization.CultureInfo.InvariantCulture);
        double tail = HighPrecision.Exp(NormalOracle.LogTail(z)).ToDouble();
        Assert.Equal(expected, tail * Math.Pow(10, Math.Floor(-Math.Log10(tail))), 1e-15);
    }

    [Fact]
    public void Normal_tail_by_series_and_by_fraction_agree()
    {
        Rational series = NormalOracle.LogTailBySeries(8);
        Assert.True(Rational.Abs(series - NormalOracle.LogTailByFraction(8)) < NormalOracle.Error);
        Assert.True(Rational.Abs(series - NormalOracle.LogTailByFraction(8, 301)) < NormalOracle.Error);
    }

    [Fact]
    public void Binomial_tail_of_a_fair_coin_counts_patterns()
    {
        Assert.True(BinomialOracle.TailIsAtMost(new Rational(11, 1024), 1, 10, new Rational(1, 2)));
        Assert.False(BinomialOracle.TailIsAtMost(new Rational(11, 1024) - 1e-30, 1, 10, new Rational(1, 2)));
        Assert.True(Rational.Abs(BinomialOracle.LogTail(1, 10, new Rational(1, 2)) - HighPrecision.Log(new Rational(11, 1024))) < 100
            * HighPrecision.Error);
    }

    [Fact]
    public void Threshold_of_listed_points_is_that_of_counts()
    {
        for (int flips = 1; flips <= 6; flips++)
            Assert.True(new FactorisedOracle(0.75, 1, flips).Threshold(new Rational(1, 2)) == TightOracle.Threshold(flips, 0.25));
        Assert.True(new FactorisedOracle(0.5, 3, 4).Threshold(new Rational(1, 2)) == ManyClassTightOracle.Threshold(4, 0.5, 4));
    }

    [Fact]
    public void Divergence_of_a_coin_is_known() =>
        Assert.True(Rational.Abs(DivergenceOracle.Of([BigInteger.One, 3], [2, 2])!.Value
            - (HighPrecision.Log(new Rational(1, 2)) + 3 * HighPrecision.Log(new Rational(3, 2))) / 4) < HighPrecision.Error);
}
