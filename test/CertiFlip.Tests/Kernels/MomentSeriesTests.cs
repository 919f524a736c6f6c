using CertiFlip.Kernels;
using CertiFlip.Smoothed;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Kernels;

/// <summary>Sums by power series against those that are computed row by row.</summary>
public class MomentSeriesTests
{
    public static TheoryData<string> Names => KernelTestData.Names;

    private static Gen<(double Q, int Classes, double Largest, int Rows, int Seed)> Cases =>
        from classes in Gen.Choose(2, 12)
        from part in Gen.Choose(1, 99)
        from largest in Gen.Elements(1e-3, 0.01, 0.05, 0.1, 0.2, 0.25)
        from rows in Gen.Choose(1, 3000)
        from seed in Gen.Choose(0, int.MaxValue)
        select (part / 100.0 * (classes - 1) / classes, classes, largest, rows, seed);

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_is_off_by_no_more_than_rounding_and_what_is_left_out(string name) => Claim.HoldsFor(Cases, t =>
    {
        KernelSet kernels = KernelTestData.Named(name);
        var random = new Random(t.Seed);
        double scale = Math.ScaleB(1, random.Next(-300, 300)), halfT = t.Largest / scale;
        double[] weights = [.. Enumerable.Range(0, t.Rows).Select(_ => scale * (2 * random.NextDouble() - 1))];
        var noise = new Noise(t.Q, t.Classes);
        foreach (RoleProbabilities role in new[] { NoisyRole.Winner(noise), NoisyRole.Rival(noise), NoisyRole.Bystander(noise) })
        {
            var powers = new PowerSums();
            powers.Load(kernels, weights, 1 / scale);
            SeriesSums series = new MomentSeries(role).At(powers, halfT);
            double value = weights.Sum(weight => LogMoment(halfT * weight, role)), size = weights.Sum(weight => Math.Abs(halfT * weight));

            // Half of the margin that certificates count with, without the part for offsets and thresholds.
            double rounding = Rounding.OfBlockedSum(t.Rows, t.Classes, role.MostFactors) * (size + t.Rows);
            Assert.InRange(series.Value - value, -rounding - series.ValueRest, rounding + series.ValueRest);
            Assert.InRange(series.Largest, weights.Max(weight => Math.Abs(halfT * weight)), 2 * t.Largest);
            TiltSums tilt = kernels.SumTilt(weights, halfT, role);
            Assert.Equal(tilt.Slope, series.Slope, 1e-9 * (size + t.Rows) + series.SlopeRest);
            Assert.Equal(tilt.Curvature, series.Curvature, 1e-9 * (size + t.Rows) + 2 * PowerSums.Degree * series.SlopeRest);
        }
    }, count: 60);

    [Fact]
    public void Nothing_bounds_what_is_left_out_where_the_series_may_not_converge()
    {
        var powers = new PowerSums();
        powers.Load(KernelSet.Best, [1, -1, 1], 1);
        Assert.Equal(double.PositiveInfinity, new MomentSeries(NoisyRole.Winner(new Noise(0.1))).At(powers, 0.7).ValueRest);
    }

    [Theory]
    [InlineData(0.25, 2)]
    [InlineData(0.02, 2)]
    [InlineData(0.25, 7)]
    public void Exponent_by_a_series_has_a_margin_for_both(double x, int classes)
    {
        const int Rows = 2000;
        double[] weights = [.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? 1.0 : -1.0)];
        var vote = new Vote(weights, new ClassLabels([.. Enumerable.Range(0, Rows).Select(row => row % classes)], classes));
        var objective = new ChernoffObjective(vote, new Noise(0.3, classes), new Pair(1, 0));
        ChernoffPoint point = objective.At(2 * x);
        if (objective.TrySeriesAt(2 * x) is not { } series)
        {
            Assert.Equal(0.25, x);
            return;
        }

        Assert.InRange(series.Rounding, point.Rounding, 2 * point.Rounding);
        Assert.InRange(point.Value, series.Value - series.Rounding, series.Value + series.Rounding);
        Assert.True(x < 0.25);
    }

    [Fact]
    public void Few_rows_rare_noise_and_large_exponents_have_no_series()
    {
        var role = new RoleProbabilities(0.9, 0, 0.1);
        Assert.NotNull(Alternating(512).TrySeries(0, 0.5, role));
        Assert.Null(Alternating(511).TrySeries(0, 0.5, role));
        Assert.Null(Alternating(512).TrySeries(0, 0.61, role));
        Assert.Null(Alternating(512).TrySeries(0, 0.5, new RoleProbabilities(1 - 1e-7, 0, 1e-7)));

        static Vote Alternating(int rows) =>
            new(Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? 1.0 : -1.0).ToArray(), new ClassLabels(new int[rows], 2));
    }

    private static double LogMoment(double x, RoleProbabilities role) =>
        Math.Log(role.For * Math.Exp(-x) + role.Neither + role.Against * Math.Exp(x));
}
