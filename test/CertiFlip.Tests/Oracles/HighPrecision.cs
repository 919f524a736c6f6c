using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>Logarithm and exponential in fixed point, far beyond the precision of a double.</summary>
internal static class HighPrecision
{
    private const int Bits = 288;

    private static readonly BigInteger One = BigInteger.One << Bits;

    private static readonly BigInteger LogTwo = 2 * InverseHyperbolicTangent(One / 3);

    /// <summary>What <see cref="Log"/> is off by at most, absolutely, and <see cref="Exp"/>, relatively.</summary>
    public static Rational Error { get; } = new(BigInteger.One, BigInteger.One << 200);

    /// <summary>log x for x &gt; 0.</summary>
    public static Rational Log(Rational x)
    {
        // x = 2ᵏ·m with m in (½, 2), and log m = 2 artanh((m−1)/(m+1)).
        int k = (int)(x.Numerator.GetBitLength() - x.Denominator.GetBitLength());
        BigInteger m = k <= Bits ? (x.Numerator << (Bits - k)) / x.Denominator : x.Numerator / (x.Denominator << (k - Bits));
        BigInteger log = 2 * InverseHyperbolicTangent(((m - One) << Bits) / (m + One)) + k * LogTwo;
        return new Rational(log, One);
    }

    /// <summary>eˣ.</summary>
    public static Rational Exp(Rational x)
    {
        // x = k·log 2 + r with r in [0, log 2).
        BigInteger scaled = (x * One).Floor();
        int k = (int)new Rational(scaled, LogTwo).Floor();
        BigInteger r = scaled - k * LogTwo;
        BigInteger sum = BigInteger.Zero;
        BigInteger term = One;
        for (int i = 1; !term.IsZero; i++)
        {
            sum += term;
            term = ((term * r) >> Bits) / i;
        }

        return k >= 0 ? new Rational(sum << k, One) : new Rational(sum, One << -k);
    }

    private static BigInteger InverseHyperbolicTangent(BigInteger z)
    {
        BigInteger square = (z * z) >> Bits;
        BigInteger power = z;
        BigInteger sum = BigInteger.Zero;

        // Shifting rounds down, so a negative power would stop at −1 and never vanish: hence the comparison of
        // magnitudes.
        for (int i = 1; BigInteger.Abs(power) > 1; i += 2)
        {
            sum += power / i;
            power = (power * square) >> Bits;
        }

        return sum;
    }
}
