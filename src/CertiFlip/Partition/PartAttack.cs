using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Partition;

/// <summary>Counts the flips that move the vote of one part. Keeps its memory from one vote to the next.</summary>
internal sealed class PartAttack
{
    private readonly RankedWeights _weights = new();
    private double[] _scores = [];

    public PartFlips On(Vote vote)
    {
        int classes = vote.Labels.ClassCount, winner = vote.HeadPrediction;
        _weights.Load(vote);
        int[] flips = new int[classes];
        flips[winner] = PartFlips.Never;
        for (int rival = 0; rival < classes; rival++)
        {
            if (rival == winner)
                continue;
            flips[rival] = FewestFlips(vote, new Pair(winner, rival));

            // Whichever rival comes past first, the part leaves its class.
            flips[winner] = Math.Min(flips[winner], flips[rival]);
        }

        // A rival that came past the winner may still be behind a third class.
        for (int rival = 0; rival < classes && classes > 2; rival++)
        {
            if (rival != winner && flips[rival] != PartFlips.Never)
                flips[rival] = Math.Max(flips[rival], FewestFlipsPastOthers(vote, new Pair(winner, rival), flips[rival]));
        }

        return new PartFlips(vote.Allowed.TotalCost, winner, flips);
    }

    /// <summary>The fewest flips that bring the rival past the winner, which is ahead.</summary>
    private int FewestFlips(Vote vote, Pair pair)
    {
        if (!vote.Allowed.IsUnlimited)
            return Beyond(ExactFlips.Of(vote, pair).Count, vote);
        var moves = new RankedMoves(_weights, pair);
        double margin = vote.Margin(pair), moved = 0;
        for (int flips = 1; moves.TakeLargest(); flips++)
        {
            moved += 0.5 * moves.Halves * moves.Weight;
            double left = margin - moved;
            double rounding = vote.MarginRounding + flips * Rounding.Epsilon * moved;
            if (Math.Abs(left) <= rounding)
                return Beyond(ExactFlips.Of(vote, pair).Count, vote);

            if (left < 0)
                return flips;
        }

        return PartFlips.Never;
    }

    private static int Beyond(int survived, Vote vote) => survived == vote.Allowed.TotalCost ? PartFlips.Never : survived + 1;

    /// <summary>
    /// The most flips that the rival needs to come past any one class other than the winner. Where the flips that bring it past the winner
    /// bring it past a class as well, that class needs no more; rounding in the scores below only decides what is looked at.
    /// </summary>
    private int FewestFlipsPastOthers(Vote vote, Pair pair, int flips)
    {
        int most = 0;
        ReadOnlySpan<double> scores = vote.Allowed.IsUnlimited ? ScoresAfter(vote, pair, flips) : [];
        for (int other = 0; other < vote.Labels.ClassCount; other++)
        {
            if (other == pair.Winner || other == pair.Rival || (scores.Length > 0 && scores[pair.Rival] > scores[other]))
                continue;
            var ahead = new Pair(other, pair.Rival);
            if (vote.IsKept(ahead, vote.SignOfMargin(ahead)))
                most = Math.Max(most, FewestFlips(vote, ahead));
        }

        return most;
    }

    private ReadOnlySpan<double> ScoresAfter(Vote vote, Pair pair, int flips)
    {
        if (_scores.Length != vote.Labels.ClassCount)
            _scores = new double[vote.Labels.ClassCount];
        for (int c = 0; c < _scores.Length; c++)
            _scores[c] = vote.SumsOf(c).Total;
        var moves = new RankedMoves(_weights, pair);
        for (int i = 0; i < flips && moves.TakeLargest(); i++)
        {
            // A positive weight goes to the rival; a negative one, the rival's or a third class's, to the winner.
            (int from, int to, double weight) = moves.Owner >= 0 ? (moves.Owner, pair.Rival, moves.Weight) : (~moves.Owner, pair.Winner, -moves.Weight);
            _scores[from] -= weight;
            _scores[to] += weight;
        }

        return _scores;
    }
}
