using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothing;

/// <summary>ℱ of (4) for any α and K against thresholds from a list of all points of {0, …, K}ʳ.</summary>
public class DiscreteThresholdTests
{
    // Where sets come this close to ½, a threshold may be that of sets which reach it.
    private static readonly Rational Nearly = new Rational(1, 2) - 1e-13;

    public static TheoryData<int, int> Sizes => new() { { 1, 8 }, { 2, 5 }, { 3, 4 }, { 9, 3 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Threshold_is_never_above_the_exact_one_and_close(int others, int most)
    {
        foreach ((double alpha, int flips, Rational? exact, Rational? least) in Thresholds(others, most))
        {
            double threshold = GuaranteeFor(alpha, others, most).LogThreshold(flips);
            Assert.True(double.IsNegativeInfinity(threshold) || threshold <= exact, $"α = {alpha:R}, r = {flips}: {threshold:R} > {exact}");
            Assert.True(least is not { } low || threshold >= low - 1e-9 - 1e-13 * Rational.Abs(low),
                $"α = {alpha:R}, r = {flips}: {threshold:R} < {least}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Radius_is_the_largest_number_of_flips_whose_threshold_is_not_reached(int others, int most)
    {
        foreach (var thresholds in Thresholds(others, most).GroupBy(t => t.Alpha))
        {
            DiscreteGuarantee guarantee = GuaranteeFor(thresholds.Key, others, most);
            double[] exact = [.. thresholds.Select(t => t.Exact?.ToDouble() ?? double.NegativeInfinity)];
            double[] least = [.. thresholds.Select(t => t.Least?.ToDouble() ?? double.NegativeInfinity)];
            IEnumerable<double> failures = exact.SelectMany(log => new[] { log - 2e-9, log + 2e-9, double.NegativeInfinity, -1 });
            foreach (double failure in failures.Where(failure => failure < SmoothedValue.LogHalf))
            {
                double radius = guarantee.Radius(SmoothedValue.FromLogFailure(true, failure));
                Assert.InRange(radius, least.Count(log => failure < log - 1e-9), exact.Count(log => failure < log));
            }
        }
    }

    [Theory]
    [InlineData(0.01, 2)]
    [InlineData(0.2, 2)]
    [InlineData(0.3, 4)]
    [InlineData(0.89, 10)]
    public void Label_noise_has_the_thresholds_of_the_tight_certificate(double q, int classes)
    {
        var noise = new Noise(q, classes);
        var guarantee = new DiscreteGuarantee(
            DiscreteMeasure.AroundLabels(new ClassLabels([.. Enumerable.Range(0, 20).Select(i => i % classes)], classes), noise));
        var tight = new TightCertificate(noise, 20);
        for (int r = 0; r <= 20; r++)
            Assert.Equal(tight.LogThreshold(r), guarantee.LogThreshold(r));
        Assert.Equal(tight.Radius(-7.5), guarantee.Radius(SmoothedValue.FromLogFailure(false, -7.5)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue - 1)]
    public void Threshold_of_one_flip_among_many_values_is_never_above_the_exact_one(int others)
    {
        // By hand: after the flip the new value has α, the old one (1 − α)/K; the rest are as likely before as after.
        for (double alpha = 0.99; alpha > 1e-12; alpha *= 0.37)
        {
            Rational a = alpha, other = (1 - a) / others;
            (Rational likelier, Rational rarer) = a > other ? (a, other) : (other, a);
            Rational exact = likelier >= new Rational(1, 2) ? rarer / (2 * likelier) : rarer + (new Rational(1, 2) - likelier);
            Assert.True(likelier + (others - 1) * other >= new Rational(1, 2));
            double threshold = GuaranteeFor(alpha, others, 1).LogThreshold(1);
            Rational log = HighPrecision.Log(exact);
            Assert.True(threshold <= log, $"α = {alpha:R}: {threshold:R} > {log}");
            Assert.Equal(log.ToDouble(), threshold, 1e-12 * (1 + Math.Abs(threshold)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Measure_that_shows_nothing_of_its_centre_bears_any_number_of_flips(int others) =>
        Assert.Equal(5, GuaranteeFor(1.0 / (others + 1), others, 5).Radius(SmoothedValue.Of(0.51)));

    [Fact]
    public void Measure_without_noise_bears_no_flip() =>
        Assert.Equal(0, GuaranteeFor(1, 2, 5).Radius(SmoothedValue.Of(1)));

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(9, 5)]
    [InlineData(1000, 692)]
    public void Certain_vote_bears_flips_while_the_values_it_never_showed_are_improbable(int others, int flips)
    {
        // α = 0: after r flips the point shows some coordinate's old value, which it could not before, with probability
        // 1 − (1 − 1/K)ʳ < ½.
        Assert.Equal(flips, GuaranteeFor(0, others, 100_000).Radius(SmoothedValue.Of(1)));
    }

    private static DiscreteGuarantee GuaranteeFor(double alpha, int others, int dimensions) =>
        new(new DiscreteMeasure(new int[dimensions], alpha, others));

    /// <summary>The logarithms of the threshold and of what nearly reaches it; none where that is 0.</summary>
    private static IEnumerable<(double Alpha, int Flips, Rational? Exact, Rational? Least)> Thresholds(int others, int most) =>
        from alpha in DiscreteDefinitionTests.Alphas(others)
        from flips in Enumerable.Range(1, most)
        let points = new FactorisedOracle(alpha, others, flips)
        select (alpha, flips, Log(points.Threshold(new Rational(1, 2))), Log(points.Threshold(Nearly)));

    private static Rational? Log(Rational x) => x.Sign == 0 ? null : HighPrecision.Log(x);
}
