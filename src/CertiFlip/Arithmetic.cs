using System.Runtime.CompilerServices;

namespace CertiFlip;

/// <summary>
/// What every result is computed with: sums in an order that does not depend on the processor, and logarithms and
/// exponentials made of +, −, ×, ÷ and fused multiply-adds alone, which IEEE 754 rounds the same everywhere. So equal
/// inputs give equal bytes at every vector width and with every system's mathematical library.
/// </summary>
public static class Arithmetic
{
    /// <summary>
    /// The number of this order of operations. It rises whenever a release may give other last digits: work that
    /// several machines share must be done under one number.
    /// </summary>
    public const int Contract = 2;

    // ln 2 in two parts: the first has 32 bits, so that its product with an exponent is exact.
    private const double Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10, Log2OfE = 1.4426950408889634;
    private const double RootOfHalf = 0.70710678118654752;
    private const int FractionBits = 52, Bias = 1023;

    /// <summary>The natural logarithm, within one unit in the last place.</summary>
    /// <remarks>
    /// x = m·2ᵏ with √½ ≤ m &lt; √2, and log m = 2·artanh(s) with s = (m − 1)/(m + 1), by its series up to s²³. What is
    /// small is added first: log m = f − (½f² − s(½f² + R)) with f = m − 1.
    /// </remarks>
    /// <param name="x">Any number: −∞ at 0, NaN below.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Log(double x)
    {
        if (!(x > 0) || x == double.PositiveInfinity)
            return x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;
        int exponent = 0;
        if (x < BitConverter.Int64BitsToDouble(1L << FractionBits))
            (x, exponent) = (x * (1L << 54), -54);
        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> FractionBits) - (Bias - 1);
        double m = BitConverter.Int64BitsToDouble((bits & ((1L << FractionBits) - 1)) | (Bias - 1L) << FractionBits); // [½, 1)
        if (m < RootOfHalf)
            (m, exponent) = (2 * m, exponent - 1);

        double f = m - 1, s = f / (2 + f), z = s * s;
        double r = Math.FusedMultiplyAdd(z, 2.0 / 23, 2.0 / 21);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 19);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 17);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 15);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 13);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 11);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 9);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 7);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 5);
        r = Math.FusedMultiplyAdd(r, z, 2.0 / 3) * z;
        double square = 0.5 * f * f;
        return exponent * Ln2High - (square - Math.FusedMultiplyAdd(s, square + r, exponent * Ln2Low) - f);
    }

    /// <summary>log(1 + <paramref name="x"/>) to a few roundings, also for small x.</summary>
    /// <remarks>Kahan's correction: log(s)/(s−1) varies slowly, so the rounding of s = 1 + x all but cancels.</remarks>
    /// <param name="x">Above −1.</param>
    public static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Log(sum) * (x / (sum - 1));
    }

    /// <summary>e to the power of <paramref name="x"/>, within one unit in the last place.</summary>
    /// <remarks>x = k·ln 2 + r with |r| ≤ ½ ln 2, and e^r by its Taylor series up to r¹⁴.</remarks>
    /// <param name="x">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exp(double x)
    {
        if (!(x < 709.79 && x > -745.14))
            return x > 0 ? double.PositiveInfinity : x < 0 ? 0 : x;
        int k = (int)Math.Round(x * Log2OfE);
        double high = Math.FusedMultiplyAdd(-k, Ln2High, x), low = k * Ln2Low;
        double r = high - low, rest = high - r - low;
        double p = Math.FusedMultiplyAdd(r, 1.0 / 87178291200, 1.0 / 6227020800);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 479001600);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 39916800);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 3628800);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 362880);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 40320);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 5040);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 720);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 120);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 24);
        p = Math.FusedMultiplyAdd(p, r, 1.0 / 6);
        p = Math.FusedMultiplyAdd(p, r, 0.5);
        double power = 1 + (r + Math.FusedMultiplyAdd(r * r, p, Math.FusedMultiplyAdd(rest, r, rest)));

        // In two steps, because 2ᵏ alone may be out of range.
        int half = k >> 1;
        return power * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + Bias) << FractionBits);
}
