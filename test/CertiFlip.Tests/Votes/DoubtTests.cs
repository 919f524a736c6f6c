using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// Weights in doubt: the doubt comes off the margin, and a tie counts against the winner. All numbers are exact.
/// </summary>
public class DoubtTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(0.125, 3)]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 1)]
    [InlineData(0.75, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(double.NaN, 0)]
    public void Doubt_is_taken_from_the_margin_and_ties_are_lost(double doubt, int radius)
    {
        // αᵀy − τ = 1, and class 1 wins the tie that four flips bring: but not if the weights are in doubt.
        Assert.Equal(Radius.Of(radius), Survived(OfTwo(doubt), new Pair(1, 0)));
        Assert.Equal(Radius.Of(radius), Survived(OfThree(doubt), new Pair(0, 1)));
    }

    [Theory]
    [InlineData(0.125, 3)]
    [InlineData(0.25, 2)]
    [InlineData(0.75, 0)]
    [InlineData(1, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Doubt_is_kept_with_a_margin(double doubt, int radius)
    {
        Vote vote = OfTwo(doubt);
        PairMargin kept = new PairMargin(vote, new Pair(1, 0)).Kept();
        vote.Load(new double[6]);
        vote.Load(OfTwo(0).Weights.ToArray());
        var moves = new MoveRanks(vote.MovesFor(new Pair(1, 0)));
        Assert.Equal(Radius.Of(radius), kept.Survived(ref moves));
    }

    [Theory]
    [InlineData(0.125, 7)]
    [InlineData(0.25, 5)]
    [InlineData(0.75, 1)]
    [InlineData(1, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    public void Doubt_is_taken_from_the_margin_where_labels_have_costs(double doubt, int radius)
    {
        // The flip that is one too many costs 2, and so does each before it. A tie is lost.
        Vote vote = OfTwo(doubt, new LabelFlipAdversary { Costs = [2, 2, 2, 2, 2, 3] });
        Assert.Equal(Radius.Of(radius), ExactFlips.Of(vote, new Pair(1, 0)).Survived);
    }

    [Fact]
    public void Class_whose_margin_the_doubt_uses_up_is_not_certainly_ahead()
    {
        Assert.True(new PairMargin(OfTwo(0), new Pair(1, 0)).IsAhead);
        Assert.True(new PairMargin(OfTwo(0.75), new Pair(1, 0)).IsAhead);
        Assert.False(new PairMargin(OfTwo(1), new Pair(1, 0)).IsAhead);
        Assert.False(new PairMargin(OfTwo(1.25), new Pair(1, 0)).IsAhead);
        Assert.True(new PairMargin(OfTwo(Math.BitDecrement(1)), new Pair(1, 0)).IsAhead);
        Assert.False(new PairMargin(OfTwo(Math.BitIncrement(1)), new Pair(1, 0)).IsAhead);
    }

    private static Radius Survived(Vote vote, Pair pair)
    {
        var moves = new MoveRanks(vote.MovesFor(pair));
        return new PairMargin(vote, pair).Survived(ref moves);
    }

    private static Vote OfTwo(double doubt, LabelFlipAdversary? adversary = null) =>
        new(Enumerable.Repeat(0.25, 6).ToArray(), new ClassLabels([1, 1, 1, 1, 1, 1], 2), threshold: 0.5, adversary) { Doubt = doubt };

    /// <summary>Half the difference of two scores is 1, too: 2.25 for class 0, and 0.25 for class 1.</summary>
    private static Vote OfThree(double doubt) =>
        new(Enumerable.Repeat(0.25, 10).ToArray(), new ClassLabels([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 3)) { Doubt = doubt };
}
