using System.Numerics;
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
        from largest in Gen.Elements(1e-3, 0.01, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 1.5, 2.5, 4)
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
            if (t.Largest > 1)
                continue; // Nobody asks for slopes there.
            TiltSums tilt = kernels.SumTilt(weights, halfT, role);
            Assert.Equal(tilt.Slope, series.Slope, 1e-9 * (size + t.Rows) + series.SlopeRest);
            Assert.Equal(tilt.Curvature, series.Curvature, 1e-9 * (size + t.Rows) + 2 * PowerSums.Degree * series.SlopeRest);
        }
    }, count: 60);

    [Theory]
    [InlineData(2, 0.4)]
    [InlineData(2, 0.1)]
    [InlineData(2, 1e-4)]
    [InlineData(3, 0.6)]
    [InlineData(3, 1e-3)]
    [InlineData(10, 0.05)]
    public void No_derivative_exceeds_what_the_place_of_the_zeros_allows(int classes, double q)
    {
        // Derivatives of log E[e^(−xs)] at real x by Cauchy's integral over a circle of radius 1: no zero is so near.
        const int Points = 512, Order = 25;
        const double Allowed = 2.001 / Order;
        var noise = new Noise(q, classes);
        foreach (RoleProbabilities role in new[] { NoisyRole.Winner(noise), NoisyRole.Rival(noise), NoisyRole.Bystander(noise) })
        {
            for (double x = -8; x <= 8; x += 0.125)
            {
                Complex sum = 0;
                for (int i = 0; i < Points; i++)
                {
                    var z = Complex.FromPolarCoordinates(1, 2 * Math.PI * i / Points);
                    Complex moment = (role.For * Complex.Exp(-z - x) + role.Neither + role.Against * Complex.Exp(z + x))
                        / (role.For * Math.Exp(-x) + role.Neither + role.Against * Math.Exp(x));
                    sum += Complex.Log(moment) * Complex.Pow(z, -Order);
                }

                Assert.True(Complex.Abs(sum) / Points <= Allowed * Math.Pow(2 / Math.PI, Order) + 1e-14);
            }
        }
    }

    [Theory]
    [InlineData(0.02, 2)]
    [InlineData(0.25, 2)]
    [InlineData(0.25, 7)]
    [InlineData(0.29, 2)]
    public void Exponent_by_a_series_has_a_margin_for_both(double x, int classes)
    {
        ChernoffObjective objective = Alternating(2000, classes);
        ChernoffPoint point = objective.At(2 * x), series = objective.TrySeriesAt(2 * x)!.Value;
        Assert.InRange(series.Rounding, point.Rounding, point.Rounding + 1.001e-7 * Math.Max(1, Math.Abs(point.Value)));
        Assert.InRange(point.Value, series.Value - series.Rounding, series.Value + series.Rounding);
    }

    [Fact]
    public void Exponent_has_no_series_where_too_much_is_left_out()
    {
        // One row weighs far more than the others.
        double[] weights = [.. Enumerable.Range(0, 2000).Select(row => row == 0 ? 30.0 : row % 2 == 0 ? 1.0 : -1.0)];
        var vote = new Vote(weights, new ClassLabels([.. Enumerable.Range(0, 2000).Select(row => row % 2)], 2));
        var objective = new ChernoffObjective(vote, new Noise(0.3), new Pair(1, 0));
        Assert.NotNull(objective.TrySeriesAt(0.02));
        Assert.Null(objective.TrySeriesAt(0.2));
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

    private static ChernoffObjective Alternating(int rows, int classes)
    {
        double[] weights = [.. Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? 1.0 : -1.0)];
        var vote = new Vote(weights, new ClassLabels([.. Enumerable.Range(0, rows).Select(row => row % classes)], classes));
        return new ChernoffObjective(vote, new Noise(0.3, classes), new Pair(1, 0));
    }

    private static double LogMoment(double x, RoleProbabilities role) =>
        Math.Log(role.For * Math.Exp(-x) + role.Neither + role.Against * Math.Exp(x));
}
