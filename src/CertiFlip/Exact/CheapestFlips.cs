using System.Numerics;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Exact;

/// <summary>The cheapest flips that bring a rival past the winner, where labels differ in what they cost: exact, ties included.</summary>
internal static class CheapestFlips
{
    // Sizes are of magnitude 1 at most, and rounding is far above the first and no sum of them anywhere near the second.
    private const double Negligible = 1e-290;
    private const double Unreachable = 1e300;

    // Fewer than a double has room for.
    private const int MostBits = 900;

    /// <summary>The largest budget that the winner survives, and the flips that cost one more than that or the least that breaks it.</summary>
    public static ExactFlips Of(Vote vote, Pair pair)
    {
        var moves = new PricedMoves(vote, pair);
        if (moves.Rows.Length == 0)
            return new ExactFlips(vote.Allowed.TotalCost, default, []);

        // The largest becomes 1 or a little more, so that costs for sizes are in range.
        int scale = -Math.ILogB(moves.Weights.Max());
        double[] sizes = [.. moves.Weights.Zip(moves.Halves, (weight, halves) => Math.Max(Negligible, 0.5 * halves * Math.ScaleB(weight, scale)))];
        double margin = Math.Clamp(Math.ScaleB(vote.Margin(pair), scale), -Unreachable, Unreachable);
        double rounding = Math.Min(Rounding.Epsilon * Unreachable, Math.ScaleB(vote.MarginRounding, scale)) + (sizes.Length + 4) * Rounding.Epsilon * (sizes.Sum() + Math.Abs(margin));
        int[]? chosen = CheapestCover.Find(sizes, sizes, moves.Costs, margin - rounding, margin - rounding);
        if (chosen is not null && chosen.Sum(move => sizes[move]) <= margin + rounding)
            chosen = WithoutRounding(vote, pair, moves);
        return chosen is null
            ? new ExactFlips(vote.Allowed.TotalCost, default, [])
            : new ExactFlips(chosen.Sum(move => moves.Costs[move]) - 1, default, [.. chosen.OrderByDescending(move => sizes[move]).ThenBy(move => moves.Rows[move]).Select(moves.Flip)]);
    }

    private static int[]? WithoutRounding(Vote vote, Pair pair, PricedMoves moves)
    {
        BigInteger doubled = vote.ExactDoubledMargin(pair).ToInteger();
        BigInteger enough = vote.IsKept(pair, 0) ? doubled + 1 : doubled;
        BigInteger[] values = [.. moves.Weights.Zip(moves.Halves, (weight, halves) => halves * ToInteger(weight))];

        // Weights are alike, as a rule: what none of them has need not be carried along.
        int spare = (int)values.Min(value => (long)BigInteger.TrailingZeroCount(value));
        BigInteger largest = values.Max();
        int excess = (int)Math.Max(0, largest.GetBitLength() - MostBits);
        double[] sizes = [.. values.Select(value => Math.Max(Negligible, Relative(value)))];
        return CheapestCover.Find(sizes, [.. values.Select(value => value >> spare)], moves.Costs, Math.Min(Unreachable, Relative(enough)), -(-enough >> spare));

        double Relative(BigInteger value) => (double)(value >> excess) / (double)(largest >> excess);
    }

    private static BigInteger ToInteger(double weight)
    {
        var sum = new ExactSum();
        sum.Add(weight);
        return sum.ToInteger();
    }
}
