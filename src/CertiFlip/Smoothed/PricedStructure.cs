using CertiFlip.Kernels;
using CertiFlip.Smoothing;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// The structured certificate of a pair where labels differ in what they cost: at any t, the cheapest gains that
/// together bring the exponent to log ½.
/// </summary>
internal static class PricedStructure
{
    private static readonly double[] Steps = [1.3, 1.06];

    /// <summary>
    /// The largest budget that the t looked at prove, and the t that proves it. Every t gives a valid one.
    /// </summary>
    public static (int Radius, double T) Radius(Vote vote, Noise noise, Pair pair, double largestT)
    {
        var moves = new PricedMoves(vote, pair);
        var objective = new ChernoffObjective(vote, noise, pair);
        double t = Math.Min(Math.Sqrt(-2 * SmoothedValue.LogHalf) / objective.StandardDeviation, largestT);
        int radius = At(t);
        foreach (double step in Steps)
        {
            bool hasRisen = Climb(step);
            if (!hasRisen)
                Climb(1 / step);
        }

        return (radius, t);

        int At(double t) => RadiusAt(objective.At(t), moves, vote, noise);

        bool Climb(double step)
        {
            bool hasRisen = false;
            for (int next = At(t * step); next > radius; next = At(t * step))
                (radius, t, hasRisen) = (next, t * step, true);
            return hasRisen;
        }
    }

    private static int RadiusAt(ChernoffPoint point, PricedMoves moves, Vote vote, Noise noise)
    {
        if (!point.IsBelowHalf)
            return 0;
        FlipGain whole = FlipGain.OfWhole(noise), half = FlipGain.OfHalf(noise);
        double[] gains = [.. moves.Weights.Zip(moves.Halves, (weight, halves) => (halves == 2 ? whole : half).At(0.5 * point.T * weight))];

        double needed = Needed(point, moves.Weights, gains);
        if (!(needed > 0))
            return 0;

        // A gain may round to nothing; a label may be free to choose, but not for free.
        for (int i = 0; i < gains.Length; i++)
            gains[i] = Math.Max(gains[i], 1e-290);
        int[]? chosen = CheapestCover.Find(gains, gains, moves.Costs, needed, needed);
        return chosen is null ? vote.Allowed.TotalCost : chosen.Sum(move => moves.Costs[move]) - 1;
    }

    /// <summary>
    /// What gains must add up to if they bring an exponent to log ½, less what rounding can do to them.
    /// </summary>
    internal static double Needed(ChernoffPoint point, double[] weights, double[] gains)
    {
        // Each gain's own roundings, and those of adding all of them.
        double rounding = point.Rounding;
        for (int i = 0; i < gains.Length; i++)
            rounding += Rounding.Epsilon * (16 + 0.5 * point.T * weights[i] + (gains.Length + 1) * Math.Abs(gains[i]));
        rounding += Rounding.Epsilon * (gains.Length + 4) * Math.Abs(point.Value);
        return SmoothedValue.LogHalf - point.Value - rounding;
    }
}
