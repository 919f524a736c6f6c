using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>
/// log(1 − Φ(z)) to forty digits: the alternating Taylor series about 0 in 640 bits, and Laplace's continued fraction
/// far out.
/// </summary>
internal static class NormalOracle
{
    private const int Bits = 640;
    private const int SeriesUpTo = 8;

    private static readonly BigInteger One = BigInteger.One << Bits;

    private static readonly Rational LogRootTwoPi = HighPrecision.Log(2 * Pi()) / 2;

    /// <summary>What <see cref="LogTail"/> is off by at most.</summary>
    public static Rational Error { get; } = new(1, BigInteger.One << 140);

    public static Rational LogTail(Rational z) => z < SeriesUpTo ? LogTailBySeries(z) : LogTailByFraction(z);

    /// <summary>
    /// ½ − φ(0)·Σ (−1)ᵏ z²ᵏ⁺¹/(2ᵏ k! (2k+1)), for z from 0 to 8, where the difference still has 140 bits.
    /// </summary>
    public static Rational LogTailBySeries(Rational z)
    {
        BigInteger x = (z * One).Floor();
        BigInteger square = x * x >> Bits;
        BigInteger sum = 0;
        BigInteger term = x;
        for (int k = 0; !term.IsZero; k++)
        {
            sum += (k % 2 == 0 ? term : -term) / (2 * k + 1);
            term = (term * square >> Bits) / (2 * (k + 1));
        }

        return HighPrecision.Log(new Rational(1, 2) - HighPrecision.Exp(-LogRootTwoPi) * new Rational(sum, One));
    }

    /// <summary>φ(z)/(z + 1/(z + 2/(z + …))) for z from 8 on.</summary>
    public static Rational LogTailByFraction(Rational z, int depth = 300)
    {
        BigInteger x = (z * One).Floor();
        BigInteger tail = x;
        for (int level = depth; level >= 1; level--)
            tail = x + level * One * One / tail;
        return -z * z / 2 - LogRootTwoPi - HighPrecision.Log(new Rational(tail, One));
    }

    /// <summary>Machin: π = 16 arctan ⅕ − 4 arctan 1/239.</summary>
    private static Rational Pi() => new(16 * InverseTangentOfInverse(5) - 4 * InverseTangentOfInverse(239), One);

    private static BigInteger InverseTangentOfInverse(int x)
    {
        BigInteger power = One / x;
        BigInteger sum = 0;
        for (int i = 1; !power.IsZero; i += 2)
        {
            sum += (i % 4 == 1 ? power : -power) / i;
            power /= x * x;
        }

        return sum;
    }
}
