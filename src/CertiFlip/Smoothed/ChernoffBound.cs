using CertiFlip.Kernels;
using CertiFlip.Smoothing;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// The smoothed classifier's prediction for one test row and a bound on the probability that a noisy vote goes against
/// it: Algorithm 1, step 2, with (7) and (13); for more classes (22) and (24).
/// </summary>
/// <remarks>
/// The prediction is the class that wins every pairwise smoothed vote. Each pair is a vote of two with its own bound
/// and its own radius, and the smallest radius holds for all of them at once: nothing is added up over rivals, so no
/// union bound is needed.
/// </remarks>
public sealed record ChernoffBound
{
    // Not for others to make: radii are read off a bound, and nothing could check one that was made up.
    private ChernoffBound(Pair pair, double t, double logFailure) =>
        (Prediction, Rival, T, LogFailure) = (pair.Winner, pair.Rival, t, logFailure);

    /// <summary>
    /// The class whose margin over every rival is positive in the mean: for two classes 1{t* ≥ 0}. Proved to be the
    /// smoothed classifier's class where <see cref="IsCertified"/>.
    /// </summary>
    public int Prediction { get; }

    /// <summary>The class that comes closest.</summary>
    public int Rival { get; }

    /// <summary>
    /// The t at which that pair's bound was taken; for two classes with the paper's sign. Infinite where every
    /// labelling agrees, 0 where the vote is even.
    /// </summary>
    public double T { get; }

    /// <summary>
    /// An upper bound on log B, the log of the largest failure probability of any pair, its rounding margin included:
    /// at most 0, −∞ where every labelling agrees.
    /// </summary>
    public double LogFailure { get; }

    /// <summary>
    /// Whether every pair's failure probability is proved to be below ½, so that <see cref="Prediction"/> is the
    /// smoothed classifier's.
    /// </summary>
    public bool IsCertified => LogFailure < SmoothedValue.LogHalf;

    /// <summary>Whether no labelling of the training set gives another class, so that B = 0.</summary>
    public bool IsUnanimous => double.IsNegativeInfinity(LogFailure);

    /// <summary>Minimises (7), or (24) for every rival that could be the worst.</summary>
    /// <param name="vote">Label weights and labels of one test row.</param>
    /// <param name="noise">The smoothing noise q, for as many classes as the labels have.</param>
    /// <exception cref="ArgumentException">Noise and labels have different numbers of classes.</exception>
    public static ChernoffBound Of(Vote vote, Noise noise)
    {
        ArgumentNullException.ThrowIfNull(vote);
        ArgumentNullException.ThrowIfNull(noise);
        int classes = vote.Labels.ClassCount;
        if (noise.Classes != classes)
            throw new ArgumentException($"The noise is for {noise.Classes} classes, but the labels have {classes}.", nameof(noise));
        if (vote.IsUnanimous(out int always))
            return Signed(new Pair(always, always == 0 ? 1 : 0), classes, double.PositiveInfinity, double.NegativeInfinity);

        int winner = WinnerOf(vote, noise);
        Pair worst = WorstEstimate(vote, noise, winner);
        ChernoffScan? scan = null;
        (double t, double log) = Minimise(vote, noise, worst, (objective, at) => objective.TrySeriesAt(at)
            ?? (classes == 2 ? objective.At(at) : (scan = new ChernoffScan(vote, noise, winner, at))[worst.Rival]));
        int first = worst.Rival;
        double firstT = t;
        for (int rival = 0; rival < classes && firstT > 0; rival++)
        {
            // A bound at any t is a bound: below the worst pair's, this pair cannot be the worst.
            var pair = new Pair(winner, rival);
            if (rival == winner || rival == first || UpperBoundAt(new ChernoffObjective(vote, noise, pair)) <= log)
                continue;
            (double otherT, double otherLog) = Minimise(
                vote, noise, pair, (objective, at) => objective.TrySeriesAt(at) ?? objective.At(at));
            if (otherLog > log)
                (worst, t, log) = (pair, otherT, otherLog);
        }

        double UpperBoundAt(ChernoffObjective objective) =>
            scan is null && objective.TrySeriesAt(firstT) is { } series && series.UpperBound <= log
                ? series.UpperBound
                : (scan ??= new ChernoffScan(vote, noise, winner, firstT))[objective.Rival].UpperBound;

        return Signed(worst, classes, t, log);
    }

    /// <summary>
    /// An upper bound on the log of the probability that noisy labels give the head another class than
    /// <see cref="Prediction"/>: any rival may come past, so the failure probabilities of all pairs add up.
    /// </summary>
    /// <param name="classes">K.</param>
    internal double LogChange(int classes) => LogChange(LogFailure, classes);

    /// <summary>The same of a log B that was found otherwise.</summary>
    internal static double LogChange(double logFailure, int classes)
    {
        double rivals = Arithmetic.Log(classes - 1);
        double log = logFailure + rivals;
        return classes == 2 || double.IsNegativeInfinity(log)
            ? logFailure
            : Math.Min(0, log + 2 * Rounding.Epsilon * (Math.Abs(logFailure) + rivals));
    }

    /// <summary>
    /// For two classes with a threshold the paper's rule, in which a tie goes to class 1; else the class with the
    /// largest mean score. Noise moves scores and no prior, so with a prior that may be another than the head's.
    /// </summary>
    private static int WinnerOf(Vote vote, Noise noise)
    {
        if (vote.HasThreshold)
            return new ChernoffObjective(vote, noise, new Pair(1, 0)).MeanMargin >= 0 ? 1 : 0;
        if (!vote.HasPrior)
            return vote.HeadPrediction;
        int winner = 0;
        for (int rival = 1; rival < vote.Labels.ClassCount; rival++)
        {
            if (new ChernoffObjective(vote, noise, new Pair(winner, rival)).MeanMargin < 0)
                winner = rival;
        }

        return winner;
    }

    /// <summary>The rival that would come closest if votes were normal.</summary>
    private static Pair WorstEstimate(Vote vote, Noise noise, int winner)
    {
        var worst = new Pair(winner, winner == 0 ? 1 : 0);
        double largest = NormalEstimate(new ChernoffObjective(vote, noise, worst));
        for (int rival = worst.Rival + 1; rival < vote.Labels.ClassCount; rival++)
        {
            if (rival == winner)
                continue;
            var pair = new Pair(winner, rival);
            double estimate = NormalEstimate(new ChernoffObjective(vote, noise, pair));
            if (estimate > largest)
                (worst, largest) = (pair, estimate);
        }

        return worst;
    }

    private static (double T, double LogFailure) Minimise(
        Vote vote, Noise noise, Pair pair, Func<ChernoffObjective, double, ChernoffPoint> value)
    {
        var objective = new ChernoffObjective(vote, noise, pair);
        if (!(objective.CertainMeanMargin > 0))
            return (0, 0);
        ChernoffPoint point =
            value(objective, ChernoffMinimum.Locate(objective.SlopeAt, objective.SlopeAt(FirstGuess(vote, noise, objective))));

        // t = 0 is a valid choice too, with log B = 0. A bound that overflowed to NaN is none.
        return point.UpperBound <= 0 ? (point.T, point.UpperBound) : (0, 0);
    }

    /// <summary>log B of a normal vote with this mean and variance, to order rivals by.</summary>
    private static double NormalEstimate(ChernoffObjective objective)
    {
        double deviations = objective.CertainMeanMargin / objective.StandardDeviation;
        return -0.5 * deviations * Math.Abs(deviations);
    }

    /// <summary>
    /// The minimiser for a normal vote, margin/σ². Where noise is rare the vote is closer to a Poisson variable, whose
    /// minimiser grows with the log odds only.
    /// </summary>
    private static double FirstGuess(Vote vote, Noise noise, ChernoffObjective objective)
    {
        double deviation = objective.StandardDeviation;
        double size = Math.Min(objective.CertainMeanMargin / deviation / deviation, 2 * noise.Logit / vote.RootMeanSquare);
        return Math.Clamp(size, 1e-300, 1e300);
    }

    private static ChernoffBound Signed(Pair pair, int classes, double t, double log) =>
        new(pair, classes == 2 && pair.Winner == 0 ? -t : t, log);
}
