using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Smoothing;

/// <summary>
/// f(p) = |Φ⁻¹(p)| against Φ to forty digits, and Definition 1 where it is tightest: for half-spaces.
/// </summary>
public class GaussianGuaranteeTests
{
    private static readonly GaussianGuarantee Guarantee = new();

    private static Gen<double> LogFailures => Gen.OneOf(
        Gen.Choose(0, 52).Select(i => SmoothedValue.LogHalf - Math.ScaleB(1, -i)),
        Gen.Choose(1, 1_000_000).Select(i => SmoothedValue.LogHalf - i * 1e-6),
        Gen.Choose(1, 1_000_000).Select(i => SmoothedValue.LogHalf - i * 1e-3),
        Gen.Elements(-1.5, -1.84, -1.841021645009, -1.8410216450092634, -1.8411, -1e6));

    private static Gen<(int[] Normal, int Norm)> Normals =>
        Gen.Elements<(int[], int)>(([1], 1), ([-3, 4], 5), ([1, 2, -2], 3), ([2, 3, 6, 0], 7), ([0, 0, 1, 0], 1));

    private static Gen<double> Coordinate =>
        Gen.OneOf(Gen.Choose(-1 << 20, 1 << 20).Select(i => Math.ScaleB(i, -20)), Gen.Elements(0, 1e6, -12345.678));

    [Fact]
    public void Radius_is_never_above_the_quantile() => Claim.HoldsFor(LogFailures, 150, logFailure =>
        Assert.True(NormalOracle.LogTail(RadiusAt(logFailure)) - NormalOracle.Error >= logFailure, $"log B = {logFailure:R}"));

    [Fact]
    public void Radius_is_close_to_the_quantile() => Claim.HoldsFor(LogFailures, 150, logFailure =>
        Assert.True(NormalOracle.LogTail(RadiusAt(logFailure) * (1 + (Rational)1e-13) + 1e-13) < logFailure, $"log B = {logFailure:R}"));

    [Theory]
    [InlineData(-1e10)]
    [InlineData(-1e100)]
    [InlineData(-1e300)]
    [InlineData(double.MinValue)]
    public void Radius_far_out_is_the_root_of_the_exponent_and_not_above_it(double logFailure)
    {
        double radius = RadiusAt(logFailure);
        Assert.True((Rational)radius * radius <= -2 * (Rational)logFailure);
        Assert.True((Rational)radius * radius >= -2 * (Rational)logFailure * (1 - (Rational)1e-7));
    }

    [Fact]
    public void Certain_vote_has_no_end() => Assert.Equal(double.PositiveInfinity, RadiusAt(double.NegativeInfinity));

    [Theory]
    [InlineData(0.0)]
    [InlineData(SmoothedValue.LogHalf)]
    public void Open_vote_has_no_radius(double logFailure) => Assert.Equal(0, RadiusAt(logFailure));

    [Fact]
    public void Radius_does_not_jump_where_the_tail_changes_from_its_series_to_its_fraction()
    {
        const double AtOne = -1.8410216450092634;
        for (int ulps = -50; ulps < 50; ulps++)
            Assert.Equal(1, RadiusAt(AtOne + ulps * Math.ScaleB(1, -52)), 1e-13);
    }

    [Fact]
    public void Half_space_keeps_its_vote_at_the_distance_of_the_radius() => Claim.HoldsFor(
        from normal in Normals
        from x in Coordinate.ArrayOf(normal.Normal.Length)
        from sigma in Gen.Elements(1e-3, 0.25, 1, 17.3, 1e5)
        from margin in Gen.OneOf(
            Gen.Choose(-1 << 20, 1 << 20).Where(i => i != 0).Select(i => Math.ScaleB(i, -17)), Gen.Elements(1e-6, -1e-6, 1e-10, -25, 30))
        select (normal.Normal, normal.Norm, x, sigma, margin), 300, half =>
    {
        // φ(x) = 1{w·x ≤ b} with b chosen so that G(μ, φ) = Φ(margin) exactly, and the centre moved straight across the
        // plane.
        Rational b = Dot(half.Normal, half.x) + (Rational)half.margin * half.sigma * half.Norm;
        var mu = new GaussianMeasure(half.x, half.sigma);
        double radius = Guarantee.Radius(
            SmoothedValue.FromLogFailure(half.margin > 0, RoundedUp(NormalOracle.LogTail(Math.Abs(half.margin)) + NormalOracle.Error)));
        GaussianMeasure rho = FarthestWithin(radius, mu, half.Normal, half.Norm, Math.Sign(half.margin));
        Rational left = (b - Dot(half.Normal, [.. rho.Center])) / ((Rational)half.sigma * half.Norm);
        Assert.True(left.Sign == Math.Sign(half.margin),
            $"{left} is left of {half.margin:R} at {Guarantee.Distance(mu, rho):R} ≤ {radius:R}");
    });

    private static double RadiusAt(double logFailure) => Guarantee.Radius(SmoothedValue.FromLogFailure(true, logFailure));

    private static GaussianMeasure FarthestWithin(double radius, GaussianMeasure mu, int[] normal, int norm, int side)
    {
        double step = radius * mu.Sigma;
        for (double factor = 1; ; factor -= Math.ScaleB(1, -52))
        {
            var rho = new GaussianMeasure([.. mu.Center.Select((x, i) => x + side * step * factor * normal[i] / norm)], mu.Sigma);
            if (Guarantee.Distance(mu, rho) <= radius)
                return rho;
            if (factor < 1 - 1e-13)
                return mu; // x is too coarse for so small a step.
        }
    }

    private static Rational Dot(int[] w, double[] x) =>
        w.Zip(x).Aggregate((Rational)0, (sum, pair) => sum + (Rational)pair.First * pair.Second);

    private static double RoundedUp(Rational value)
    {
        double up = value.ToDouble();
        while (up < value)
            up = Math.BitIncrement(up);
        return up;
    }
}
