using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Exact;

/// <summary>
/// Radii of labels that differ in cost, where rounding would decide wrongly: each with the answer that can be worked
/// out by hand.
/// </summary>
public class CheapestFlipsTests
{
    private const double Epsilon = 2.220446049250313e-16;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5000)]
    public void Rounding_margin_is_that_of_the_pair_and_of_the_sums(int count)
    {
        double[] sizes = [.. Enumerable.Repeat(0.5, count)];
        Assert.InRange(CheapestFlips.RoundingOf(0, sizes, 3), 0.999 * (count + 4) * Epsilon * (0.5 * count + 3), double.MaxValue);
        Assert.InRange(CheapestFlips.RoundingOf(0, sizes, -3), 0.999 * (count + 4) * Epsilon * (0.5 * count + 3), double.MaxValue);
        Assert.InRange(CheapestFlips.RoundingOf(1e-3, sizes, 0), 1e-3 + 0.999 * count * Epsilon * 0.5 * count, double.MaxValue);
        Assert.InRange(CheapestFlips.RoundingOf(double.PositiveInfinity, sizes, 0), 1e283, double.MaxValue);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(1 / 3.0)]
    public void Radius_of_hundreds_of_moves_is_exact(double size)
    {
        // A power of two times a double is a double: so many labels are a tie.
        const int Rows = 300, Tied = 256;
        Assert.Equal(Radius.Of(2 * (Rows - Tied) + 1), Exact(1, Tied * size));
        Assert.Equal(Radius.Of(2 * (Rows - Tied) - 1), Exact(1, Math.BitIncrement(Tied * size)));
        Assert.Equal(Radius.Of(2 * Tied - 1), Exact(0, Tied * size));
        Assert.Equal(Radius.Of(2 * Tied + 1), Exact(0, Math.BitIncrement(Tied * size)));

        Radius Exact(int label, double threshold) => ExactCertificate.Radius(
            new Vote(Enumerable.Repeat(size, Rows).ToArray(), new ClassLabels([.. Enumerable.Repeat(label, Rows)], 2), threshold,
                new LabelFlipAdversary { Costs = [3, .. Enumerable.Repeat(2, Rows - 1)] }));
    }

    [Fact]
    public void Weights_of_different_precision_reach_a_tie_together()
    {
        // All but the last together are exactly τ. To double them or to drop the last bits of some would lose the tie.
        double[] weights = [0.5, 0.25, 0.125, 0.125, 0.0625];
        Assert.Equal(Radius.Of(4 * 5 - 1), ExactCertificate.Radius(new Vote(weights, new ClassLabels(new int[5], 2), threshold: 1,
            new LabelFlipAdversary { Costs = [5, 5, 5, 5, 6] })));
        Assert.Equal(Radius.Of(4 * 5 - 1), ExactCertificate.Radius(new Vote(weights, new ClassLabels([1, 1, 1, 1, 1], 2),
            threshold: Math.BitIncrement(0.0625), new LabelFlipAdversary { Costs = [5, 5, 5, 5, 21] })));
    }

    [Fact]
    public void Rounding_among_rows_that_cannot_move_is_not_taken_for_margin()
    {
        // The first three sum to −1, in doubles often to 0. The others sum to 2, and τ is ½: the margin is ½, and two
        // quarters are a tie.
        double[] fixedWeights = [1e16, -1, -1e16];
        foreach (int[] order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            for (int apart = 1; apart < 9; apart++)
            {
                double[] weights = [.. Enumerable.Repeat(0.25, 8), .. new double[3 * apart]];
                for (int i = 0; i < 3; i++)
                    weights[8 + i * apart] = fixedWeights[order[i]];
                int[] trusted = [.. Enumerable.Range(8, 3 * apart)];
                var labels = new ClassLabels([.. weights.Select(_ => 1)], 2);
                Assert.Equal(Radius.Of(2), ExactCertificate.Radius(
                    new Vote(weights, labels, 0.5, new LabelFlipAdversary { TrustedRows = trusted })));
                Assert.Equal(Radius.Of(8), ExactCertificate.Radius(new Vote(weights, labels, 0.5,
                    new LabelFlipAdversary { TrustedRows = trusted, Costs = [.. weights.Select((_, row) => row == 0 ? 4 : 3)] })));
            }
        }
    }
}
