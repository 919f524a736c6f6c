using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>P(Binomial(N, b) ≤ f), added up as whole numbers, and its logarithm for N too large for that.</summary>
internal static class BinomialOracle
{
    private const int Bits = 320;

    /// <summary>Whether the tail is at most δ, decided exactly.</summary>
    public static bool TailIsAtMost(Rational delta, int failures, int samples, Rational b)
    {
        // Over the common denominator Dᴺ.
        BigInteger hit = b.Numerator;
        BigInteger miss = b.Denominator - hit;
        BigInteger term = BigInteger.Pow(miss, samples);
        BigInteger sum = term;
        for (int i = 0; i < failures; i++)
        {
            term = miss.IsZero ? 0 : term * (samples - i) * hit / ((i + 1) * miss);
            sum += term;
        }

        return sum * delta.Denominator <= delta.Numerator * BigInteger.Pow(b.Denominator, samples);
    }

    /// <summary>
    /// The log of the tail, to fifty digits, for f/N &lt; b &lt; 1: terms fall from the last to the first.
    /// </summary>
    public static Rational LogTail(int failures, int samples, Rational b)
    {
        BigInteger hit = b.Numerator;
        BigInteger miss = b.Denominator - hit;
        BigInteger term = BigInteger.One << Bits;
        BigInteger sum = 0;
        for (int i = failures; i >= 0 && !term.IsZero; i--)
        {
            sum += term;
            term = term * i * miss / ((samples - i + 1) * hit);
        }

        return LogChoices(failures, samples) + failures * HighPrecision.Log(b) + (samples - failures) * HighPrecision.Log(1 - b)
            + HighPrecision.Log(new Rational(sum, BigInteger.One << Bits));
    }

    /// <summary>x cut to so many significant bits, downwards.</summary>
    public static Rational Cut(Rational x, int bits)
    {
        int shift = bits - (int)(x.Numerator.GetBitLength() - x.Denominator.GetBitLength());
        return shift < 0
            ? throw new ArgumentOutOfRangeException(nameof(x))
            : new Rational((x.Numerator << shift) / x.Denominator, BigInteger.One << shift);
    }

    private static Rational LogChoices(int failures, int samples)
    {
        int least = Math.Min(failures, samples - failures);
        BigInteger significand = BigInteger.One << Bits;
        int exponent = -Bits;
        for (int i = 1; i <= least; i++)
        {
            significand = significand * (samples - least + i) / i;
            if (significand.GetBitLength() > 2 * Bits)
                (significand, exponent) = (significand >> Bits, exponent + Bits);
        }

        return HighPrecision.Log(significand) + exponent * HighPrecision.Log(2);
    }
}
