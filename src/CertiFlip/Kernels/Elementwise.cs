using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>
/// Arithmetic number by number, with the same bits at every width of a register. Sums are kept in four lanes, of two
/// registers where one is not wide enough. Plain loops, compiled at once: TensorPrimitives are as fast only after a
/// process has run for a while, and a short run would pay half of its time for that. Their sums depend on the width.
/// </summary>
internal static class Elementwise
{
    private const int Lanes = 4;

    /// <summary>xᵢsᵢ − mᵢ, rounded twice.</summary>
    public static void Centre(ReadOnlySpan<double> x, ReadOnlySpan<double> s, ReadOnlySpan<double> m, Span<double> destination)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(x[i..]) * new Vector<double>(s[i..]) - new Vector<double>(m[i..])).CopyTo(destination[i..]);
        for (; i < x.Length; i++)
            destination[i] = x[i] * s[i] - m[i];
    }

    /// <summary>Adds xᵢ.</summary>
    public static void Add(ReadOnlySpan<double> x, Span<double> sums)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(sums[i..]) + new Vector<double>(x[i..])).CopyTo(sums[i..]);
        for (; i < x.Length; i++)
            sums[i] += x[i];
    }

    /// <summary>Σ xᵢ, in eight sums.</summary>
    public static double Sum(ReadOnlySpan<double> x)
    {
        ref double first = ref MemoryMarshal.GetReference(x);
        Vector256<double> s0 = default, s1 = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            s0 += Vector256.LoadUnsafe(ref first, (nuint)i);
            s1 += Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes));
        }

        double sum = Sum(s0 + s1);
        for (; i < x.Length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>Σ |xᵢ|, in eight sums.</summary>
    public static double SumOfMagnitudes(ReadOnlySpan<double> x)
    {
        ref double first = ref MemoryMarshal.GetReference(x);
        Vector256<double> s0 = default, s1 = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            s0 += Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)i));
            s1 += Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes)));
        }

        double sum = Sum(s0 + s1);
        for (; i < x.Length; i++)
            sum += Math.Abs(x[i]);
        return sum;
    }

    /// <summary>The largest |xᵢ|; 0 where there are none.</summary>
    public static double LargestMagnitude(ReadOnlySpan<double> x)
    {
        ref double first = ref MemoryMarshal.GetReference(x);
        Vector256<double> s0 = default, s1 = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            s0 = Vector256.Max(s0, Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)i)));
            s1 = Vector256.Max(s1, Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes))));
        }

        s0 = Vector256.Max(s0, s1);
        double largest = Math.Max(Math.Max(s0[0], s0[1]), Math.Max(s0[2], s0[3]));
        for (; i < x.Length; i++)
            largest = Math.Max(largest, Math.Abs(x[i]));
        return largest;
    }

    /// <summary>Divides by d, and adds up what comes out: Σ |xᵢ|, as <see cref="SumOfMagnitudes"/> does.</summary>
    public static double DivideAndSum(Span<double> x, double d)
    {
        ref double first = ref MemoryMarshal.GetReference(x);
        Vector256<double> divisor = Vector256.Create(d), s0 = default, s1 = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            Vector256<double> x0 = Vector256.LoadUnsafe(ref first, (nuint)i) / divisor;
            Vector256<double> x1 = Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes)) / divisor;
            x0.StoreUnsafe(ref first, (nuint)i);
            x1.StoreUnsafe(ref first, (nuint)(i + Lanes));
            s0 += Vector256.Abs(x0);
            s1 += Vector256.Abs(x1);
        }

        double sum = Sum(s0 + s1);
        for (; i < x.Length; i++)
            sum += Math.Abs(x[i] /= d);
        return sum;
    }

    /// <summary>cxᵢ + dyᵢ, rounded three times, in place of xᵢ.</summary>
    /// <returns>Σ |xᵢ| of what was there, and Σ |yᵢ|, as <see cref="SumOfMagnitudes"/> has them.</returns>
    public static (double OfX, double OfY) Combine(double c, Span<double> x, double d, ReadOnlySpan<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, x.Length);
        ref double first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y);
        Vector256<double> s0 = default, s1 = default, t0 = default, t1 = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            Vector256<double> x0 = Vector256.LoadUnsafe(ref first, (nuint)i), x1 = Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes));
            Vector256<double> y0 = Vector256.LoadUnsafe(ref second, (nuint)i), y1 = Vector256.LoadUnsafe(ref second, (nuint)(i + Lanes));
            (c * x0 + d * y0).StoreUnsafe(ref first, (nuint)i);
            (c * x1 + d * y1).StoreUnsafe(ref first, (nuint)(i + Lanes));
            (s0, s1) = (s0 + Vector256.Abs(x0), s1 + Vector256.Abs(x1));
            (t0, t1) = (t0 + Vector256.Abs(y0), t1 + Vector256.Abs(y1));
        }

        (double ofX, double ofY) = (Sum(s0 + s1), Sum(t0 + t1));
        for (; i < x.Length; i++)
        {
            (ofX, ofY) = (ofX + Math.Abs(x[i]), ofY + Math.Abs(y[i]));
            x[i] = c * x[i] + d * y[i];
        }

        return (ofX, ofY);
    }

    /// <summary>Σ xᵢ over xᵢ &gt; t, in eight sums, and how many there are.</summary>
    public static (double Sum, int Count) SumAbove(ReadOnlySpan<double> x, double t)
    {
        ref double first = ref MemoryMarshal.GetReference(x);
        Vector256<double> least = Vector256.Create(t), s0 = default, s1 = default;
        Vector256<long> count = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            Vector256<double> x0 = Vector256.LoadUnsafe(ref first, (nuint)i), x1 = Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes));
            Vector256<double> above0 = Vector256.GreaterThan(x0, least), above1 = Vector256.GreaterThan(x1, least);
            s0 += x0 & above0;
            s1 += x1 & above1;
            count -= above0.AsInt64() + above1.AsInt64(); // All bits of a true lane are set: −1.
        }

        double sum = Sum(s0 + s1);
        long found = Vector256.Sum(count);
        for (; i < x.Length; i++)
        {
            if (x[i] > t)
                (sum, found) = (sum + x[i], found + 1);
        }

        return (sum, (int)found);
    }

    /// <summary>votesᵢ += 1 where xᵢ &gt; t, and −1 elsewhere.</summary>
    public static void AddSides(ReadOnlySpan<double> x, double t, Span<double> votes)
    {
        ref double from = ref MemoryMarshal.GetReference(x), to = ref MemoryMarshal.GetReference(votes[..x.Length]);
        Vector256<double> least = Vector256.Create(t), above = Vector256.Create(1.0), elsewhere = Vector256.Create(-1.0);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            Vector256<double> isAbove = Vector256.GreaterThan(Vector256.LoadUnsafe(ref from, (nuint)i), least);
            (Vector256.LoadUnsafe(ref to, (nuint)i) + Vector256.ConditionalSelect(isAbove, above, elsewhere)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
            votes[i] += x[i] > t ? 1 : -1;
    }

    /// <summary>Makes c, 0 or −c of every number: c where it is above 0, −c where it is below.</summary>
    public static void SetSigns(Span<double> x, double c)
    {
        ref double first = ref MemoryMarshal.GetReference(x);
        Vector256<double> more = Vector256.Create(c), less = Vector256.Create(-c), zero = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            Vector256<double> number = Vector256.LoadUnsafe(ref first, (nuint)i);
            ((Vector256.GreaterThan(number, zero) & more) + (Vector256.LessThan(number, zero) & less)).StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < x.Length; i++)
            x[i] = x[i] > 0 ? c : x[i] < 0 ? -c : 0;
    }

    /// <summary>Σ ((xᵢ − c)·s)² with c the one number above t and the other elsewhere, in eight sums.</summary>
    public static double SumOfSquaresAbout(ReadOnlySpan<double> x, double t, double above, double elsewhere, double scale)
    {
        ref double first = ref MemoryMarshal.GetReference(x);
        Vector256<double> least = Vector256.Create(t), high = Vector256.Create(above), low = Vector256.Create(elsewhere);
        Vector256<double> s0 = default, s1 = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            Vector256<double> x0 = Vector256.LoadUnsafe(ref first, (nuint)i), x1 = Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes));
            Vector256<double> d0 = (x0 - Vector256.ConditionalSelect(Vector256.GreaterThan(x0, least), high, low)) * scale;
            Vector256<double> d1 = (x1 - Vector256.ConditionalSelect(Vector256.GreaterThan(x1, least), high, low)) * scale;
            s0 = Vector256.FusedMultiplyAdd(d0, d0, s0);
            s1 = Vector256.FusedMultiplyAdd(d1, d1, s1);
        }

        double sum = Sum(s0 + s1);
        for (; i < x.Length; i++)
        {
            double d = (x[i] - (x[i] > t ? above : elsewhere)) * scale;
            sum = Math.FusedMultiplyAdd(d, d, sum);
        }

        return sum;
    }

    /// <summary>Σ (xᵢ − yᵢ)², in eight sums.</summary>
    public static double SquaredDistance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, x.Length);
        ref double first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y);
        Vector256<double> s0 = default, s1 = default;
        int i = 0;
        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            Vector256<double> d0 = Vector256.LoadUnsafe(ref first, (nuint)i) - Vector256.LoadUnsafe(ref second, (nuint)i);
            Vector256<double> d1 =
                Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes)) - Vector256.LoadUnsafe(ref second, (nuint)(i + Lanes));
            s0 = Vector256.FusedMultiplyAdd(d0, d0, s0);
            s1 = Vector256.FusedMultiplyAdd(d1, d1, s1);
        }

        double sum = Sum(s0 + s1);
        for (; i < x.Length; i++)
            sum = Math.FusedMultiplyAdd(x[i] - y[i], x[i] - y[i], sum);
        return sum;
    }

    /// <summary>Adds xᵢ², rounded twice.</summary>
    public static void AddSquares(ReadOnlySpan<double> x, Span<double> sums)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var some = new Vector<double>(x[i..]);
            (new Vector<double>(sums[i..]) + some * some).CopyTo(sums[i..]);
        }

        for (; i < x.Length; i++)
            sums[i] += x[i] * x[i];
    }

    /// <summary>Adds c·xᵢ, rounded once.</summary>
    public static void AddMultiple(double c, ReadOnlySpan<double> x, Span<double> sums)
    {
        var factor = new Vector<double>(c);
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            Vector.FusedMultiplyAdd(new Vector<double>(x[i..]), factor, new Vector<double>(sums[i..])).CopyTo(sums[i..]);
        for (; i < x.Length; i++)
            sums[i] = Math.FusedMultiplyAdd(x[i], c, sums[i]);
    }

    /// <summary>Σ xᵢyᵢ, in sixteen sums.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, x.Length);
        ref double first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= x.Length - 4 * Lanes; i += 4 * Lanes)
        {
            nuint at = (nuint)i;
            s0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, at), Vector256.LoadUnsafe(ref second, at), s0);
            at += Lanes;
            s1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, at), Vector256.LoadUnsafe(ref second, at), s1);
            at += Lanes;
            s2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, at), Vector256.LoadUnsafe(ref second, at), s2);
            at += Lanes;
            s3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, at), Vector256.LoadUnsafe(ref second, at), s3);
        }

        double sum = Sum((s0 + s1) + (s2 + s3));
        for (; i < x.Length; i++)
            sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    /// <summary>Turns a pair of vectors: x ← cx − sy, y ← sx + cy.</summary>
    public static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        Vector<double> cosine = new(c), sine = new(s);
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> a = new(x[i..]), b = new(y[i..]);
            (cosine * a - sine * b).CopyTo(x[i..]);
            (sine * a + cosine * b).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
            (x[i], y[i]) = (c * x[i] - s * y[i], s * x[i] + c * y[i]);
    }

    /// <summary>Divides by d.</summary>
    public static void Divide(Span<double> values, double d)
    {
        var divisor = new Vector<double>(d);
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(values[i..]) / divisor).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] /= d;
    }

    /// <summary>Raises to |xᵢ| what is smaller.</summary>
    public static void MaxMagnitude(ReadOnlySpan<double> x, Span<double> largest)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            Vector.Max(new Vector<double>(largest[i..]), Vector.Abs(new Vector<double>(x[i..]))).CopyTo(largest[i..]);
        for (; i < x.Length; i++)
            largest[i] = Math.Max(largest[i], Math.Abs(x[i]));
    }

    /// <summary>−xᵢ.</summary>
    public static void Negate(ReadOnlySpan<double> x, Span<double> destination)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (-new Vector<double>(x[i..])).CopyTo(destination[i..]);
        for (; i < x.Length; i++)
            destination[i] = -x[i];
    }

    /// <summary>|xᵢ|.</summary>
    public static void Abs(ReadOnlySpan<double> x, Span<double> destination)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            Vector.Abs(new Vector<double>(x[i..])).CopyTo(destination[i..]);
        for (; i < x.Length; i++)
            destination[i] = Math.Abs(x[i]);
    }

    private static double Sum(Vector256<double> sums) => sums[0] + sums[1] + (sums[2] + sums[3]);
}
