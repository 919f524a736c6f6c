using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Exact;

/// <summary>The flips that a pair's winner survives, and whether one more breaks it.</summary>
/// <param name="Count">The largest budget within which all allowed flips leave the winner ahead, a number of flips where labels cost 1; the cost of all n labels if no flips help the rival.</param>
/// <param name="Broken">The moves made when the rival comes past, one more than survived; none made where that never happens.</param>
/// <param name="Costly">Where labels differ in what they cost, the flips instead of these moves.</param>
internal readonly record struct ExactFlips(int Count, MoveRanks Broken, IReadOnlyList<LabelFlip> Costly)
{
    public static ExactFlips Of(Vote vote, Pair pair)
    {
        if (!vote.Allowed.HasUnitCosts)
            return CheapestFlips.Of(vote, pair);
        PairMoves moves = vote.MovesFor(pair);
        var ranks = new MoveRanks(moves);
        double margin = vote.Margin(pair), moved = 0;
        for (int flips = 0; ranks.TakeLargest(out double weight, out int halves); flips++)
        {
            moved += 0.5 * halves * weight;
            double left = margin - moved;
            double rounding = vote.MarginRounding + (flips + 1) * Rounding.Epsilon * moved;
            if (Math.Abs(left) <= rounding)
                return WithoutRounding(vote, pair, moves, flips);
            if (left < 0)
                return new ExactFlips(flips, ranks, []);
        }

        return new ExactFlips(vote.Allowed.TotalCost, default, []);
    }

    /// <summary>The same, without rounding, given that <paramref name="harmless"/> flips are known to leave the winner ahead.</summary>
    private static ExactFlips WithoutRounding(Vote vote, Pair pair, PairMoves moves, int harmless)
    {
        ExactSum left = vote.ExactDoubledMargin(pair);
        var ranks = new MoveRanks(moves);
        for (int flips = 0; ranks.TakeLargest(out double weight, out int halves); flips++)
        {
            left.Add(weight, -halves);
            if (flips >= harmless && !vote.IsKept(pair, left.Sign()))
                return new ExactFlips(flips, ranks, []);
        }

        return new ExactFlips(vote.Allowed.TotalCost, default, []);
    }
}
