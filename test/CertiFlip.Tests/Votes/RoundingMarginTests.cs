using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// The rounding margins are at least those that docs/soundness.md derives. Rounding seldom uses them up, so a margin
/// that is too small would show in few radii.
/// </summary>
public class RoundingMarginTests
{
    private const double Epsilon = 2.220446049250313e-16;

    // The margins themselves are rounded.
    private const double Almost = 1 - 1e-12;

    public static TheoryData<int, int, double, double> Shapes => new()
    {
        { 1, 2, 1, 0.5 }, { 3, 2, 1, 1e6 }, { 3, 2, 1e-300, 0 }, { 5000, 2, 0.1, 0.5 }, { 5000, 3, 0.1, 0 }, { 40, 12, 1, 0 },
        { 100, 2, double.Epsilon, 0 }, { 100, 3, 3 * double.Epsilon, 0 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Margin_of_a_pair_is_the_derived_one_or_more(int rows, int classes, double size, double threshold)
    {
        Vote vote = Equal(rows, classes, size, threshold);
        double derived = (256 + rows / 256.0 + 2 * classes + 32) * Epsilon * (rows * size) + 2 * Epsilon * Math.Abs(threshold)
            + 4 * rows * double.Epsilon;
        Assert.InRange(new PairMargin(vote, new Pair(1, 0)).Rounding, Almost * derived, double.MaxValue);
        vote.Doubt = 1000;
        Assert.InRange(new PairMargin(vote, new Pair(1, 0)).Rounding, Almost * (derived + 1000 * Epsilon), double.MaxValue);
    }

    [Theory]
    [InlineData(1, 0.25, 0)]
    [InlineData(1, 1e6, 0)]
    [InlineData(30, 0.5, 0)]
    [InlineData(30, 0.5, 0.25)]
    [InlineData(100000, 0.125, 0.0625)]
    public void Sign_after_moves_is_open_within_the_derived_margin(int count, double moved, double returned)
    {
        // Two rows of weights 1 and −1 and a threshold that leaves so much margin.
        double rounding = new PairMargin(Near(moved - returned), new Pair(1, 0)).Rounding + (count + 1) * Epsilon * (moved + returned);
        foreach (double part in new[] { -0.98, -0.5, 0, 0.5, 0.98 })
            Assert.Equal(0, new PairMargin(Near(moved - returned + part * rounding), new Pair(1, 0)).SignAfter(count, moved, returned));
        Assert.Equal(1, new PairMargin(Near(moved - returned + 1.1 * rounding), new Pair(1, 0)).SignAfter(count, moved, returned));
        Assert.Equal(-1, new PairMargin(Near(moved - returned - 1.1 * rounding), new Pair(1, 0)).SignAfter(count, moved, returned));

        static Vote Near(double margin) => new(new[] { 1.0, -1 }, new ClassLabels([0, 0], 2), threshold: -margin);
    }

    [Fact]
    public void Margin_is_beyond_moves_only_where_rounding_leaves_no_doubt()
    {
        var margin = new PairMargin(Equal(40, 3, 1, 0), new Pair(1, 2));
        Assert.False(margin.IsBeyond(margin.Value - 1.9 * margin.Rounding));
        Assert.True(margin.IsBeyond(margin.Value - 2.1 * margin.Rounding));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(1 / 3.0)]
    [InlineData(1.1)]
    public void Most_that_moves_take_away_is_never_below_their_sum(double size)
    {
        const int Rows = 20000;
        var vote = new Vote(Enumerable.Repeat(size, Rows).ToArray(), new ClassLabels(new int[Rows], 3));
        foreach (int flips in new[] { 1, 10, 1000, 19999 })
            Assert.True((Rational)ExactCertificate.MostMovedAgainst(vote, 0, flips) >= flips * (Rational)size, $"{flips} flips");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(1 / 3.0)]
    [InlineData(1.1)]
    public void Radius_of_a_hundred_thousand_moves_is_exact(double size)
    {
        // A power of two times a double is a double: so many labels are a tie.
        const int Rows = 100000, Tied = 1 << 16;
        Assert.Equal(Radius.Of(Rows - Tied), Exact(1, Tied * size));
        Assert.Equal(Radius.Of(Rows - Tied - 1), Exact(1, Math.BitIncrement(Tied * size)));
        Assert.Equal(Radius.Of(Tied - 1), Exact(0, Tied * size));
        Assert.Equal(Radius.Of(Tied), Exact(0, Math.BitIncrement(Tied * size)));

        Radius Exact(int label, double threshold) => ExactCertificate.Radius(
            new Vote(Enumerable.Repeat(size, Rows).ToArray(), new ClassLabels([.. Enumerable.Repeat(label, Rows)], 2), threshold));
    }

    [Theory]
    [InlineData(50, 2, 0.1, 0.5)]
    [InlineData(5000, 2, 1e-100, -20)]
    [InlineData(50, 2, 0.3, 1e6)]
    [InlineData(5000, 7, 0.4, 0)]
    public void Margin_of_a_chernoff_bound_is_the_derived_one_or_more(int rows, int classes, double q, double threshold)
    {
        Vote vote = Equal(rows, classes, 0.1, threshold);
        var noise = new Noise(q, classes);
        foreach (double t in new[] { 1e-3, 1, 1e3 })
        {
            double other = q / (classes - 1), offset = classes == 2 ? 0.5 * rows * 0.1 - threshold : 0;
            double block = Math.Clamp(Math.Floor(690 / -Math.Log(other)), 1, 256);
            double magnitude =
                0.5 * t * rows * 0.1 + rows * (Math.Log((1 - q) / other) + 2) + t * Math.Abs(offset) + t * Math.Abs(threshold);
            double derived = 2 * (256 + rows / block + 2 * classes + 32) * Epsilon * magnitude;
            Assert.InRange(new ChernoffObjective(vote, noise, new Pair(1, 0)).At(t).Rounding, 0.999 * derived, double.MaxValue);
            ChernoffPoint scanned = new ChernoffScan(vote, noise, winner: 1, t)[0];
            Assert.Equal(new ChernoffObjective(vote, noise, new Pair(1, 0)).At(t), scanned);
            Assert.Equal(scanned.Value + scanned.Rounding, scanned.UpperBound);
        }
    }

    [Theory]
    [InlineData(1, 3, 0.2)]
    [InlineData(20, 3, 0.2)]
    [InlineData(1, 2000, 0.2)] // The size of the exponents prevails,
    [InlineData(1, 600, 1e-100)] // or that of the gains.
    public void Gains_are_added_with_the_derived_margin(int flips, double t, double q)
    {
        const double Size = 2;
        var noise = new Noise(q);
        var vote = new Vote(Enumerable.Repeat(Size, 30).ToArray(), new ClassLabels([.. Enumerable.Repeat(1, 30)], 2));
        double gain = FlipGain.OfWhole(noise).At(0.5 * t * Size);
        double margin = flips * Epsilon * (16 + 0.5 * t * Size + gain + Math.Abs(SmoothedValue.LogHalf));
        Assert.False(After(0.7).IsBelowHalf);
        Assert.False(After(0).IsBelowHalf);
        Assert.True(After(3).IsBelowHalf);

        // Where rounding leaves it open, the flips may be enough: no more are taken.
        Assert.Equal(flips, After(0, more: 5).Count);

        // So much below log ½ before its own margin, which is counted apart.
        WorstFlips After(double part, int more = 0) => WorstFlips.At(
            new ChernoffPoint(t, SmoothedValue.LogHalf - flips * gain - part * margin, double.NaN, double.NaN, Rounding: 0),
            vote.MovesFor(new Pair(1, 0)), noise, most: flips + more, vote.Kernels);
    }

    [Theory]
    [InlineData(1, 0, 2, 1 / 1024.0)]
    [InlineData(3, 1e-3, 2, 1 / 1024.0)]
    [InlineData(4000, 1e-3, 2, 1 / 1024.0)]
    [InlineData(100, 0, 20000, 1 / 1024.0)] // The size of the exponents prevails,
    [InlineData(3, 0, 2, 4096)] // or that of the gains.
    public void Gains_that_are_chosen_must_reach_log_one_half_with_the_derived_margin(int count, double rounding, double t, double gain)
    {
        const double Weight = 2;
        foreach (double value in new[] { -1024.0, -2, -0.5 })
        {
            var point = new ChernoffPoint(t, value, double.NaN, double.NaN, rounding);
            double[] weights = [.. Enumerable.Repeat(Weight, count)], gains = [.. Enumerable.Repeat(gain, count)];
            double derived = rounding + count * Epsilon * (16 + 0.5 * t * Weight + (count + 1) * gain)
                + (count + 4) * Epsilon * Math.Abs(value);
            Assert.InRange(PricedStructure.Needed(point, weights, gains), double.NegativeInfinity,
                SmoothedValue.LogHalf - value - 0.9 * (derived - rounding) - rounding);
        }
    }

    private static Vote Equal(int rows, int classes, double size, double threshold) =>
        new(Enumerable.Repeat(size, rows).ToArray(), new ClassLabels([.. Enumerable.Range(0, rows).Select(row => row % 10 == 0 ? 0 : 1)],
            classes), threshold);
}
