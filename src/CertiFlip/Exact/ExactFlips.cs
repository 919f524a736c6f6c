using System.Numerics;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Exact;

/// <summary>The flips that a pair's winner survives, and those that bring the rival past.</summary>
/// <param name="Survived">
/// The largest budget within which all allowed flips leave the winner ahead, a number of flips where labels cost 1.
/// </param>
/// <param name="Made">Where labels cost 1, the moves made when the rival comes past.</param>
internal readonly record struct ExactFlips(Radius Survived, MoveRanks Made)
{
    /// <summary>Where labels differ in cost, the flips that bring the rival past.</summary>
    public IReadOnlyList<LabelFlip> Priced
    {
        get => field ?? [];
        init;
    }

    /// <summary>No flips bring the rival past.</summary>
    public static ExactFlips None => new(Radius.Any, default);

    public static ExactFlips Of(Vote vote, Pair pair)
    {
        if (!vote.Allowed.HasUnitCosts)
            return CheapestFlips.Of(vote, pair);
        Radius survived = new PairMargin(vote, pair).Survived(vote.MovesFor(pair), out MoveRanks moves);
        return survived.IsAny ? None : new ExactFlips(survived, moves);
    }

    /// <summary>The flips that bring the rival past.</summary>
    /// <param name="moves">The moves of the same pair.</param>
    public IReadOnlyList<LabelFlip> Breaking(PairMoves moves) =>
    [
        .. Priced,
        .. Enumerable.Range(0, Made.Whole).Select(moves.WholeFlip),
        .. Enumerable.Range(0, Made.Half).Select(moves.HalfFlip),
    ];
}

/// <summary>
/// The cheapest flips that bring a rival past the winner where labels differ in cost: exact, ties included.
/// </summary>
internal static class CheapestFlips
{
    // Sizes are of magnitude 1 at most, and rounding is far above the first and no sum of them anywhere near the
    // second.
    private const double Negligible = 1e-290;
    private const double Unreachable = 1e300;

    // Fewer than a double has room for.
    private const int MostBits = 900;

    /// <summary>The largest budget that the winner survives, and the flips that break it for 1 more.</summary>
    public static ExactFlips Of(Vote vote, Pair pair)
    {
        var margin = new PairMargin(vote, pair);
        if (!margin.IsAhead)
            return new ExactFlips(Radius.Of(0), default);
        var moves = new PricedMoves(vote, pair);
        if (moves.Rows.Length == 0)
            return ExactFlips.None;

        // The largest becomes 1 or a little more, so that costs for sizes are in range.
        int scale = -Math.ILogB(moves.Weights.Max());
        IEnumerable<double> scaled = moves.Weights.Zip(moves.Halves, (weight, halves) => 0.5 * halves * Math.ScaleB(weight, scale));
        double[] sizes = [.. scaled.Select(size => Math.Max(Negligible, size))];
        double value = Math.Clamp(Math.ScaleB(margin.Value, scale), -Unreachable, Unreachable);
        double rounding = RoundingOf(Math.ScaleB(margin.Rounding, scale), sizes, value);
        int[]? chosen = CheapestCover.Find(sizes, sizes, moves.Costs, value - rounding, value - rounding);
        if (chosen is not null && chosen.Sum(move => sizes[move]) <= value + rounding)
            chosen = WithoutRounding(margin, moves);
        if (chosen is null)
            return ExactFlips.None;
        IEnumerable<int> largestFirst = chosen.OrderByDescending(move => sizes[move]).ThenBy(move => moves.Rows[move]);
        var survived = Radius.Of(chosen.Sum(move => moves.Costs[move]) - 1);
        return new ExactFlips(survived, default) { Priced = [.. largestFirst.Select(moves.Flip)] };
    }

    /// <summary>What rounding can do to a margin and to a sum of sizes that is compared with it.</summary>
    internal static double RoundingOf(double ofMargin, double[] sizes, double margin) =>
        Math.Min(Rounding.Epsilon * Unreachable, ofMargin) + (sizes.Length + 4) * Rounding.Epsilon * (sizes.Sum() + Math.Abs(margin));

    private static int[]? WithoutRounding(PairMargin margin, PricedMoves moves)
    {
        BigInteger doubled = margin.Exact().ToInteger();
        BigInteger enough = margin.IsKeptOnTie ? doubled + 1 : doubled;
        BigInteger[] values = [.. moves.Weights.Zip(moves.Halves, (weight, halves) => halves * ToInteger(weight))];

        // Weights are alike, as a rule: what none of them has need not be carried along.
        int spare = (int)values.Min(value => (long)BigInteger.TrailingZeroCount(value));
        BigInteger largest = values.Max();
        int excess = (int)Math.Max(0, largest.GetBitLength() - MostBits);
        double[] sizes = [.. values.Select(value => Math.Max(Negligible, Relative(value)))];
        BigInteger[] shortened = [.. values.Select(value => value >> spare)];
        return CheapestCover.Find(sizes, shortened, moves.Costs, Math.Min(Unreachable, Relative(enough)), -(-enough >> spare));

        double Relative(BigInteger value) => (double)(value >> excess) / (double)(largest >> excess);
    }

    private static BigInteger ToInteger(double weight)
    {
        var sum = new ExactSum();
        sum.Add(weight);
        return sum.ToInteger();
    }
}
