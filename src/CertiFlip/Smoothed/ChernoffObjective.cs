using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// f(t) = log E[e^(−t·margin)] over the noise, for one pair of classes: the function that (7) and (24) minimise. e^f(t)
/// bounds the probability that the noisy vote does not keep the winner, for every t &gt; 0. f is convex and f(0) = 0.
/// </summary>
internal sealed class ChernoffObjective(Vote vote, Noise noise, Pair pair)
{
    private readonly RoleProbabilities _winner = NoisyRole.Winner(noise);
    private readonly RoleProbabilities _rival = NoisyRole.Rival(noise);
    private readonly RoleProbabilities _bystander = NoisyRole.Bystander(noise);

    /// <summary>The class that the vote is against.</summary>
    public int Rival => pair.Rival;

    /// <summary>The mean of the margin over the noise: positive where f falls.</summary>
    public double MeanMargin => noise.Advantage * (vote.Margin(pair) - vote.Offset(pair)) + vote.Offset(pair);

    /// <summary>The same less the doubt about the weights.</summary>
    public double CertainMeanMargin => MeanMargin - vote.Doubt;

    /// <summary>The standard deviation of the margin over the noise.</summary>
    public double StandardDeviation
    {
        get
        {
            // A label of the pair is ±1 with probability 1 − n and mean ±Advantage, a third one is ±1 with probability
            // 2q/(K−1).
            double inPair = vote.SumsOf(pair.Winner).Squares + vote.SumsOf(pair.Rival).Squares;
            double others = Math.Max(0, vote.Sums.Squares - inPair);
            double variance = inPair * (noise.Kept + noise.Rival - noise.Advantage * noise.Advantage) + others * 2 * noise.Rival;
            return 0.5 * Math.Sqrt(variance) / vote.SquareScale;
        }
    }

    /// <summary>Slope and curvature at t to a few digits, for the search.</summary>
    public ChernoffPoint SlopeAt(double t)
    {
        // A slope that is off by a part of the curvature puts the minimum off by the same part of t.
        const double FewDigits = 1e-4;
        if (TrySeries(t) is { } series && series.SlopeRest <= FewDigits * series.Curvature)
            return new ChernoffPoint(t, Value: double.NaN, series.Slope - t * vote.CertainOffset(pair), series.Curvature, Rounding: 0);
        TiltSums sums = vote.SumTilt(pair.Winner, t, _winner) + vote.SumTilt(pair.Rival, t, _rival);
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            if (IsBystander(c))
                sums += vote.SumTilt(c, t, _bystander);
        }

        return new ChernoffPoint(t, Value: double.NaN, sums.Slope - t * vote.CertainOffset(pair), sums.Curvature, Rounding: 0);
    }

    /// <summary>The exponent itself at t, its rounding bounded.</summary>
    public ChernoffPoint At(double t)
    {
        double moments = vote.SumMoments(pair.Winner, t, _winner) + vote.SumMoments(pair.Rival, t, _rival);
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            if (IsBystander(c))
                moments += vote.SumMoments(c, t, _bystander);
        }

        return PointAt(t, moments, vote, noise, vote.CertainOffset(pair));
    }

    /// <summary>
    /// The exponent itself at t by a series, with what is left out of it in its rounding: null where that is more than
    /// a search for t loses anyway.
    /// </summary>
    public ChernoffPoint? TrySeriesAt(double t)
    {
        const double SmallPart = 1e-7;
        if (TrySeries(t) is not { } series)
            return null;
        ChernoffPoint point = PointAt(t, series.Value, vote, noise, vote.CertainOffset(pair));
        return series.ValueRest <= Math.Max(point.Rounding, SmallPart * Math.Abs(point.Value))
            ? point with { Rounding = point.Rounding + series.ValueRest }
            : null;
    }

    /// <summary>Puts a pair's sum of log moments together with the constant part of its margin.</summary>
    public static ChernoffPoint PointAt(double t, double moments, Vote vote, Noise noise, double offset)
    {
        // docs/soundness.md, "The Chernoff bound": no term of the sum exceeds |tα/2| + log((1−q)(K−1)/q) + 2 in
        // magnitude.
        int n = vote.Labels.Count;
        double magnitude = 0.5 * t * vote.Sums.Magnitude + n * (noise.Logit + 2) + t * Math.Abs(offset) + t * Math.Abs(vote.Threshold);
        return new ChernoffPoint(
            t,
            moments - t * offset,
            Slope: double.NaN,
            Curvature: double.NaN,
            2 * Rounding.OfBlockedSum(n, vote.Labels.ClassCount, NoisyRole.Winner(noise).MostFactors) * magnitude);
    }

    private SeriesSums? TrySeries(double t)
    {
        if (vote.TrySeries(pair.Winner, t, _winner) is not { } sums || vote.TrySeries(pair.Rival, t, _rival) is not { } ofRival)
            return null;
        sums += ofRival;
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            if (!IsBystander(c))
                continue;
            if (vote.TrySeries(c, t, _bystander) is not { } ofBystander)
                return null;
            sums += ofBystander;
        }

        return sums;
    }

    private bool IsBystander(int c) => c != pair.Winner && c != pair.Rival;
}
