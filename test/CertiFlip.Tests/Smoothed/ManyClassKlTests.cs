using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Smoothed;

/// <summary>The closed form against equation (25) in sixty digits.</summary>
public class ManyClassKlTests
{
    private const int Rows = 1_000_000;

    private static Gen<(double LogFailure, double Q, int Classes)> Cases =>
        from logFailure in Gen.OneOf(
            Gen.Choose(1, 1_000_000).Select(i => SmoothedValue.LogHalf - i * 1e-6),
            Gen.Choose(1, 1_000_000).Select(i => SmoothedValue.LogHalf - i * 1e-1),
            Gen.Choose(0, 40).Select(i => SmoothedValue.LogHalf - Math.ScaleB(1, -i)))
        from classes in Gen.Elements(3, 4, 10, 1000)
        from q in Gen.Elements(1e-300, 1e-12, 1e-6, 0.01, 0.1, 0.3, 0.5, 0.6, (classes - 1.0) / classes - 1e-4)
        select (logFailure, q, classes);

    [Fact]
    public void Radius_is_never_above_the_formula() => Claim.HoldsFor(Cases, triple =>
        Assert.True(Radius(triple) <= KlOracle.Bound(triple.LogFailure, triple.Q, triple.Classes)));

    [Fact]
    public void Radius_is_what_the_formula_gives() => Claim.HoldsFor(Cases, triple =>
    {
        // Where the right-hand side of (25) is within rounding of an integer, the smaller integer is as good.
        Rational bound = KlOracle.Bound(triple.LogFailure, triple.Q, triple.Classes) * (1 - (Rational)1e-11) - 1e-6;
        int expected = bound < Rows ? (int)bound.Floor() : Rows;
        Assert.True(Radius(triple) >= expected, $"{triple}: {Radius(triple)} < {bound}");
    });

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void Radius_is_nought_where_the_vote_may_be_lost(int classes)
    {
        foreach (double logFailure in new[] { 0, -1e-300, -0.5, SmoothedValue.LogHalf })
            Assert.Equal(0, Radius((logFailure, 0.1, classes)));
    }

    private static int Radius((double LogFailure, double Q, int Classes) triple) =>
        KlCertificate.Radius(triple.LogFailure, new Noise(triple.Q, triple.Classes), Rows);
}
