using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>
/// The certificate of the head itself: flipping label j moves the score by a known amount, so the fewest flips that carry it across the
/// threshold are the largest moves. Nothing larger is true: one flip more is a <see cref="Witness"/>.
/// </summary>
public static class ExactCertificate
{
    /// <summary>The largest number of flips that cannot change the head's class, n if none can.</summary>
    /// <param name="vote">Label weights, labels and threshold of one test row.</param>
    public static int Radius(Vote vote)
    {
        ArgumentNullException.ThrowIfNull(vote);
        int prediction = vote.HeadPrediction;
        LargestFirst moves = vote.MovesAgainst(prediction);
        double margin = Math.Abs(vote.Margin);
        double moved = 0;
        for (int flips = 0; flips < moves.Count; flips++)
        {
            double move = moves[flips];
            if (move <= 0)
                return moves.Count;
            moved += move;
            double left = margin - moved;
            double rounding = vote.MarginRounding + (flips + 1) * Rounding.Epsilon * moved;
            if (Math.Abs(left) <= rounding)
                return RadiusWithoutRounding(vote, prediction, moves, flips);
            if (left < 0)
                return flips;
        }

        return moves.Count;
    }

    /// <summary>The same, without rounding, given that <paramref name="harmless"/> flips are known to leave the class.</summary>
    private static int RadiusWithoutRounding(Vote vote, int prediction, LargestFirst moves, int harmless)
    {
        // The score minus the threshold, oriented so that the prediction stands while it is positive.
        int orientation = prediction == 1 ? 1 : -1;
        var left = new ExactSum();
        left.Add(vote.Threshold, -orientation);
        for (int j = 0; j < vote.Labels.Count; j++)
        {
            if (vote.Labels[j] == 1)
                left.Add(vote.Weights[j], orientation);
        }

        for (int rank = 0; rank < harmless; rank++)
            left.Add(moves[rank], -1);
        for (int flips = harmless; flips < moves.Count; flips++)
        {
            if (moves[flips] <= 0)
                return moves.Count;
            left.Add(moves[flips], -1);
            int sign = left.Sign();

            // Class 1 keeps a tie, class 0 loses it.
            if (sign < 0 || (sign == 0 && prediction == 0))
                return flips;
        }

        return moves.Count;
    }
}
