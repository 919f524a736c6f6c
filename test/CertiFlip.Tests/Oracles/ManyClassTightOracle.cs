using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>
/// The same as <see cref="TightOracle"/> for K classes, from the definition: a changed label shows as its new class, as
/// its old one or as neither, and how much likelier a set of noisy labels is after the changes than before depends on D
/// alone, the number that show the new class less the number that show the old one.
/// </summary>
internal static class ManyClassTightOracle
{
    /// <summary>The thresholds of r = 0, 1, … <paramref name="most"/> flips.</summary>
    public static IEnumerable<Rational> Thresholds(int most, double q, int classes) =>
        Distributions(q, classes).Take(most + 1).Select(d => Threshold(d.Before, d.After, d.All));

    /// <summary>The threshold of so many flips alone.</summary>
    public static Rational Threshold(int flips, double q, int classes)
    {
        (BigInteger[] before, BigInteger[] after, BigInteger all) = Distributions(q, classes).ElementAt(flips);
        return Threshold(before, after, all);
    }

    /// <summary>How D is distributed for r = 0, 1, … flips; index 0 is D = −r.</summary>
    private static IEnumerable<(BigInteger[] Before, BigInteger[] After, BigInteger All)> Distributions(double q, int classes)
    {
        // Over the common denominator (K−1) · denominator of q.
        Rational noise = q;
        BigInteger kept = (classes - 1) * (noise.Denominator - noise.Numerator);
        BigInteger oneOther = noise.Numerator;
        BigInteger neither = (classes - 2) * noise.Numerator;
        BigInteger all = 1;
        for (BigInteger[] after = [1]; ; after = WithFlip(after, oldClass: oneOther, neither, newClass: kept))
        {
            // Before the flips old and new class have each other's probabilities.
            yield return ([.. after.Reverse()], after, all);
            all *= kept + neither + oneOther;
        }
    }

    /// <summary>What the largest D, as many as together reach ½ after the flips, weigh before them.</summary>
    private static Rational Threshold(BigInteger[] before, BigInteger[] after, BigInteger all)
    {
        Rational missing = new(all, 2);
        Rational taken = 0;
        for (int i = before.Length - 1; ; i--)
        {
            if (missing <= after[i])
                return (taken + missing / after[i] * before[i]) / all;
            taken += before[i];
            missing -= after[i];
        }
    }

    private static BigInteger[] WithFlip(BigInteger[] weights, BigInteger oldClass, BigInteger neither, BigInteger newClass)
    {
        var more = new BigInteger[weights.Length + 2];
        for (int i = 0; i < weights.Length; i++)
        {
            more[i] += oldClass * weights[i];
            more[i + 1] += neither * weights[i];
            more[i + 2] += newClass * weights[i];
        }

        return more;
    }
}
