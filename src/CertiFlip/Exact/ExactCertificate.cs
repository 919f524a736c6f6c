using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Exact;

/// <summary>
/// The certificate of the head itself: a flip moves a pair's margin by a known amount, so the fewest flips that bring a rival past the
/// predicted class are the largest moves, and the radius is the smallest over the rivals. Nothing larger is true: one flip more is a
/// <see cref="Witness"/>.
/// </summary>
public static class ExactCertificate
{
    /// <summary>The largest budget within which no allowed flips change the head's class, the cost of all n labels if none do: numbers of flips, unless labels differ in cost.</summary>
    /// <param name="vote">Label weights and labels of one test row.</param>
    public static int Radius(Vote vote)
    {
        ArgumentNullException.ThrowIfNull(vote);
        return Weakest(vote).Flips.Count;
    }

    /// <summary>The rival that needs the fewest flips, and the flips that it survives.</summary>
    internal static (Pair Pair, ExactFlips Flips) Weakest(Vote vote)
    {
        int winner = vote.HeadPrediction;

        // The rival with the smallest margin is nearly always the weakest; most others are then seen to need more at a glance.
        int[] rivals = [.. Enumerable.Range(0, vote.Labels.ClassCount).Where(c => c != winner).OrderBy(c => vote.Margin(new Pair(winner, c)))];
        var weakest = new Pair(winner, rivals[0]);
        ExactFlips fewest = ExactFlips.Of(vote, weakest);
        double worst = rivals.Length == 1 ? 0 : MostMovedAgainst(vote, winner, vote.Allowed.MostFlips(fewest.Count));
        foreach (int rival in rivals.Skip(1))
        {
            var pair = new Pair(winner, rival);
            if (vote.Margin(pair) - worst > 2 * vote.MarginRounding)
                continue;
            ExactFlips flips = ExactFlips.Of(vote, pair);
            if (flips.Count < fewest.Count)
                (weakest, fewest) = (pair, flips);
        }

        return (weakest, fewest);
    }

    /// <summary>How far no rival's <paramref name="flips"/> largest moves can go beyond.</summary>
    internal static double MostMovedAgainst(Vote vote, int winner, int flips)
    {
        PairMoves moves = vote.MovesAgainst(winner);
        var ranks = new MoveRanks(moves);
        double moved = 0;
        for (int i = 0; i < flips && ranks.TakeLargest(out double weight, out int halves); i++)
            moved += 0.5 * halves * weight;
        return moved * (1 + 2 * flips * Rounding.Epsilon);
    }
}
