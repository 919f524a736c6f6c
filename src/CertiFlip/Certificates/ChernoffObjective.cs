using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>
/// f(t) = log E[e^(−t·margin)] over the noise, for one pair of classes: the function that (7) and (24) minimise. e^f(t) bounds the probability
/// that the noisy vote does not keep the winner, for every t &gt; 0. f is convex and f(0) = 0.
/// </summary>
internal sealed class ChernoffObjective(Vote vote, Noise noise, Pair pair)
{
    private readonly RoleProbabilities _winner = RoleProbabilities.Winner(noise);
    private readonly RoleProbabilities _rival = RoleProbabilities.Rival(noise);
    private readonly RoleProbabilities _bystander = RoleProbabilities.Bystander(noise);

    /// <summary>The mean of the margin over the noise: positive where f falls.</summary>
    public double MeanMargin => noise.Advantage * (vote.Margin(pair) - vote.Offset(pair)) + vote.Offset(pair);

    /// <summary>The standard deviation of the margin over the noise.</summary>
    public double StandardDeviation
    {
        get
        {
            // A label of the pair is ±1 with probability 1 − n and mean ±Advantage, a third one is ±1 with probability 2q/(K−1).
            double inPair = vote.SumsOf(pair.Winner).Squares + vote.SumsOf(pair.Rival).Squares;
            double others = Math.Max(0, vote.Sums.Squares - inPair);
            double variance = inPair * (noise.Kept + noise.Rival - noise.Advantage * noise.Advantage) + others * 2 * noise.Rival;
            return 0.5 * Math.Sqrt(variance) / vote.SquareScale;
        }
    }

    /// <summary>Whether weights, noise and <paramref name="t"/> are in the range of floats, with room for their squares.</summary>
    private bool FitsFloats(double t)
    {
        const double Small = 1e-15, Large = 1e15;
        double rootMeanSquare = Math.Sqrt(vote.Sums.Squares / vote.Labels.Count) / vote.SquareScale;
        return rootMeanSquare is > Small and < Large && t is > Small and < Large && noise.Rival > Small && noise.Kept > Small;
    }

    /// <summary>Slope and curvature at t to a few digits, for the search: the value is not computed.</summary>
    public ChernoffPoint SlopeAt(double t)
    {
        if (!FitsFloats(t))
            return At(t);
        TiltSums sums = vote.SumTilt(pair.Winner, t, _winner) + vote.SumTilt(pair.Rival, t, _rival);
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            if (c != pair.Winner && c != pair.Rival)
                sums += vote.SumTilt(c, t, _bystander);
        }

        return new ChernoffPoint(t, double.NaN, sums.Slope - t * vote.Offset(pair), sums.Curvature, 0);
    }

    /// <summary>The whole point at t, its rounding bounded.</summary>
    public ChernoffPoint At(double t)
    {
        ChernoffSums sums = vote.SumChernoff(pair.Winner, t, _winner) + vote.SumChernoff(pair.Rival, t, _rival);
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            if (c != pair.Winner && c != pair.Rival)
                sums += vote.SumChernoff(c, t, _bystander);
        }

        return PointAt(t, sums, vote, noise, vote.Offset(pair));
    }

    /// <summary>Puts a pair's sums together with the constant part of its margin.</summary>
    public static ChernoffPoint PointAt(double t, ChernoffSums sums, Vote vote, Noise noise, double offset)
    {
        // docs/soundness.md, "The Chernoff bound": no term of the sum exceeds |tα/2| + log((1−q)(K−1)/q) + 2 in magnitude.
        int n = vote.Labels.Count;
        double magnitude = 0.5 * t * vote.Sums.Magnitude + n * (noise.Logit + 2) + t * Math.Abs(offset) + t * Math.Abs(vote.Threshold);
        return new ChernoffPoint(
            t,
            sums.LogMoment - t * offset,
            sums.Slope - t * offset,
            sums.Curvature,
            2 * Rounding.OfBlockedSum(n, vote.Labels.ClassCount, RoleProbabilities.Winner(noise).MostFactors) * magnitude);
    }
}
