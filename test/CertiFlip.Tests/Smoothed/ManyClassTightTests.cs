using CertiFlip.Smoothed;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothed;

/// <summary>
/// The discrete bound's thresholds for K classes against exact rational ones, and the radius read from them.
/// </summary>
public class ManyClassTightTests
{
    private const int Rows = 1000;
    private const int LargestRadius = 40;

    public static TheoryData<double, int> NoiseLevels => new()
    {
        { 0.01, 2 }, { 0.01, 3 }, { 0.01, 4 }, { 0.01, 10 },
        { 0.1, 2 }, { 0.1, 3 }, { 0.1, 4 }, { 0.1, 10 },
        { 0.3, 2 }, { 0.3, 3 }, { 0.3, 4 }, { 0.3, 10 },
        { 0.5, 3 }, { 0.5, 4 }, { 0.5, 10 },
        { 0.6, 3 }, { 0.74, 4 }, { 0.89, 10 }, { 1e-12, 4 }, { 1e-6, 3 },
    };

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Log_threshold_is_never_above_the_exact_one(double q, int classes)
    {
        var tight = new TightCertificate(new Noise(q, classes), Rows);
        foreach ((int radius, Rational exact) in LogExactThresholds(q, classes))
            Assert.True(tight.LogThreshold(radius) <= exact + HighPrecision.Error,
                $"r = {radius}: {tight.LogThreshold(radius):R} > {exact}");
    }

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Log_threshold_is_close_to_the_exact_one(double q, int classes)
    {
        var tight = new TightCertificate(new Noise(q, classes), Rows);
        foreach ((int radius, Rational exact) in LogExactThresholds(q, classes))
            Assert.Equal(exact.ToDouble(), tight.LogThreshold(radius), 1e-9);
    }

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Radius_below_a_threshold_reaches_it(double q, int classes)
    {
        var tight = new TightCertificate(new Noise(q, classes), Rows);
        foreach ((int radius, Rational exact) in LogExactThresholds(q, classes).Skip(1))
            Assert.Equal(radius, tight.Radius(exact.ToDouble() - 1e-9));
    }

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Radius_just_above_a_threshold_does_not_reach_it(double q, int classes)
    {
        var tight = new TightCertificate(new Noise(q, classes), Rows);
        foreach ((int radius, Rational exact) in LogExactThresholds(q, classes).Skip(1))
            Assert.Equal(radius - 1, tight.Radius(exact.ToDouble() + 1e-9));
    }

    [Theory]
    [InlineData(0.01, 3, 200)]
    [InlineData(0.25, 4, 400)]
    [InlineData(0.625, 10, 400)]
    public void Log_threshold_of_a_large_radius_is_close_to_the_exact_one_and_not_above_it(double q, int classes, int radius)
    {
        double threshold = new TightCertificate(new Noise(q, classes), radius).LogThreshold(radius);
        Rational exact = HighPrecision.Log(ManyClassTightOracle.Threshold(radius, q, classes));
        Assert.True(threshold <= exact + HighPrecision.Error, $"{threshold:R} > {exact}");
        Assert.Equal(exact.ToDouble(), threshold, 1e-12 * Math.Abs(exact.ToDouble()) + 1e-9);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    public void Thresholds_fall_as_the_radius_grows(int classes)
    {
        var tight = new TightCertificate(new Noise(0.3, classes), Rows);
        for (int radius = 1; radius <= 500; radius++)
            Assert.True(tight.LogThreshold(radius) < tight.LogThreshold(radius - 1), $"r = {radius}");
    }

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-1e300)]
    [InlineData(-1000.0)]
    public void Radius_is_never_above_the_number_of_rows(double logFailure) =>
        Assert.Equal(5, new TightCertificate(new Noise(0.1, 4), 5).Radius(logFailure));

    [Fact]
    public void Kl_radius_is_never_above_the_tight_one()
    {
        foreach ((double q, int classes) in from row in NoiseLevels select row.Data)
        {
            var noise = new Noise(q, classes);
            var certificate = new TightCertificate(noise, Rows);
            for (double logFailure = -1e-9; logFailure > -2e3; logFailure *= 1.13)
            {
                int kl = KlCertificate.Radius(logFailure, noise, Rows);
                int tight = certificate.Radius(logFailure);
                Assert.True(kl <= tight, $"q = {q}, K = {classes}, log B = {logFailure:R}: kl {kl}, tight {tight}");
            }
        }
    }

    private static IEnumerable<(int Radius, Rational Exact)> LogExactThresholds(double q, int classes) =>
        ManyClassTightOracle.Thresholds(LargestRadius, q, classes).Select((threshold, radius) => (radius, HighPrecision.Log(threshold)));
}
