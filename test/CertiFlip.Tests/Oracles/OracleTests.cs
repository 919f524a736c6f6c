using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>The oracles against what is known without them.</summary>
public class OracleTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(-3.75)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    public void Doubles_survive_the_way_there_and_back(double value) => Assert.Equal(value, ((Rational)value).ToDouble(), 0.0);

    [Fact]
    public void A_tenth_is_the_stored_double() =>
        Assert.True((Rational)0.1 == new Rational(3602879701896397, BigInteger.One << 55));

    [Fact]
    public void Log_two_has_its_digits() =>
        AssertDigits("693147180559945309417232121458176568075500134360255254120680", HighPrecision.Log(2));

    [Fact]
    public void E_has_its_digits() =>
        AssertDigits("2718281828459045235360287471352662497757247093699959574966967", HighPrecision.Exp(1));

    [Fact]
    public void Exponential_undoes_the_logarithm()
    {
        foreach (Rational x in new Rational[] { 7, new(1, 3), 1e-300, 1e300, 0.999999 })
            Assert.True(Rational.Abs(HighPrecision.Exp(HighPrecision.Log(x)) / x - 1) < Math.ScaleB(1, -180));
    }

    [Fact]
    public void Lone_label_fails_with_the_probability_of_its_noise()
    {
        var oracle = new SmoothedVoteOracle([1], [1], 0.5, 0.1);
        Assert.True(oracle.FailureProbability(1) == 0.1);
        Assert.Equal((1, 1, 1), (oracle.SmoothedPrediction, oracle.LeastFlipsOfSmoothed, oracle.LeastFlipsOfHead));
    }

    [Fact]
    public void Majority_of_three_needs_two_flips()
    {
        var oracle = new SmoothedVoteOracle([1, 1, 1], [0, 0, 0], 1.5, 0.25);
        Assert.True(oracle.FailureProbability(0) == 10.0 / 64);
        Assert.Equal((0, 2, 2), (oracle.SmoothedPrediction, oracle.LeastFlipsOfSmoothed, oracle.LeastFlipsOfHead));
    }

    [Fact]
    public void Constant_vote_is_changed_by_no_flips() =>
        Assert.Equal(3, new SmoothedVoteOracle([0, 0], [0, 1], 0.5, 0.25).LeastFlipsOfSmoothed);

    [Fact]
    public void Tight_threshold_of_one_flip_is_an_eighth_at_a_fifth_of_noise() =>
        Assert.Equal(0.125, TightOracle.Threshold(1, 0.2).ToDouble(), 1e-15);

    private static void AssertDigits(string digits, Rational value)
    {
        // The first digits of value, rounded down, wherever the point stands.
        BigInteger power = BigInteger.Pow(10, value < 1 ? digits.Length : digits.Length - 1);
        Assert.Equal(digits, (value * power).Floor().ToString());
    }
}
