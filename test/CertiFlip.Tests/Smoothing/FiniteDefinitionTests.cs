using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothing;

/// <summary>
/// Definition 1, word for word, for measures over a few points: every φ, votes counted in whole numbers.
/// </summary>
public class FiniteDefinitionTests
{
    private static readonly KlGuarantee<FiniteMeasure> Kl = new();

    [Fact]
    public void No_function_changes_its_vote_within_the_radius_of_the_divergence()
    {
        int claims = 0;
        Claim.HoldsFor(DyadicMeasures.Any, 400, pair =>
        {
            (FiniteMeasure mu, double distance) = (pair.MuMeasure, Kl.Distance(pair.MuMeasure, pair.RhoMeasure));
            for (int phi = 0; phi < 1 << pair.Mu.Length; phi++)
            {
                SmoothedValue value = SmoothedValue.Of(mu, point => (phi >> point & 1) == 1);
                if (!value.IsDecided || distance > Kl.Radius(value))
                    continue;
                claims++;
                Assert.True(Votes(pair.Mu, phi) == Votes(pair.Rho, phi), $"{pair}, φ = {phi:b}, d = {distance:R} ≤ {Kl.Radius(value):R}");
            }
        });
        Assert.True(claims > 10_000, $"Only {claims} claims were made.");
    }

    [Fact]
    public void Divergence_to_a_tied_vote_is_never_within_the_radius()
    {
        // Between (p, 1 − p) and (½, ½), (5) holds with equality, and the vote of φ = 1{second point} goes from 0 to
        // the tie that 1 wins.
        var tied = new FiniteMeasure([1, 1]);
        for (int i = 1; i < 1 << 12; i++)
        {
            double p = i * Math.ScaleB(1, -12);
            double barely = 0.5 - Math.ScaleB(p, -1) * Math.ScaleB(1, -40);
            foreach (double against in new[] { p / 2, Math.ScaleB(p, -30), Math.ScaleB(p, -50), barely })
            {
                var mu = new FiniteMeasure([1 - against, against]);
                double radius = Kl.Radius(SmoothedValue.Of(mu, point => point == 1));
                Assert.True(Kl.Distance(mu, tied) > radius, $"{against:R}");
            }
        }
    }

    [Fact]
    public void Radius_comes_close_to_the_divergence_to_a_tied_vote()
    {
        foreach (double against in new[] { 0.49, 0.25, 1e-3, 1e-9, 1e-15 })
        {
            var mu = new FiniteMeasure([1 - against, against]);
            double distance = Kl.Distance(mu, new FiniteMeasure([1, 1]));
            Assert.InRange(Kl.Radius(SmoothedValue.Of(mu, point => point == 0)), distance - 1e-12, distance);
        }
    }

    [Fact]
    public void Certain_vote_is_not_certified_for_points_that_were_impossible()
    {
        (FiniteMeasure mu, FiniteMeasure rho) = (new([1, 0]), new([0, 1]));
        SmoothedValue value = SmoothedValue.Of(mu, point => point == 0);
        Assert.Equal((true, double.NegativeInfinity), (value.Vote, value.LogFailure));
        Assert.False(Kl.Distance(mu, rho) <= Kl.Radius(value));
    }

    [Fact]
    public void Certain_vote_is_certified_at_any_finite_divergence()
    {
        (FiniteMeasure mu, FiniteMeasure rho) = (new([1, 1e-300, 0]), new([1e-300, 1, 0]));
        Assert.True(Kl.Distance(mu, rho) <= Kl.Radius(SmoothedValue.Of(mu, point => point < 2)));
    }

    [Theory]
    [InlineData(-1e300)]
    [InlineData(-1000.0)]
    [InlineData(-1.0)]
    [InlineData(-0.6931471805599455)]
    public void Kl_radius_is_just_below_the_formula(double logFailure)
    {
        Rational failure = logFailure < -1e6 ? 0 : HighPrecision.Exp(logFailure);
        Rational exact = -(HighPrecision.Log(4) + logFailure + HighPrecision.Log(1 - failure)) / 2;
        double radius = Kl.Radius(SmoothedValue.FromLogFailure(false, logFailure));
        Assert.True(radius < exact || radius == 0, $"{radius:R} against {exact}");
        Assert.Equal(exact.ToDouble(), radius, 1e-13 * (1 + exact.ToDouble()));
    }

    [Fact]
    public void Radius_is_nought_where_the_vote_is_open() => Assert.Equal(0, Kl.Radius(SmoothedValue.Of(0.5)));

    private static bool Votes(int[] weights, int phi)
    {
        long ones = 0, all = 0;
        for (int point = 0; point < weights.Length; point++)
            (ones, all) = (ones + (phi >> point & 1) * (long)weights[point], all + weights[point]);
        return 2 * ones >= all;
    }
}
