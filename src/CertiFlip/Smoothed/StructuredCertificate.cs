using CertiFlip.Kernels;
using CertiFlip.Smoothing;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// A certificate for the smoothed classifier that uses the vote's linearity: for any t, the worst r flips raise the log
/// of a pair's Chernoff bound by at most the sum of the r largest gains, so the winner stands while log B(t) plus that
/// sum is below log ½. The radius is the smallest over the rivals.
/// </summary>
/// <remarks>
/// f plus the r largest gains is the largest of the Chernoff exponents of all labellings r flips away: convex in t, and
/// it grows with r. The radius is therefore the largest r whose exponent falls below log ½ at its minimum, and a few
/// steps from one r to the next find it.
/// </remarks>
public static class StructuredCertificate
{
    /// <summary>How far away, in parts of t, a minimum may be for its function to be a parabola until there.</summary>
    private const double LargestStep = 0.1;

    /// <summary>
    /// The largest radius that some t proves, a budget of the vote's adversary; never above the cost of all n labels.
    /// </summary>
    /// <param name="vote">Label weights and labels of one test row.</param>
    /// <param name="bound">The vote's own Chernoff bound at the same noise.</param>
    /// <param name="noise">The smoothing noise q.</param>
    public static int Radius(Vote vote, ChernoffBound bound, Noise noise)
    {
        ArgumentNullException.ThrowIfNull(vote);
        ArgumentNullException.ThrowIfNull(bound);
        ArgumentNullException.ThrowIfNull(noise);
        if (bound.IsUnanimous)
            return vote.Allowed.TotalCost;
        if (!bound.IsCertified)
            return 0;

        (int radius, double t) = Radius(vote, noise, new Pair(bound.Prediction, bound.Rival), Math.Abs(bound.T));
        if (vote.Labels.ClassCount == 2)
            return radius;

        // Nearly always the closest rival is the weakest here too: others are then cleared at one t, by gains that no
        // rival's exceed.
        ChernoffScan? scan = null;
        for (int rival = 0; rival < vote.Labels.ClassCount; rival++)
        {
            if (rival == bound.Prediction || rival == bound.Rival)
                continue;
            int most = vote.Allowed.MostFlips(radius);
            ChernoffPoint point = new ChernoffObjective(vote, noise, new Pair(bound.Prediction, rival)).TrySeriesAt(t)
                ?? (scan ??= new ChernoffScan(vote, noise, bound.Prediction, t))[rival];
            if (!WorstFlips.At(point, vote.MovesAgainst(bound.Prediction), noise, most, vote.Kernels).IsBelowHalf)
                radius = Math.Min(radius, Radius(vote, noise, new Pair(bound.Prediction, rival), Math.Abs(bound.T)).Radius);
        }

        return radius;
    }

    /// <summary>The radius against one rival, and the t that proves it.</summary>
    private static (int Radius, double T) Radius(Vote vote, Noise noise, Pair pair, double largestT)
    {
        if (!vote.Allowed.HasUnitCosts)
            return PricedStructure.Radius(vote, noise, pair, largestT);
        int rows = vote.Labels.Count;
        var objective = new ChernoffObjective(vote, noise, pair);
        PairMoves moves = vote.MovesFor(pair);
        FlipGain whole = FlipGain.OfWhole(noise), half = FlipGain.OfHalf(noise);

        // At the radius the mean margin is small and the vote nearly normal: −t·margin + t²σ²/2 = −log 2 at its minimum
        // t. Where noise is very rare it is not, and the t without flips is the better start: with flips the best t is
        // smaller.
        double t = Math.Min(Math.Sqrt(-2 * SmoothedValue.LogHalf) / objective.StandardDeviation, largestT), provedAt = t;
        int radius = 0;
        while (true)
        {
            WorstFlips flips = WorstFlips.At(objective.TrySeriesAt(t) ?? objective.At(t), moves, noise, rows, vote.Kernels);
            if (flips.IsBelowHalf)
                return (rows, t);
            if (flips.Count - 1 > radius)
                (radius, provedAt) = (flips.Count - 1, t);
            else if (provedAt != t)
                return (radius, provedAt);

            ChernoffPoint here = After(t);
            if (IsAtMinimum(here, flips.Value - SmoothedValue.LogHalf))
                return (radius, provedAt);
            double moved = ChernoffMinimum.Locate(After, here);
            if (moved == t)
                return (radius, provedAt);
            t = moved;

            ChernoffPoint After(double t)
            {
                ChernoffPoint point = objective.SlopeAt(t);
                TiltSums gains = whole.Sum(vote, moves.Whole.Largest(flips.Wholes), t)
                    + half.Sum(vote, moves.Half.Largest(flips.Halves), t);
                return point with { Slope = point.Slope + gains.Slope, Curvature = point.Curvature + gains.Curvature };
            }
        }
    }

    /// <summary>
    /// Whether no t can lower an exponent by <paramref name="excess"/>: to its minimum, a convex function that is
    /// nearly a parabola falls by half of slope²/curvature. What is left out costs at most a flip of a radius, never
    /// its proof.
    /// </summary>
    private static bool IsAtMinimum(ChernoffPoint point, double excess) =>
        point.Slope * point.Slope < excess * point.Curvature && Math.Abs(point.Slope) < LargestStep * point.Curvature;
}
