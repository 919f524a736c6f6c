namespace CertiFlip.Votes;

/// <summary>
/// A pair's moves where labels differ in what they cost: every row's best allowed move, those that do not lower the
/// margin left out.
/// </summary>
internal sealed class PricedMoves
{
    private readonly Vote _vote;
    private readonly Pair _pair;

    public PricedMoves(Vote vote, Pair pair)
    {
        (_vote, _pair) = (vote, pair);
        AllowedFlips allowed = vote.Allowed;
        List<int> rows = [], halves = [], costs = [];
        List<double> weights = [];
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            int ifPositive = allowed.Halves(pair, c, isPositive: true), ifNegative = allowed.Halves(pair, c, isPositive: false);
            foreach (int row in vote.Labels.RowsByClass[vote.Labels.RangeOf(c)])
            {
                double weight = vote.Weights[row];
                int half = weight > 0 ? ifPositive : weight < 0 ? ifNegative : 0;
                if (half == 0 || allowed.IsTrusted(row))
                    continue;
                rows.Add(row);
                halves.Add(half);
                costs.Add(allowed.CostOf(row));
                weights.Add(Math.Abs(weight));
            }
        }

        (Rows, Halves, Costs, Weights) = ([.. rows], [.. halves], [.. costs], [.. weights]);
    }

    /// <summary>The training rows.</summary>
    public int[] Rows { get; }

    /// <summary>By how many halves of its weight each move lowers the margin: 2 or 1.</summary>
    public int[] Halves { get; }

    /// <summary>What each costs.</summary>
    public int[] Costs { get; }

    /// <summary>|α| of each.</summary>
    public double[] Weights { get; }

    /// <summary>The flip behind a move.</summary>
    public LabelFlip Flip(int move)
    {
        int row = Rows[move], from = _vote.Labels[row];
        return new LabelFlip(row, from, _vote.Allowed.Target(_pair, from, _vote.Weights[row] > 0));
    }
}
