using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>
/// The largest failure probability before r flips that cannot become ½ after them, whatever the learner: a set of noisy
/// labels that reaches ½ after the flips while being as improbable as possible before them, filled up greedily as in a
/// fractional knapsack.
/// </summary>
internal static class TightOracle
{
    public static Rational Threshold(int flips, double q)
    {
        // With q = a/(a+b), i of the flipped positions showing the new label: C(r,i)·aⁱbʳ⁻ⁱ before, C(r,i)·bⁱaʳ⁻ⁱ
        // after.
        Rational noise = q;
        BigInteger a = noise.Numerator;
        BigInteger b = noise.Denominator - a;
        BigInteger all = BigInteger.Pow(noise.Denominator, flips);
        BigInteger before = BigInteger.Pow(a, flips);
        BigInteger after = BigInteger.Pow(b, flips);
        BigInteger taken = BigInteger.Zero;
        BigInteger missing = all; // Doubled, so that ½ needs no fraction.
        for (int i = flips; 2 * after < missing; i--)
        {
            taken += before;
            missing -= 2 * after;
            before = before * i * b / ((flips - i + 1) * a);
            after = after * i * a / ((flips - i + 1) * b);
        }

        return new Rational(2 * taken * after + missing * before, 2 * after * all);
    }

    /// <summary>
    /// The logarithm of the same for any r, to fifty digits: what is added up relative to the most probable count after
    /// the flips fades within some dozens of √r, and the counts before the flips differ by powers of the odds.
    /// </summary>
    public static Rational LogThreshold(int flips, double q)
    {
        Rational noise = q;
        BigInteger a = noise.Numerator;
        BigInteger b = noise.Denominator - a;
        int mode = (int)((flips + 1) * (1 - noise)).Floor();
        var rising = new List<BigInteger>(Fading(i => ((flips - mode - i) * b, (mode + i + 1) * a), flips - mode));
        var falling = new List<BigInteger>(Fading(i => ((mode - i) * a, (flips - mode + i + 1) * b), mode));
        BigInteger all = Sum(rising) + Sum(falling) - rising[0];

        // Before the flips, i new labels are (a/b)²ⁱ⁻ʳ times as probable as after them; relative to i = mode that is
        // what is added here.
        BigInteger missing = all;
        Rational taken = 0;
        Rational odds = new(a * a, b * b);
        Rational relative = Fixed(Power(odds, rising.Count - 1));
        for (int i = mode + rising.Count - 1; ; i--)
        {
            BigInteger after = i >= mode ? rising[i - mode] : falling[mode - i];
            if (2 * after >= missing)
            {
                Rational least = taken + relative * new Rational(missing, 2);
                return HighPrecision.Log(least / all) + (2 * (BigInteger)mode - flips) * HighPrecision.Log(new Rational(a, b));
            }

            taken = Fixed(taken + relative * after);
            missing -= 2 * after;
            relative = Fixed(relative / odds);
        }
    }

    private static IEnumerable<BigInteger> Fading(Func<int, (BigInteger Numerator, BigInteger Denominator)> ratio, int most)
    {
        BigInteger term = BigInteger.One << 320;
        for (int i = 0; i <= most && !term.IsZero; i++)
        {
            yield return term;
            (BigInteger numerator, BigInteger denominator) = ratio(i);
            term = term * numerator / denominator;
        }
    }

    private static BigInteger Sum(IEnumerable<BigInteger> terms) => terms.Aggregate(BigInteger.Zero, (sum, term) => sum + term);

    private static Rational Power(Rational x, int exponent) =>
        new(BigInteger.Pow(x.Numerator, exponent), BigInteger.Pow(x.Denominator, exponent));

    /// <summary>Cut to a few hundred significant bits.</summary>
    private static Rational Fixed(Rational x)
    {
        if (x.Sign == 0)
            return x;
        int shift = 400 - (int)(x.Numerator.GetBitLength() - x.Denominator.GetBitLength());
        return shift >= 0
            ? new Rational((x.Numerator << shift) / x.Denominator, BigInteger.One << shift)
            : new Rational((x.Numerator / (x.Denominator << -shift)) << -shift, 1);
    }
}
