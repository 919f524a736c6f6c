using System.Numerics;
using CertiFlip.Numerics;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Numerics;

public class BinomialTests
{
    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(7, 0.5)]
    [InlineData(15, 0.01)]
    [InlineData(16, 0.3)]
    [InlineData(60, 0.45)]
    [InlineData(60, 1e-12)]
    [InlineData(301, 0.0001)]
    public void Log_probability_agrees_with_exact_rationals(int trials, double p)
    {
        BigInteger coefficient = 1;
        for (int successes = 0; successes <= trials; successes++)
        {
            Rational exact = new Rational(coefficient, 1) * Power(p, successes) * Power(1 - (Rational)p, trials - successes);
            double log = HighPrecision.Log(exact).ToDouble();
            Assert.Equal(log, Binomial.LogProbability(successes, trials, p, 1 - p), 1e-13 + 2e-15 * Math.Abs(log));
            coefficient = coefficient * (trials - successes) / (successes + 1);
        }
    }

    [Fact]
    public void Probabilities_of_many_trials_sum_to_one() =>
        Assert.Equal(1, Enumerable.Range(0, 20_001).Sum(successes => Math.Exp(Binomial.LogProbability(successes, 20_000, 0.3, 0.7))), 1e-11);

    [Fact]
    public void No_trials_have_no_successes() => Assert.Equal(0, Binomial.LogProbability(0, 0, 0.3, 0.7));

    private static Rational Power(Rational x, int exponent) => new(BigInteger.Pow(x.Numerator, exponent), BigInteger.Pow(x.Denominator, exponent));
}
