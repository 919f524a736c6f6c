using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>
/// The one-sided confidence bound of Clopper and Pearson (1934) for a probability of which only successes and failures
/// were seen.
/// </summary>
internal static class ClopperPearson
{
    /// <summary>
    /// An upper bound on the log of a probability that <paramref name="failures"/> of <paramref name="samples"/>
    /// independent samples showed: the largest b at which so few failures still have probability δ = 1 − confidence,
    /// rounded up.
    /// </summary>
    /// <remarks>Never below the share that failed, which at a confidence below ½ is more than was asked for.</remarks>
    /// <param name="failures">From 0 to <paramref name="samples"/>.</param>
    /// <param name="samples">N ≥ 1.</param>
    /// <param name="confidence">1 − δ, in (0, 1).</param>
    /// <returns>log b ≤ 0: with probability 1 − δ over the samples, the true probability is at most b.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double LogUpperBound(int failures, int samples, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(failures, samples);
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence must lie strictly between 0 and 1.");
        if (failures == samples)
            return 0;

        double logDelta = Arithmetic.LogOnePlus(-confidence), logChoices = LogChoices(failures, samples);
        double low = Arithmetic.Log(Math.Max(failures, double.Epsilon)) - Arithmetic.Log(samples), high = 0;
        if (failures == 0)
            low = Arithmetic.Log(-logDelta) - Arithmetic.Log(samples) - 40; // (1 − b)ᴺ = δ has b ≥ (1 − δ^(1/N)) far above this.
        while (true)
        {
            double middle = low + 0.5 * (high - low);
            if (middle <= low || middle >= high)
                return high;
            (low, high) = LogTail(failures, samples, middle, logChoices) > logDelta ? (middle, high) : (low, middle);
        }
    }

    /// <summary>
    /// An upper bound on log P(Binomial(N, b) ≤ f), close to it, for b above f/N: terms then fall from the last to the
    /// first.
    /// </summary>
    private static double LogTail(int failures, int samples, double logB, double logChoices)
    {
        double b = Arithmetic.Exp(logB), logMiss = Arithmetic.LogOnePlus(-b);
        if (double.IsNegativeInfinity(logMiss))
            return 0; // 1 − b is lost in rounding, and the tail with it; no tail is above 1.
        double sum = 1, term = 1;
        for (int i = failures; i > 0 && term > 1e-18 * sum / failures; i--)
        {
            // P(i − 1)/P(i).
            term *= i * (1 - b) / ((samples - i + 1.0) * b);
            sum += term;
        }

        double last = logChoices + failures * logB + (samples - failures) * logMiss;
        return last + Arithmetic.Log(sum) + RoundingOf(failures, samples, b, logChoices, last);
    }

    /// <summary>
    /// More than rounding did to the tail: f ratios and f sums, f logarithms of the coefficient added up, and 1 − b
    /// where b is close to 1.
    /// </summary>
    private static double RoundingOf(int failures, int samples, double b, double logChoices, double last)
    {
        double magnitude = 2 * logChoices + Math.Abs(last);
        double complement = (samples - failures) * b / (1 - b);
        return Rounding.Epsilon * (16 + 8.0 * failures + 16 * magnitude + failures * logChoices + 8 * complement);
    }

    /// <summary>log of the binomial coefficient C(N, f), added up from the exact factors.</summary>
    private static double LogChoices(int failures, int samples)
    {
        int least = Math.Min(failures, samples - failures);
        double log = 0;
        for (int i = 1; i <= least; i++)
            log += Arithmetic.Log((samples - least + (double)i) / i);
        return log;
    }
}
