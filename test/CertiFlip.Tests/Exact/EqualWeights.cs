using System.Numerics;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Exact;

/// <summary>The smoothed majority of n labels with equal weights, exactly.</summary>
internal static class EqualWeights
{
    /// <summary>
    /// Whether class 1 still wins the smoothed majority after <paramref name="flips"/> of n labels 1 are flipped.
    /// </summary>
    public static bool VoteStays(int rows, int flips, double q)
    {
        // A label more is a step up if it is 1, or else a step down.
        Rational noise = q;
        BigInteger[] lead = [1];
        for (int j = 0; j < rows; j++)
            lead = AddLabel(lead, up: j < flips ? noise.Numerator : noise.Denominator - noise.Numerator, neither: 0, noise.Denominator);
        return 2 * Sum(lead.Skip(rows)) >= BigInteger.Pow(noise.Denominator, rows);
    }

    /// <summary>
    /// Whether class 0 of K still wins the smoothed vote against class 1, ties and all, after so many of n labels 0
    /// became 1.
    /// </summary>
    public static bool PairStays(int rows, int flips, double q, int classes)
    {
        Rational noise = q;
        BigInteger all = (classes - 1) * noise.Denominator;
        BigInteger neither = (classes - 2) * noise.Numerator;
        BigInteger[] lead = [1];
        for (int j = 0; j < rows; j++)
            lead = AddLabel(lead, up: j < flips ? noise.Numerator : (classes - 1) * (noise.Denominator - noise.Numerator), neither, all);
        return 2 * Sum(lead.Skip(rows)) >= BigInteger.Pow(all, rows);
    }

    private static BigInteger Sum(IEnumerable<BigInteger> weights) => weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);

    /// <summary>The distribution of a lead from −n to n, with one label more.</summary>
    private static BigInteger[] AddLabel(BigInteger[] lead, BigInteger up, BigInteger neither, BigInteger all)
    {
        var more = new BigInteger[lead.Length + 2];
        for (int i = 0; i < lead.Length; i++)
        {
            more[i] += lead[i] * (all - up - neither);
            more[i + 1] += lead[i] * neither;
            more[i + 2] += lead[i] * up;
        }

        return more;
    }
}
