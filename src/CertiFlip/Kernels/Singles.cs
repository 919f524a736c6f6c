using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CertiFlip.Kernels;

/// <summary>
/// Steps of learned vectors of single numbers, with the same bits at every width of a register: sums are kept in eight
/// lanes, of several registers where one is not wide enough.
/// </summary>
internal static class Singles
{
    private const int Lanes = 8;

    /// <summary>Σ xᵢyᵢ and Σ yᵢ², each in sixteen sums.</summary>
    public static (float Product, float Square) Products(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ref float first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y);
        Vector256<float> p0 = default, p1 = default, s0 = default, s1 = default;
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> products = default, squares = default;
            for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
            {
                var own = Vector512.LoadUnsafe(ref second, (nuint)i);
                products = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref first, (nuint)i), own, products);
                squares = Vector512.FusedMultiplyAdd(own, own, squares);
            }

            (p0, p1, s0, s1) = (products.GetLower(), products.GetUpper(), squares.GetLower(), squares.GetUpper());
        }

        for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
        {
            Vector256<float> y0 = Vector256.LoadUnsafe(ref second, (nuint)i), y1 = Vector256.LoadUnsafe(ref second, (nuint)(i + Lanes));
            p0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, (nuint)i), y0, p0);
            p1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, (nuint)(i + Lanes)), y1, p1);
            s0 = Vector256.FusedMultiplyAdd(y0, y0, s0);
            s1 = Vector256.FusedMultiplyAdd(y1, y1, s1);
        }

        float product = Sum(p0 + p1), square = Sum(s0 + s1);
        for (; i < x.Length; i++)
            (product, square) = (MathF.FusedMultiplyAdd(x[i], y[i], product), MathF.FusedMultiplyAdd(y[i], y[i], square));
        return (product, square);
    }

    /// <summary>Adds c·yᵢ to the turns, then y ← (1 − s)·y + c·x.</summary>
    public static void Turn(ReadOnlySpan<float> x, Span<float> y, float c, float s, Span<float> turns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(turns.Length, x.Length);
        ref float first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y);
        ref float third = ref MemoryMarshal.GetReference(turns);
        Vector256<float> share = Vector256.Create(c), rest = Vector256.Create(1 - s);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> wideShare = Vector512.Create(c), wideRest = Vector512.Create(1 - s);
            for (; i <= x.Length - 2 * Lanes; i += 2 * Lanes)
            {
                nuint at = (nuint)i;
                var own = Vector512.LoadUnsafe(ref second, at);
                Vector512.FusedMultiplyAdd(own, wideShare, Vector512.LoadUnsafe(ref third, at)).StoreUnsafe(ref third, at);
                Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref first, at), wideShare, own * wideRest).StoreUnsafe(ref second, at);
            }
        }

        for (; i <= x.Length - Lanes; i += Lanes)
        {
            nuint at = (nuint)i;
            Vector256<float> own = Vector256.LoadUnsafe(ref second, at);
            Vector256.FusedMultiplyAdd(own, share, Vector256.LoadUnsafe(ref third, at)).StoreUnsafe(ref third, at);
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, at), share, own * rest).StoreUnsafe(ref second, at);
        }

        for (; i < x.Length; i++)
        {
            turns[i] = MathF.FusedMultiplyAdd(y[i], c, turns[i]);
            y[i] = MathF.FusedMultiplyAdd(x[i], c, y[i] * (1 - s));
        }
    }

    /// <summary>x ← c·x + y.</summary>
    public static void ScaleAndAdd(Span<float> x, float c, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ref float first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y);
        var factor = Vector256.Create(c);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            nuint at = (nuint)i;
            Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, at), factor, Vector256.LoadUnsafe(ref second, at))
                .StoreUnsafe(ref first, at);
        }

        for (; i < x.Length; i++)
            x[i] = MathF.FusedMultiplyAdd(x[i], c, y[i]);
    }

    /// <summary>Asks for numbers that are wanted soon, where processors can be asked; nothing depends on it.</summary>
    public static unsafe void Prefetch(ReadOnlySpan<float> numbers)
    {
        if (!Sse.IsSupported)
            return;
        const int line = 64 / sizeof(float);
        ref float first = ref MemoryMarshal.GetReference(numbers);
        for (int i = 0; i < numbers.Length; i += line)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, i)));
    }

    private static float Sum(Vector256<float> sums) =>
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}
