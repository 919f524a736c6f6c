using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>An exact rational number. Every finite double is one, and converts without rounding.</summary>
internal readonly struct Rational : IComparable<Rational>, IEquatable<Rational>
{
    // Common factors are harmless until they make numbers long; looking for them after every step would cost more than
    // it saves.
    private const int BitsWorthReducing = 2048;

    private readonly BigInteger _denominator;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException();
        if (denominator.Sign < 0)
            (numerator, denominator) = (-numerator, -denominator);
        if (denominator.GetBitLength() > BitsWorthReducing)
        {
            BigInteger common = BigInteger.GreatestCommonDivisor(numerator, denominator);
            (numerator, denominator) = (numerator / common, denominator / common);
        }

        (Numerator, _denominator) = (numerator, denominator);
    }

    public BigInteger Numerator { get; }

    /// <summary>Positive; 1 in a default value, which is 0.</summary>
    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public int Sign => Numerator.Sign;

    public static implicit operator Rational(int value) => new(value, BigInteger.One);

    public static implicit operator Rational(BigInteger value) => new(value, BigInteger.One);

    public static implicit operator Rational(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "Only a finite number is rational.");
        long bits = BitConverter.DoubleToInt64Bits(value);
        long fraction = bits & 0xF_FFFF_FFFF_FFFF;
        int biased = (int)(bits >> 52) & 0x7FF;
        BigInteger significand = biased == 0 ? fraction : fraction | 1L << 52;
        int exponent = Math.Max(biased, 1) - 1075;
        if (bits < 0)
            significand = -significand;
        return exponent >= 0
            ? new Rational(significand << exponent, BigInteger.One)
            : new Rational(significand, BigInteger.One << -exponent);
    }

    public static Rational operator +(Rational a, Rational b) =>
        a.Denominator == b.Denominator
            ? new(a.Numerator + b.Numerator, a.Denominator)
            : new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public static bool operator ==(Rational a, Rational b) => a.CompareTo(b) == 0;

    public static bool operator !=(Rational a, Rational b) => a.CompareTo(b) != 0;

    public static Rational Abs(Rational value) => value.Sign < 0 ? -value : value;

    /// <summary>The largest integer that is not above the value.</summary>
    public BigInteger Floor()
    {
        BigInteger quotient = BigInteger.DivRem(Numerator, Denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>
    /// For messages and loose comparisons only: within a few roundings, at any length of numerator and denominator.
    /// </summary>
    public double ToDouble()
    {
        int shift = (int)(Denominator.GetBitLength() - BigInteger.Abs(Numerator).GetBitLength()) + 64;
        BigInteger scaled = shift >= 0 ? (Numerator << shift) / Denominator : Numerator / (Denominator << -shift);
        return Math.ScaleB((double)scaled, -shift);
    }

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Rational other) => this == other;

    public override bool Equals(object? obj) => obj is Rational other && this == other;

    public override int GetHashCode() => ToDouble().GetHashCode();

    public override string ToString() => $"{Numerator}/{Denominator} ≈ {ToDouble():R}";
}
