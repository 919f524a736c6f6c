using System.Numerics;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothing;

/// <summary>Kullback–Leibler divergences against their definition, point by point: never below it, and close.</summary>
public class DivergenceTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 3, 1 }, { 2, 2 }, { 1, 3 }, { 2, 3 } };

    [Fact]
    public void Divergence_of_finite_measures_is_not_below_the_true_one_and_close() => Claim.HoldsFor(DyadicMeasures.Any, 400, pair =>
        AssertJustAbove(
            DivergenceOracle.Of([.. pair.Rho.Select(weight => (BigInteger)weight)], [.. pair.Mu.Select(weight => (BigInteger)weight)]),
            pair.RhoMeasure.KlDivergence(pair.MuMeasure),
            pair.ToString()));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Divergence_of_discrete_measures_with_any_two_alphas_is_not_below_the_true_one_and_close(int dimensions, int others)
    {
        foreach (double alpha in DiscreteDefinitionTests.Alphas(others))
        {
            foreach (double otherAlpha in DiscreteDefinitionTests.Alphas(others))
            {
                for (int flips = 0; flips <= dimensions; flips++)
                {
                    int[] center = new int[dimensions], moved = [.. center.Select((_, i) => i < flips ? others : 0)];
                    (FactorisedOracle rho, FactorisedOracle mu) = (new(alpha, others, dimensions), new(otherAlpha, others, dimensions));
                    AssertJustAbove(
                        DivergenceOracle.Of(
                            [.. rho.WeightsAround(moved).Select(w => w * mu.All)], [.. mu.WeightsAround(center).Select(w => w * rho.All)]),
                        new DiscreteMeasure(moved, alpha, others).KlDivergence(new DiscreteMeasure(center, otherAlpha, others)),
                        $"α = {alpha:R} and {otherAlpha:R}, r = {flips}");
                }
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue - 1)]
    public void Divergence_of_one_flip_among_many_values_is_not_below_the_true_one_and_close(int others)
    {
        // At the last α a difference of two logarithms loses more than the margin.
        double[] alphas = [.. Enumerable.Range(0, 28).Select(i => 0.99 * Math.Pow(0.37, i)), 9.376348820692051e-10];
        foreach (double alpha in alphas)
        {
            Rational other = (1 - (Rational)alpha) / others;
            Rational exact = (alpha - other) * HighPrecision.Log(alpha / other);
            double divergence = new DiscreteMeasure([1], alpha, others).KlDivergence(new DiscreteMeasure([0], alpha, others));
            Assert.True(divergence >= exact, $"α = {alpha:R}: {divergence:R} < {exact}");
            Assert.Equal(exact.ToDouble(), divergence, 1e-13 * exact.ToDouble());
        }
    }

    [Fact]
    public void Label_noise_diverges_by_the_same_for_every_flip()
    {
        var noise = new Noise(0.3, 3);
        var labels = DiscreteMeasure.AroundLabels(new ClassLabels([0, 1, 2, 0], 3), noise);
        var flipped = DiscreteMeasure.AroundLabels(new ClassLabels([0, 2, 1, 0], 3), noise);
        Assert.Equal(2 * noise.Logit * (noise.Kept - noise.Rival), flipped.KlDivergence(labels), 1e-14);
        Assert.Equal(0, labels.KlDivergence(labels));
    }

    [Fact]
    public void Measures_over_different_spaces_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new FiniteMeasure([1, 1]).KlDivergence(new FiniteMeasure([1])));
        Assert.Throws<ArgumentException>(() => new DiscreteMeasure([0], 0.5, 1).KlDivergence(new DiscreteMeasure([0, 0], 0.5, 1)));
        Assert.Throws<ArgumentException>(() => new DiscreteMeasure([0], 0.5, 1).KlDivergence(new DiscreteMeasure([0], 0.5, 2)));
    }

    private static void AssertJustAbove(Rational? exact, double divergence, string what)
    {
        if (exact is not { } value)
        {
            Assert.True(double.IsPositiveInfinity(divergence), $"{what}: {divergence:R}");
            return;
        }

        Assert.True(double.IsFinite(divergence) && divergence >= value - 100 * HighPrecision.Error, $"{what}: {divergence:R} < {value}");
        Assert.True(divergence <= value * (1 + (Rational)1e-12) + 2e-13, $"{what}: {divergence:R} > {value}");
    }
}
