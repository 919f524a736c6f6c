using CertiFlip.Kernels;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothing;

/// <summary>The confidence bound against binomial tails added up exactly.</summary>
public class ClopperPearsonTests
{
    // The bound is cut to so many bits, downwards, which makes the tail larger and the claim harder.
    private const int Bits = 96;

    public static TheoryData<int, int, double> Samples => new()
    {
        { 1, 1, 0.999 }, { 2, 1, 0.999 }, { 7, 1, 0.999 }, { 40, 1, 0.999 }, { 100, 1, 0.999 }, { 300, 7, 0.999 },
        { 1, 1, 0.5 }, { 30, 1, 0.5 }, { 30, 1, 0.9 }, { 30, 1, 1 - 1e-9 }, { 10, 1, 0.9999999999999999 }, { 120, 7, 0.9999999999999999 },
    };

    public static TheoryData<int, int, double> ManySamples => new()
    {
        { 10_000, 0, 0.999 }, { 10_000, 17, 0.999 }, { 10_000, 5000, 0.999 }, { 10_000, 9999, 0.999 }, { 1_000_000, 0, 1 - 1e-12 },
        { 1_000_000, 1, 0.999 }, { 1_000_000, 30_000, 0.999 }, { 1_000_000, 500_000, 0.95 }, { 1_000_000, 999_990, 0.999 },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void So_few_failures_have_at_most_probability_delta_at_the_bound(int samples, int step, double confidence)
    {
        foreach ((int failures, Rational b) in Bounds(samples, step, confidence))
        {
            Rational least = BinomialOracle.Cut(b, Bits);
            Assert.True(BinomialOracle.TailIsAtMost(1 - (Rational)confidence, failures, samples, least),
                $"{failures} of {samples}: {b.ToDouble():R}");
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void So_few_failures_have_a_larger_probability_just_below_the_bound(int samples, int step, double confidence)
    {
        foreach ((int failures, Rational b) in Bounds(samples, step, confidence))
        {
            Rational below = BinomialOracle.Cut(b * (1 - (Rational)1e-9), Bits);
            Assert.False(BinomialOracle.TailIsAtMost(1 - (Rational)confidence, failures, samples, below),
                $"{failures} of {samples}: {b.ToDouble():R}");
        }
    }

    [Theory]
    [MemberData(nameof(ManySamples))]
    public void Bound_on_many_samples_is_on_its_side_and_close(int samples, int failures, double confidence)
    {
        Rational b = HighPrecision.Exp(ClopperPearson.LogUpperBound(failures, samples, confidence));
        Rational logDelta = HighPrecision.Log(1 - (Rational)confidence);
        Assert.True(BinomialOracle.LogTail(failures, samples, BinomialOracle.Cut(b, 200)) <= logDelta, $"{b.ToDouble():R}");
        Assert.True(BinomialOracle.LogTail(failures, samples, BinomialOracle.Cut(b * (1 - (Rational)1e-7), 200)) > logDelta,
            $"{b.ToDouble():R}");
    }

    [Theory]
    [InlineData(1_000_000, 0.9999999999999999)]
    [InlineData(int.MaxValue, 0.999)]
    public void Bound_with_all_but_one_failed_is_not_below_the_exact_one(int samples, double confidence)
    {
        // 1 − bᴺ ≤ δ: log b ≥ log(1 − δ)/N, which no double b tells from 1.
        Rational exact = HighPrecision.Log(confidence) / samples;
        Assert.True(ClopperPearson.LogUpperBound(samples - 1, samples, confidence) >= exact);
    }

    [Theory]
    [InlineData(1, 0.999)]
    [InlineData(100, 0.999)]
    [InlineData(int.MaxValue, 0.999)]
    [InlineData(1000, 1e-9)]
    [InlineData(1000, 0.9999999999999999)]
    public void Bound_without_failures_is_a_root_of_delta(int samples, double confidence)
    {
        // (1 − b)ᴺ = δ.
        Rational exact = HighPrecision.Log(1 - HighPrecision.Exp(HighPrecision.Log(1 - (Rational)confidence) / samples));
        double bound = ClopperPearson.LogUpperBound(0, samples, confidence);
        Assert.True(bound >= exact, $"{bound:R} < {exact}");
        Assert.True(confidence < 0.5 || bound <= exact + 1e-9, $"{bound:R} > {exact}");
    }

    [Theory]
    [InlineData(5, 0.999)]
    [InlineData(1, 1e-300)]
    public void Nothing_is_known_where_every_sample_failed(int samples, double confidence) =>
        Assert.Equal(0, ClopperPearson.LogUpperBound(samples, samples, confidence));

    [Fact]
    public void Bound_is_never_below_the_share_of_failures()
    {
        foreach (double confidence in new[] { 1e-300, 1e-9, 0.01, 0.3 })
        {
            for (int failures = 1; failures <= 20; failures++)
                Assert.True(ClopperPearson.LogUpperBound(failures, 20, confidence) >= Math.Log(failures / 20.0) - 1e-15);
        }
    }

    [Fact]
    public void Bound_fails_about_as_often_as_it_may()
    {
        const int Trials = 20_000, Draws = 60;
        double[] bounds = [.. Enumerable.Range(0, Draws + 1)
            .Select(failures => Math.Exp(ClopperPearson.LogUpperBound(failures, Draws, 0.95)))];
        foreach (double p in new[] { 0.02, 0.1, 0.3, 0.5 })
        {
            int wrong = 0;
            for (int trial = 0; trial < Trials; trial++)
            {
                var random = new PhiloxRandom(20200713, (ulong)trial);
                wrong += p > bounds[Enumerable.Range(0, Draws).Count(_ => random.NextDouble() < p)] ? 1 : 0;
            }

            Assert.InRange(wrong, 0, 0.05 * Trials + 4 * Math.Sqrt(0.05 * Trials));
            Assert.True(p < 0.05 || wrong > 0.01 * Trials, $"p = {p}: the bound failed {wrong} times only, so the test says little.");
        }
    }

    [Theory]
    [InlineData(0, 0, 0.9)]
    [InlineData(-1, 5, 0.9)]
    [InlineData(6, 5, 0.9)]
    [InlineData(1, 5, 0.0)]
    [InlineData(1, 5, 1.0)]
    [InlineData(1, 5, double.NaN)]
    public void Arguments_out_of_range_are_refused(int failures, int samples, double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ClopperPearson.LogUpperBound(failures, samples, confidence));

    private static IEnumerable<(int Failures, Rational Bound)> Bounds(int samples, int step, double confidence) =>
        from i in Enumerable.Range(0, (samples + step - 1) / step)
        let failures = i * step
        select (failures, HighPrecision.Exp(ClopperPearson.LogUpperBound(failures, samples, confidence)));
}
