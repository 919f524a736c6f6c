using System.Numerics;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Certificates;

/// <summary>The smoothed majority of n labels with equal weights, exactly.</summary>
internal static class EqualWeights
{
    /// <summary>Whether class 1 still wins the smoothed majority after <paramref name="flips"/> of n labels 1 are flipped.</summary>
    public static bool VoteStays(int rows, int flips, double q)
    {
        Rational noise = q;
        BigInteger[] ones = [1];
        for (int j = 0; j < rows; j++)
            ones = AddLabel(ones, j < flips ? noise.Numerator : noise.Denominator - noise.Numerator, noise.Denominator);
        BigInteger majority = ones.Skip((rows + 1) / 2).Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        return 2 * majority >= BigInteger.Pow(noise.Denominator, rows);
    }

    /// <summary>The distribution of the number of ones, with one label more that is 1 with probability one/all.</summary>
    private static BigInteger[] AddLabel(BigInteger[] ones, BigInteger one, BigInteger all) =>
        [.. Enumerable.Range(0, ones.Length + 1).Select(count =>
            (count > 0 ? ones[count - 1] * one : 0) + (count < ones.Length ? ones[count] * (all - one) : 0))];
}
