using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>Example 2, all points of {0, …, K}ᵈ, with probabilities as whole numbers over one denominator.</summary>
internal sealed class FactorisedOracle(double alpha, int others, int dimensions)
{
    // With α = A/D: kept A·K, any one other D − A, out of D·K.
    private readonly BigInteger _kept = ((Rational)alpha).Numerator * others;
    private readonly BigInteger _other = ((Rational)alpha).Denominator - ((Rational)alpha).Numerator;

    public BigInteger All { get; } = BigInteger.Pow(((Rational)alpha).Denominator * others, dimensions);

    /// <summary>Every point once, in the order of numbers with d digits.</summary>
    public int[][] Points { get; } =
        [.. Enumerable.Range(0, (int)Math.Pow(others + 1, dimensions)).Select(number => Digits(number, others + 1, dimensions))];

    /// <summary>The probabilities of all points around a centre, times <see cref="All"/>.</summary>
    public BigInteger[] WeightsAround(int[] center)
    {
        BigInteger[] byChanges = [.. Enumerable.Range(0, dimensions + 1)
            .Select(changes => BigInteger.Pow(_kept, dimensions - changes) * BigInteger.Pow(_other, changes))];
        return [.. Points.Select(point => byChanges[point.Zip(center).Count(pair => pair.First != pair.Second)])];
    }

    /// <summary>
    /// The least probability around (0, …, 0) of a set, points taken in part, that has probability
    /// <paramref name="reach"/> around (1, …, 1): with reach ½ the threshold of r = d flips.
    /// </summary>
    public Rational Threshold(Rational reach) =>
        NeymanPearsonOracle.LeastBefore(WeightsAround(new int[dimensions]), WeightsAround([.. Enumerable.Repeat(1, dimensions)]), reach);

    private static int[] Digits(int number, int radix, int count)
    {
        int[] digits = new int[count];
        for (int i = 0; i < count; i++, number /= radix)
            digits[i] = number % radix;
        return digits;
    }
}
