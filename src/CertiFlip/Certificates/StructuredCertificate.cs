using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>
/// A certificate for the smoothed classifier that uses the vote's linearity: for any t, the worst r flips raise the log of the
/// Chernoff bound by at most the sum of the r largest gains, so the prediction stands while log B(t) plus that sum is below log ½.
/// </summary>
/// <remarks>
/// A gain grows with t·v, where v is how far the flip moves the score, so the r largest gains belong to the r largest moves at
/// every t. f plus their sum is the Chernoff exponent of the labels with those r flipped: convex in t, and it grows with r. The radius is
/// therefore the largest r whose exponent falls below log ½ at its minimum, and a few steps from one r to the next find it.
/// </remarks>
public static class StructuredCertificate
{
    /// <summary>The largest radius that some t proves, never above n.</summary>
    /// <param name="vote">Label weights, labels and threshold of one test row.</param>
    /// <param name="bound">The vote's own Chernoff bound at the same noise.</param>
    /// <param name="noise">The smoothing noise q.</param>
    public static int Radius(Vote vote, ChernoffBound bound, Noise noise)
    {
        ArgumentNullException.ThrowIfNull(vote);
        ArgumentNullException.ThrowIfNull(bound);
        ArgumentNullException.ThrowIfNull(noise);
        if (bound.IsUnanimous)
            return vote.Labels.Count;
        if (!bound.IsCertified)
            return 0;

        var objective = new ChernoffObjective(vote, noise);
        LargestFirst moves = vote.MovesAgainst(bound.Prediction);

        // At the radius the mean margin is small and the vote nearly normal: −t·margin + t²σ²/2 = −log 2 at its minimum t.
        // Where noise is very rare it is not, and the t without flips is the better start: with flips the best t is smaller.
        double start = Math.CopySign(Math.Min(Math.Sqrt(-2 * ChernoffBound.LogHalf) / objective.StandardDeviation, Math.Abs(bound.T)), bound.T);
        int radius = Math.Max(0, RadiusAt(objective.At(start), moves, noise));
        while (radius < moves.Count)
        {
            int next = radius + 1;
            ChernoffPoint point = ChernoffMinimum.Find(t => AfterFlips(objective.At(t), next, moves, noise), start);
            if (!point.IsBelowHalf)
                return radius;
            start = point.T;
            radius = Math.Max(next, RadiusAt(objective.At(start), moves, noise));
        }

        return radius;
    }

    /// <summary>The most flips that this t proves harmless, or −1 where it proves nothing even without any.</summary>
    private static int RadiusAt(ChernoffPoint point, LargestFirst moves, Noise noise)
    {
        double size = Math.Abs(point.T);
        for (int flips = 0; flips < moves.Count; flips++)
        {
            if (!point.IsBelowHalf)
                return flips - 1;
            if (moves[flips] <= 0)
                return moves.Count;
            point = Add(point, size * moves[flips], noise);
        }

        return point.IsBelowHalf ? moves.Count : moves.Count - 1;
    }

    /// <summary>The Chernoff exponent of the labels with the <paramref name="flips"/> largest moves flipped.</summary>
    private static ChernoffPoint AfterFlips(ChernoffPoint point, int flips, LargestFirst moves, Noise noise)
    {
        double size = Math.Abs(point.T);
        for (int rank = 0; rank < flips && moves[rank] > 0; rank++)
            point = Add(point, size * moves[rank], noise);
        return point;
    }

    private static ChernoffPoint Add(ChernoffPoint point, double x, Noise noise)
    {
        FlipGain gain = FlipGain.At(x, noise);
        double value = point.Value + gain.Value;

        // The gain's own roundings, and that of adding it.
        double rounding = Rounding.Epsilon * (8 + x + Math.Abs(value));
        return point with
        {
            Value = value,
            Slope = point.Slope + gain.Slope,
            Curvature = point.Curvature + gain.Curvature,
            Rounding = point.Rounding + rounding,
        };
    }
}
