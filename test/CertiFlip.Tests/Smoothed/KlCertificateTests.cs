using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Smoothed;

/// <summary>The closed form against equation (10) in sixty digits.</summary>
public class KlCertificateTests
{
    private const int Rows = 1_000_000;

    private static Gen<double> NoiseLevels => Gen.Elements(1e-300, 1e-12, 1e-6, 0.01, 0.1, 0.2, 0.3, 0.45, 0.4999, 0.5 - 1e-12);

    private static Gen<double> LogFailures => Gen.OneOf(
        Gen.Choose(1, 1_000_000).Select(i => SmoothedValue.LogHalf - i * 1e-6),
        Gen.Choose(1, 1_000_000).Select(i => SmoothedValue.LogHalf - i * 1e-1),
        Gen.Choose(0, 40).Select(i => SmoothedValue.LogHalf - Math.ScaleB(1, -i)));

    private static Gen<(double LogFailure, double Q)> Cases =>
        from logFailure in LogFailures
        from q in NoiseLevels
        select (logFailure, q);

    [Fact]
    public void Radius_is_never_above_the_formula() => Claim.HoldsFor(Cases, pair =>
        Assert.True(Radius(pair) <= KlOracle.Bound(pair.LogFailure, pair.Q)));

    [Fact]
    public void Radius_is_what_the_formula_gives() => Claim.HoldsFor(Cases, pair =>
    {
        // Where the right-hand side of (10) is within rounding of an integer, the smaller integer is as good. With
        // noise that is all but ½ a rounding is worth many flips.
        if (pair.Q > 0.4999)
            return;
        Rational bound = KlOracle.Bound(pair.LogFailure, pair.Q) * (1 - (Rational)1e-12) - 1e-6;
        Assert.True(Radius(pair) >= Min(bound.Floor(), Rows), $"{pair}: {Radius(pair)} < {bound}");
    });

    [Fact]
    public void Radius_at_an_integer_of_the_formula_is_not_above_it()
    {
        // The largest double log B at which (10) still allows r, and the one after it.
        for (int radius = 1; radius <= 40; radius++)
        {
            double logFailure = LargestLogFailureAllowing(radius, 0.2);
            Assert.InRange(KlCertificate.Radius(logFailure, new Noise(0.2), Rows), radius - 1, radius);
            Assert.Equal(radius - 1, KlCertificate.Radius(Math.BitIncrement(logFailure), new Noise(0.2), Rows));
        }
    }

    [Fact]
    public void Larger_failure_probability_never_gives_a_larger_radius() =>
        Claim.HoldsFor(Cases.SelectMany(a => LogFailures.Select(b => (a, b))), both =>
    {
        (double low, double high) = (Math.Min(both.a.LogFailure, both.b), Math.Max(both.a.LogFailure, both.b));
        Assert.True(Radius((low, both.a.Q)) >= Radius((high, both.a.Q)));
    });

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1e-300)]
    [InlineData(-0.5)]
    [InlineData(SmoothedValue.LogHalf)]
    public void Radius_is_nought_where_the_vote_may_be_lost(double logFailure) => Assert.Equal(0, Radius((logFailure, 0.1)));

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-1e300)]
    public void Radius_is_never_above_the_number_of_rows(double logFailure) =>
        Assert.Equal(7, KlCertificate.Radius(logFailure, new Noise(0.3), 7));

    private static int Radius((double LogFailure, double Q) pair) => KlCertificate.Radius(pair.LogFailure, new Noise(pair.Q), Rows);

    private static System.Numerics.BigInteger Min(System.Numerics.BigInteger a, int b) => a < b ? a : b;

    private static double LargestLogFailureAllowing(int radius, double q)
    {
        (double allowed, double refused) = (-100, SmoothedValue.LogHalf);
        while (Math.BitIncrement(allowed) < refused)
        {
            double middle = allowed + (refused - allowed) / 2;
            if (KlOracle.Bound(middle, q) >= radius)
                allowed = middle;
            else
                refused = middle;
        }

        return allowed;
    }
}
