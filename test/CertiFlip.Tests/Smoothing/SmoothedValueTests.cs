using System.Numerics;
using CertiFlip.Kernels;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothing;

/// <summary>G(μ, φ) and its failure probability against exact fractions: never too small, nowhere far off.</summary>
public class SmoothedValueTests
{
    public static TheoryData<double> Probabilities =>
    [
        double.Epsilon, 1e-300, 1e-17, 0.1, 0.25, 0.4999999, Math.BitDecrement(0.5),
        Math.BitIncrement(0.5), 0.5000001, 0.75, 0.9, 1 - 1e-9, Math.BitDecrement(1),
    ];

    [Theory]
    [MemberData(nameof(Probabilities))]
    public void Failure_probability_of_a_number_is_not_below_the_true_one_and_close(double p)
    {
        var value = SmoothedValue.Of(p);
        Rational exact = HighPrecision.Log(p < 0.5 ? p : 1 - (Rational)p);
        Assert.Equal(p >= 0.5, value.Vote);
        Assert.True(value.LogFailure >= exact - HighPrecision.Error, $"{value.LogFailure:R} < {exact}");
        Assert.Equal(exact.ToDouble(), value.LogFailure, 2e-15 * Math.Abs(exact.ToDouble()));
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(1.0, true)]
    public void Certain_vote_has_no_failure_probability(double p, bool vote) =>
        Assert.Equal((vote, double.NegativeInfinity, true),
            (SmoothedValue.Of(p).Vote, SmoothedValue.Of(p).LogFailure, SmoothedValue.Of(p).IsDecided));

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.49999999999999994)]
    public void Vote_at_one_half_is_open(double p) => Assert.False(SmoothedValue.Of(p).IsDecided);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0000000000000002)]
    [InlineData(double.NaN)]
    public void Number_that_is_no_probability_is_refused(double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(p), () => SmoothedValue.Of(p));

    [Fact]
    public void Failure_probability_that_is_not_a_number_is_refused() =>
        Assert.Throws<ArgumentException>("logFailure", () => SmoothedValue.FromLogFailure(true, double.NaN));

    [Fact]
    public void Default_value_is_open() => Assert.False(default(SmoothedValue).IsDecided);

    [Fact]
    public void Sum_over_points_is_not_below_the_true_failure_probability_and_close() => Claim.HoldsFor(DyadicMeasures.Any, 40, pair =>
    {
        int all = pair.Mu.Sum();
        for (int phi = 0; phi < 1 << pair.Mu.Length; phi++)
        {
            var value = SmoothedValue.Of(pair.MuMeasure, point => (phi >> point & 1) == 1);
            int ones = pair.Mu.Where((_, point) => (phi >> point & 1) == 1).Sum();
            AssertFailure(new Rational(Math.Min(ones, all - ones), all), value);
            Assert.True(!value.IsDecided || value.Vote == 2L * ones >= all);
        }
    });

    [Theory]
    [InlineData(5, 1)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void Sum_over_points_whose_probabilities_are_rounded_is_not_below_the_true_one(int dimensions, int others)
    {
        foreach (double alpha in DiscreteDefinitionTests.Alphas(others))
        {
            var points = new FactorisedOracle(alpha, others, dimensions);
            BigInteger[] weights = points.WeightsAround(new int[dimensions]);
            var random = new PhiloxRandom(1, 0);
            for (int i = 0; i < 40; i++)
            {
                bool[] phi = [.. weights.Select(_ => random.Next(1 + i % 8) == 0)];
                int next = 0; // The oracle counts through the coordinates the other way round, which around 0 changes no weight.
                var value = SmoothedValue.Of(new DiscreteMeasure(new int[dimensions], alpha, others), _ => phi[next++]);
                BigInteger ones = weights.Zip(phi).Aggregate(BigInteger.Zero, (sum, point) => point.Second ? sum + point.First : sum);
                AssertFailure(new Rational(BigInteger.Min(ones, points.All - ones), points.All), value);
            }
        }
    }

    [Fact]
    public void Long_sum_is_not_below_the_true_one()
    {
        for (int points = 300; points <= 6000; points += 300)
        {
            var mu = new FiniteMeasure([.. Enumerable.Repeat(1.0, points)]);
            int against = points / 3;
            AssertFailure(against * (Rational)mu.Probabilities[0], SmoothedValue.Of(mu, point => point >= against), 1e-11);
        }
    }

    [Theory]
    [InlineData(1e-300, 1)]
    [InlineData(1e-90, 3)]
    [InlineData(0.9999999999999999, 1)]
    [InlineData(0.2, 2)]
    public void Points_too_rare_for_a_double_are_not_taken_for_impossible(double alpha, int others)
    {
        // φ is 1 at the rarest point alone: z itself, or the one that differs from it everywhere.
        const int Dimensions = 4;
        int[] rarest = [.. Enumerable.Repeat(alpha < 0.5 ? 0 : 1, Dimensions)];
        var value = SmoothedValue.Of(new DiscreteMeasure(new int[Dimensions], alpha, others), point => point.SequenceEqual(rarest));
        Rational probability = alpha < 0.5 ? alpha : (1 - (Rational)alpha) / others;
        Assert.True(value.LogFailure >= Dimensions * HighPrecision.Log(probability), $"{value.LogFailure:R}");
        Assert.False(value.Vote);
    }

    [Fact]
    public void Impossible_points_are_impossible()
    {
        var mu = new DiscreteMeasure([0, 0], 0, 2);
        Assert.Equal(double.NegativeInfinity, SmoothedValue.Of(mu, point => point.Contains(0)).LogFailure);
    }

    private static void AssertFailure(Rational exact, SmoothedValue value, double tolerance = 1e-13)
    {
        if (exact.Sign == 0)
        {
            Assert.Equal(double.NegativeInfinity, value.LogFailure);
            return;
        }

        Rational log = HighPrecision.Log(exact);
        Assert.True(value.LogFailure >= log - HighPrecision.Error, $"{value.LogFailure:R} < {log}");

        // Probabilities near the smallest double are rounded up.
        if (value.LogFailure > -600)
            Assert.Equal(log.ToDouble(), value.LogFailure, tolerance * (1 - value.LogFailure));
    }
}
