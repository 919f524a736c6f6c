using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothed;

/// <summary>The discrete bound's thresholds against exact rational ones, and the radius read from them.</summary>
public class TightCertificateTests
{
    private const int Rows = 10_000;
    private const int LargestRadius = 60;

    public static TheoryData<double> NoiseLevels => [0.01, 0.1, 0.2, 0.3, 0.45];

    public static TheoryData<double, int> LargeRadii => new()
    {
        { 0.01, 200 },
        { 0.1, 1000 },
        { 0.2, 3000 },
        { 0.3, 1000 },
        { 0.45, 3000 },
        { 1e-12, 7 },
        { 1e-12, 40 },
        { 1e-300, 3 },
        { 0.4999999, 51 },
        { 0.4999999, 2000 },
    };

    public static TheoryData<double, int> HugeRadii => new()
    {
        { 0.2, 5000 },
        { 0.01, 100_000 },
        { 0.3, 10_000 },
        { 0.45, 100_000 },
        { 0.49000000000000005, 100_000 },
        { 0.49990000000000007, 100_000 },
    };

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Log_threshold_is_never_above_the_exact_one(double q)
    {
        for (int radius = 1; radius <= LargestRadius; radius++)
            AssertNotAbove(q, radius);
    }

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Log_threshold_is_close_to_the_exact_one(double q)
    {
        for (int radius = 0; radius <= LargestRadius; radius++)
            AssertClose(q, radius);
    }

    [Theory]
    [MemberData(nameof(LargeRadii))]
    public void Log_threshold_of_a_large_radius_is_never_above_the_exact_one(double q, int radius) => AssertNotAbove(q, radius);

    [Theory]
    [MemberData(nameof(LargeRadii))]
    public void Log_threshold_of_a_large_radius_is_close_to_the_exact_one(double q, int radius) => AssertClose(q, radius);

    [Theory]
    [Trait("Tier", "Slow")]
    [MemberData(nameof(HugeRadii))]
    public void Log_threshold_of_a_huge_radius_is_never_above_the_exact_one(double q, int radius)
    {
        double threshold = new TightCertificate(new Noise(q), radius).LogThreshold(radius);
        Rational exact = TightOracle.LogThreshold(radius, q);
        Assert.True(threshold <= exact, $"{threshold:R} is above {exact.ToDouble():R} by {(threshold - exact).ToDouble():R}");
    }

    [Fact]
    public void Oracle_for_huge_radii_agrees_with_the_rational_one()
    {
        foreach (int radius in new[] { 1, 2, 3, 10, 57, 400 })
        {
            Rational difference = TightOracle.LogThreshold(radius, 0.3) - LogExactThreshold(radius, 0.3);
            Assert.True(Rational.Abs(difference) < Math.ScaleB(1, -150), $"r = {radius}: {difference}");
        }
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.875)]
    [InlineData(2, 0.96875)]
    [InlineData(3, 0.9921875)]
    public void Least_certified_vote_is_that_of_the_table_by_Lee_et_al(int radius, double p) =>
        Assert.Equal(p, 1 - Math.Exp(new TightCertificate(new Noise(0.2), radius).LogThreshold(radius)), 1e-12);

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Radius_below_a_threshold_reaches_it(double q)
    {
        var tight = new TightCertificate(new Noise(q), Rows);
        for (int radius = 1; radius <= LargestRadius; radius++)
            Assert.Equal(radius, tight.Radius(LogExactThreshold(radius, q).ToDouble() - 1e-9));
    }

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Radius_just_above_a_threshold_does_not_reach_it(double q)
    {
        var tight = new TightCertificate(new Noise(q), Rows);
        for (int radius = 1; radius <= LargestRadius; radius++)
            Assert.Equal(radius - 1, tight.Radius(JustAbove(LogExactThreshold(radius, q))));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.4999999)]
    public void Thresholds_fall_as_the_radius_grows(double q)
    {
        var tight = new TightCertificate(new Noise(q), Rows);
        for (int radius = 1; radius <= 2000; radius++)
            Assert.True(tight.LogThreshold(radius) < tight.LogThreshold(radius - 1), $"q = {q}, r = {radius}");
    }

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-1e300)]
    [InlineData(-1000.0)]
    public void Radius_is_never_above_the_number_of_rows(double logFailure) =>
        Assert.Equal(5, new TightCertificate(new Noise(0.1), 5).Radius(logFailure));

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(SmoothedValue.LogHalf)]
    public void Radius_is_nought_where_the_vote_may_be_lost(double logFailure) =>
        Assert.Equal(0, new TightCertificate(new Noise(0.1), 100).Radius(logFailure));

    [Fact]
    [Trait("Tier", "Slow")]
    public void Kl_radius_is_never_above_the_tight_one()
    {
        double[] noiseLevels = [1e-300, 1e-12, 1e-6, 0.001, 0.01, 0.1, 0.2, 0.3, 0.45, 0.49, 0.499999];
        foreach (Noise noise in noiseLevels.Select(q => new Noise(q)))
        {
            var certificate = new TightCertificate(noise, 100_000);
            for (double logFailure = -1e-9; logFailure > -1e5; logFailure *= 1.07)
            {
                int kl = KlCertificate.Radius(logFailure, noise, 100_000);
                int tight = certificate.Radius(logFailure);
                Assert.True(kl <= tight, $"q = {noise.Q}, log B = {logFailure:R}: kl {kl}, tight {tight}");
            }
        }
    }

    [Fact]
    public void Larger_failure_probability_never_gives_a_larger_radius()
    {
        var tight = new TightCertificate(new Noise(0.3), Rows);
        int last = int.MaxValue;
        for (double logFailure = -200; logFailure < 0; logFailure += 0.37)
        {
            int radius = tight.Radius(logFailure);
            Assert.True(radius <= last);
            last = radius;
        }
    }

    private static Rational LogExactThreshold(int radius, double q) => HighPrecision.Log(TightOracle.Threshold(radius, q));

    private static double JustAbove(Rational value)
    {
        double above = value.ToDouble();
        while (above <= value)
            above = Math.BitIncrement(above);
        return above;
    }

    private static void AssertNotAbove(double q, int radius)
    {
        double threshold = new TightCertificate(new Noise(q), radius).LogThreshold(radius);
        Assert.True(threshold <= LogExactThreshold(radius, q) + HighPrecision.Error, $"q = {q}, r = {radius}: {threshold:R}");
    }

    private static void AssertClose(double q, int radius)
    {
        double exact = LogExactThreshold(radius, q).ToDouble();
        Assert.Equal(exact, new TightCertificate(new Noise(q), radius).LogThreshold(radius), 1e-9 + 1e-12 * Math.Abs(exact));
    }
}
