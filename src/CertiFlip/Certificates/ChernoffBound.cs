namespace CertiFlip.Certificates;

/// <summary>
/// The smoothed classifier's prediction for one test row and a bound on the probability that the noisy vote goes against it:
/// Algorithm 1, step 2, with (7) and (13).
/// </summary>
public sealed record ChernoffBound
{
    // Not for others to make: radii are read off a bound, and nothing could check one that was made up.
    private ChernoffBound(int prediction, double t, double logFailure) => (Prediction, T, LogFailure) = (prediction, t, logFailure);

    /// <summary>1{t* ≥ 0}. Proved to be the smoothed classifier's class where <see cref="IsCertified"/>.</summary>
    public int Prediction { get; }

    /// <summary>The signed t at which the bound was taken; infinite where every labelling agrees, 0 where the vote is even.</summary>
    public double T { get; }

    /// <summary>
    /// An upper bound on log B, the log of the failure probability, its rounding margin included: at most 0, −∞ where every labelling agrees.
    /// </summary>
    public double LogFailure { get; }

    /// <summary>The double just below log ½: the prediction is certified where log B is below it.</summary>
    internal const double LogHalf = -0.6931471805599454;

    /// <summary>Whether the failure probability is proved to be below ½, so that <see cref="Prediction"/> is the smoothed classifier's.</summary>
    public bool IsCertified => LogFailure < LogHalf;

    /// <summary>Whether no labelling of the training set gives another class, so that B = 0.</summary>
    public bool IsUnanimous => double.IsNegativeInfinity(LogFailure);

    /// <summary>Minimises (7) over t.</summary>
    /// <param name="vote">Label weights, labels and threshold of one test row.</param>
    /// <param name="noise">The smoothing noise q.</param>
    public static ChernoffBound Of(Vote vote, Noise noise)
    {
        ArgumentNullException.ThrowIfNull(vote);
        ArgumentNullException.ThrowIfNull(noise);
        if (vote.IsUnanimous(out int prediction))
            return new ChernoffBound(prediction, prediction == 1 ? double.PositiveInfinity : double.NegativeInfinity, double.NegativeInfinity);

        var objective = new ChernoffObjective(vote, noise);
        double margin = objective.MeanMargin;
        if (margin == 0)
            return new ChernoffBound(1, 0, 0);

        ChernoffPoint point = ChernoffMinimum.Find(objective.At, FirstGuess(vote, noise, objective, margin));

        // t = 0 is a valid choice too, with log B = 0.
        return new ChernoffBound(margin > 0 ? 1 : 0, point.T, Math.Min(0, point.UpperBound));
    }

    /// <summary>
    /// The minimiser for a normal vote, margin/σ². Where noise is rare the vote is closer to a Poisson variable, whose minimiser
    /// grows with log((1−q)/q) only.
    /// </summary>
    private static double FirstGuess(Vote vote, Noise noise, ChernoffObjective objective, double margin)
    {
        double deviation = objective.StandardDeviation;
        double rootMeanSquare = Math.Sqrt(vote.Sums.Squares / vote.Labels.Count) / vote.SquareScale;
        double size = Math.Min(Math.Abs(margin) / deviation / deviation, 2 * noise.Logit / rootMeanSquare);
        return Math.CopySign(Math.Clamp(size, 1e-300, 1e300), margin);
    }
}
