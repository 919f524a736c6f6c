using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>
/// A sum of doubles without any rounding, for the few comparisons that a rounding margin leaves open.
/// </summary>
/// <remarks>
/// The sum is kept in fixed point from 2⁻¹⁰⁷⁴ upward, 32 bits to a limb. Limbs are signed 64-bit numbers, so carries
/// can wait: 2²⁹ terms fit before one is due.
/// </remarks>
internal sealed class ExactSum
{
    private const int LimbBits = 32;
    private const int FractionBits = 52;
    private const int ExponentBits = 11;

    // So many multiples of 2ᵖ⁻⁵² that are at most 2ᵖ⁻¹⁰ in size add up to less than 2ᵖ⁺¹: no sum of them rounds.
    private const int MostInLane = 1 << 10;

    // 2¹⁰²⁴ / 2⁻¹⁰⁷⁴ in limbs, and one more for the carries of a long sum.
    private readonly long[] _limbs = new long[(1024 + 1074) / LimbBits + 3];

    /// <summary>An empty sum.</summary>
    public ExactSum()
    {
    }

    /// <summary>A copy of another sum.</summary>
    public ExactSum(ExactSum start) => start._limbs.CopyTo(_limbs, 0);

    /// <summary>Adds <paramref name="value"/> times <paramref name="multiple"/>.</summary>
    /// <param name="value">A finite number.</param>
    /// <param name="multiple">1, −1, 2 or −2.</param>
    public void Add(double value, int multiple = 1)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> FractionBits) & ((1 << ExponentBits) - 1);
        ulong mantissa = unchecked((ulong)bits) & ((1UL << FractionBits) - 1);
        if (exponent == 0)
            exponent = 1; // Subnormal: no hidden bit.
        else
            mantissa |= 1UL << FractionBits;
        if (bits < 0)
            multiple = -multiple;

        int position = exponent - 1;
        int limb = position / LimbBits;
        UInt128 shifted = (UInt128)mantissa << (position % LimbBits);
        for (; shifted != 0; limb++, shifted >>= LimbBits)
            _limbs[limb] += multiple * (long)unchecked((uint)shifted);
    }

    /// <summary>Adds many values, each times <paramref name="multiple"/>.</summary>
    /// <param name="values">Finite numbers.</param>
    /// <param name="multiple">1, −1, 2 or −2.</param>
    /// <remarks>
    /// A number is cut in three at two places that are the same for all: with C = 1.5·2ᵖ, (C + x) − C is x rounded to a
    /// multiple of 2ᵖ⁻⁵², and what is left of x is a double again. As |x| is at most 2ᵖ⁻¹⁰, a lane adds up
    /// <see cref="MostInLane"/> such multiples without rounding. What the second cut leaves of x is 0, as a rule.
    /// </remarks>
    public void AddAll(ReadOnlySpan<double> values, int multiple = 1)
    {
        const int Bits = 11, Lanes = 2 * 4;
        const double Smallest = 1e-240, Largest = 1e290;
        while (values.Length >= Lanes)
        {
            ReadOnlySpan<double> block = values[..Math.Min(Lanes * MostInLane, values.Length / Lanes * Lanes)];
            double largest = Elementwise.LargestMagnitude(block);
            if (largest is < Smallest or > Largest)
                break;
            double first = Math.ScaleB(1.5, Math.ILogB(largest) + Bits), second = Math.ScaleB(first, Bits - FractionBits);
            AddCut(block, first, second, multiple);
            values = values[block.Length..];
        }

        foreach (double value in values)
            Add(value, multiple);
    }

    private void AddCut(ReadOnlySpan<double> values, double first, double second, int multiple)
    {
        ref double value = ref MemoryMarshal.GetReference(values);
        Vector256<double> c0 = Vector256.Create(first), c1 = Vector256.Create(second);
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default;
        for (int i = 0; i < values.Length; i += 2 * Vector256<double>.Count)
        {
            Vector256<double> x0 = Vector256.LoadUnsafe(ref value, (nuint)i);
            Vector256<double> x1 = Vector256.LoadUnsafe(ref value, (nuint)(i + Vector256<double>.Count));
            Vector256<double> high0 = c0 + x0 - c0, high1 = c0 + x1 - c0;
            Vector256<double> left0 = x0 - high0, left1 = x1 - high1;
            Vector256<double> low0 = c1 + left0 - c1, low1 = c1 + left1 - c1;
            (a0, a1) = (a0 + high0, a1 + high1);
            (b0, b1) = (b0 + low0, b1 + low1);
            if (low0 != left0 || low1 != left1)
            {
                for (int lane = 0; lane < Vector256<double>.Count; lane++)
                {
                    Add(left0[lane] - low0[lane], multiple);
                    Add(left1[lane] - low1[lane], multiple);
                }
            }
        }

        for (int lane = 0; lane < Vector256<double>.Count; lane++)
        {
            Add(a0[lane], multiple);
            Add(a1[lane], multiple);
            Add(b0[lane], multiple);
            Add(b1[lane], multiple);
        }
    }

    /// <summary>Adds another sum. Sums may be added in any order.</summary>
    public void Add(ExactSum other)
    {
        for (int i = 0; i < _limbs.Length; i++)
            _limbs[i] += other._limbs[i];
        _ = Sign(); // Carries are due: the other sum may be of many terms.
    }

    /// <summary>Writes the sum so far.</summary>
    public void Write(BinaryWriter writer)
    {
        _ = Sign();
        foreach (long limb in _limbs)
            writer.Write7BitEncodedInt64(limb);
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        var other = new ExactSum();
        for (int i = 0; i < _limbs.Length; i++)
            other._limbs[i] = reader.Read7BitEncodedInt64();
        Add(other);
    }

    /// <summary>A sum in units of 2⁻¹⁰⁷⁴ as a double, which is off by less than a part 2⁻⁵² of itself.</summary>
    public static double ToDouble(BigInteger units)
    {
        int shift = Math.Max(0, (int)units.GetBitLength() - 64);
        return Math.ScaleB((double)(units >> shift), shift - 1074);
    }

    /// <summary>A double in units of 2⁻¹⁰⁷⁴.</summary>
    public static BigInteger InUnits(double value)
    {
        var sum = new ExactSum();
        sum.Add(value);
        return sum.ToInteger();
    }

    /// <summary>The sum so far in units of 2⁻¹⁰⁷⁴, the smallest double.</summary>
    public BigInteger ToInteger()
    {
        BigInteger value = 0;
        for (int i = _limbs.Length - 1; i >= 0; i--)
            value = (value << LimbBits) + _limbs[i];
        return value;
    }

    /// <summary>−1, 0 or 1: the sign of the sum so far.</summary>
    public int Sign()
    {
        bool anySet = false;
        long carry = 0;
        for (int i = 0; i < _limbs.Length; i++)
        {
            long limb = _limbs[i] + carry;
            carry = limb >> LimbBits;
            _limbs[i] = unchecked((uint)limb);
            anySet |= _limbs[i] != 0;
        }

        // What is carried out of the top is the sign: −1 for a negative sum in two's complement, and it goes back so
        // that the limbs keep their value.
        _limbs[^1] += carry << LimbBits;
        return carry < 0 ? -1 : anySet ? 1 : 0;
    }
}
