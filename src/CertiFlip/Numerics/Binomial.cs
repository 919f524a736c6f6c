namespace CertiFlip.Numerics;

/// <summary>Binomial probabilities by Loader's saddle-point expansion, accurate to a few roundings for any number of trials.</summary>
/// <remarks>C. Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000.</remarks>
internal static class Binomial
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // log Γ(n+1) − [(n+½) log n − n + ½ log 2π] for n = 0 … 15, where the asymptotic series below is not yet accurate.
    private static readonly double[] SmallStirlingErrors =
    [
        0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.020790672103765093, 0.016644691189821193,
        0.013876128823070748, 0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287,
        0.007573675487951841, 0.006942840107209530, 0.006408994188004207, 0.005951370112758848, 0.005554733551962801,
    ];

    /// <summary>log P(D = <paramref name="successes"/>) for D ~ Binomial(<paramref name="trials"/>, p).</summary>
    /// <param name="successes">0 … trials.</param>
    /// <param name="trials">At least 0.</param>
    /// <param name="p">The probability of success, in (0, 1).</param>
    /// <param name="failure">1 − p, given apart because subtracting would round it.</param>
    public static double LogProbability(int successes, int trials, double p, double failure)
    {
        int failures = trials - successes;
        if (successes == 0)
            return trials * LogOf(failure, p);
        if (failures == 0)
            return trials * LogOf(p, failure);
        double n = trials;
        return StirlingError(trials) - StirlingError(successes) - StirlingError(failures)
            - Deviance(successes, n * p) - Deviance(failures, n * failure)
            + 0.5 * Math.Log(n / (successes * (double)failures)) - HalfLogTwoPi;
    }

    /// <summary>log p, by whichever of p and 1 − p is the better known.</summary>
    private static double LogOf(double p, double complement) => complement < 0.5 ? LogOnePlus.Of(-complement) : Math.Log(p);

    private static double StirlingError(int n)
    {
        if (n < SmallStirlingErrors.Length)
            return SmallStirlingErrors[n];
        double x = n, square = x * x;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / x;
    }

    /// <summary>x log(x/μ) − x + μ, without the cancellation where x is close to μ.</summary>
    private static double Deviance(double x, double mean)
    {
        double difference = x - mean;
        if (Math.Abs(difference) >= 0.1 * (x + mean))
            return x * Math.Log(x / mean) - difference;

        // With v = (x−μ)/(x+μ): log(x/μ) = 2(v + v³/3 + v⁵/5 + …).
        double v = difference / (x + mean);
        double sum = difference * v;
        double term = 2 * x * v;
        for (int j = 1; ; j++)
        {
            term *= v * v;
            double next = sum + term / (2 * j + 1);
            if (next == sum)
                return sum;
            sum = next;
        }
    }
}
