using System.Numerics;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothing;

/// <summary>
/// Definition 1, word for word, for the factorised measure of Example 2: α is taken as the stored double, votes are
/// counted in whole numbers.
/// </summary>
public class DiscreteDefinitionTests
{
    public static TheoryData<int, int> FewPoints => new() { { 1, 1 }, { 2, 1 }, { 3, 1 }, { 1, 2 }, { 2, 2 }, { 1, 3 } };

    public static TheoryData<int, int> ManyPoints => new() { { 4, 1 }, { 3, 2 }, { 4, 2 }, { 2, 3 }, { 3, 3 }, { 4, 3 } };

    [Theory]
    [MemberData(nameof(FewPoints))]
    public void No_function_changes_its_vote_within_a_radius(int dimensions, int others)
    {
        foreach (double alpha in Alphas(others))
        {
            var points = new FactorisedOracle(alpha, others, dimensions);
            BigInteger[][] ones = [.. points.Points.Select(z => OnesOfEveryFunction(points.WeightsAround(z)))];
            DiscreteMeasure[] measures = [.. points.Points.Select(z => new DiscreteMeasure(z, alpha, others))];
            IRobustnessGuarantee<DiscreteMeasure>[] guarantees =
                [new KlGuarantee<DiscreteMeasure>(), new DiscreteGuarantee(measures[0])];
            foreach (IRobustnessGuarantee<DiscreteMeasure> guarantee in guarantees)
            {
                for (int mu = 0; mu < measures.Length; mu++)
                {
                    double[] distances = [.. measures.Select(rho => guarantee.Distance(measures[mu], rho))];
                    for (int phi = 0; phi < ones[mu].Length; phi++)
                    {
                        double radius = guarantee.Radius(
                            SmoothedValue.Of(measures[mu], point => (phi >> NumberOf(point, others) & 1) == 1));
                        for (int rho = 0; rho < measures.Length; rho++)
                            Assert.True(distances[rho] > radius || Votes(ones[mu][phi]) == Votes(ones[rho][phi]),
                                $"{guarantee}, α = {alpha:R}: {mu} to {rho}, φ = {phi:b}, {distances[rho]:R} ≤ {radius:R}");
                    }
                }
            }

            bool Votes(BigInteger weight) => 2 * weight >= points.All;
        }
    }

    [Theory]
    [MemberData(nameof(ManyPoints))]
    public void Functions_that_lose_their_vote_soonest_keep_it_within_a_radius(int dimensions, int others)
    {
        foreach (double alpha in Alphas(others))
        {
            var points = new FactorisedOracle(alpha, others, dimensions);
            int[] center = new int[dimensions];
            var mu = new DiscreteMeasure(center, alpha, others);
            BigInteger[] before = points.WeightsAround(center);
            var tight = new DiscreteGuarantee(mu);
            var kl = new KlGuarantee<DiscreteMeasure>();
            for (int flips = 1; flips <= dimensions; flips++)
            {
                int[] moved = [.. center.Select((_, i) => i < flips ? 1 : 0)];
                var rho = new DiscreteMeasure(moved, alpha, others);
                BigInteger[] after = points.WeightsAround(moved);
                foreach (HashSet<int> ones in WorstFunctions(before, after))
                {
                    SmoothedValue value = SmoothedValue.Of(mu, point => ones.Contains(NumberOf(point, others)));
                    if (Votes(before, ones) != Votes(after, ones))
                    {
                        Assert.True(tight.Distance(mu, rho) > tight.Radius(value),
                            $"tight, α = {alpha:R}, r = {flips}: {ones.Count} points");
                        Assert.True(kl.Distance(mu, rho) > kl.Radius(value), $"kl, α = {alpha:R}, r = {flips}: {ones.Count} points");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(1.0)]
    public void Measures_that_keep_and_that_turn_a_value_are_not_compared(double alpha)
    {
        // With K = 1 both flip alike, but around one centre they are each other's opposite.
        (DiscreteMeasure mu, DiscreteMeasure rho) = (new([0], alpha, 1), new([0], 1 - alpha, 1));
        Assert.Throws<ArgumentException>(() => new DiscreteGuarantee(mu).Distance(mu, rho));
    }

    [Fact]
    public void Guarantee_refuses_measures_that_it_is_not_for()
    {
        var mu = new DiscreteMeasure([0, 1], 0.7, 2);
        var guarantee = new DiscreteGuarantee(mu);
        Assert.Throws<ArgumentException>(() => guarantee.Distance(mu, new DiscreteMeasure([0, 1], 0.8, 2)));
        Assert.Throws<ArgumentException>(() => guarantee.Distance(mu, new DiscreteMeasure([0, 1], 0.7, 3)));
        Assert.Throws<ArgumentException>(() => guarantee.Distance(mu, new DiscreteMeasure([0, 1, 0], 0.7, 2)));
        Assert.Equal(1, guarantee.Distance(mu, new DiscreteMeasure([0, 2], 0.7, 2)));
    }

    internal static double[] Alphas(int others)
    {
        double blind = 1.0 / (others + 1);
        double[] alphas = [0, 1e-300, 1e-100, 1e-17, 0.1, Math.BitDecrement(blind), blind, Math.BitIncrement(blind),
            0.4, 0.5, 0.7, 0.99, Math.BitDecrement(1), 1];
        return [.. alphas.Distinct()];
    }

    /// <summary>What every φ, as bits over the points, is weighted by one measure.</summary>
    private static BigInteger[] OnesOfEveryFunction(BigInteger[] weights)
    {
        var ones = new BigInteger[1 << weights.Length];
        for (int phi = 1; phi < ones.Length; phi++)
            ones[phi] = ones[phi & phi - 1] + weights[BitOperations.TrailingZeroCount(phi)];
        return ones;
    }

    private static int NumberOf(int[] point, int others) => point.Reverse().Aggregate(0, (number, digit) => number * (others + 1) + digit);

    /// <summary>Sets that gain the most for what they cost, of every size, and the rest of each.</summary>
    private static IEnumerable<HashSet<int>> WorstFunctions(BigInteger[] before, BigInteger[] after)
    {
        int[] order = NeymanPearsonOracle.MostGainedFirst(before, after);
        for (int size = 0; size <= order.Length; size += 1 + order.Length / 20)
        {
            yield return [.. order[..size]];
            yield return [.. order[size..]];
        }
    }

    private static bool Votes(BigInteger[] weights, HashSet<int> ones)
    {
        (BigInteger one, BigInteger all) = (0, 0);
        for (int point = 0; point < weights.Length; point++)
            (one, all) = (ones.Contains(point) ? one + weights[point] : one, all + weights[point]);
        return 2 * one >= all;
    }
}
