using System.Runtime.CompilerServices;

namespace CertiFlip.Kernels;

/// <summary>
/// The operations a kernel needs on one vector register of doubles, or of floats that doubles are read into. A kernel
/// is written once over this interface; the compiler makes one machine-code version for each implementation, the scalar
/// one among them.
/// </summary>
/// <remarks>
/// Every operation rounds as IEEE 754 says and <see cref="MultiplyAdd"/> rounds once, so a kernel whose lanes do not
/// meet gives the same bits at every width. Kernels that add rows up do so in <see cref="Abreast{TLanes,TVector}"/>
/// sums, whatever the width, so they do, too.
/// </remarks>
/// <typeparam name="TVector">
/// The register: <see cref="double"/> or a <c>Vector128/256/512&lt;double&gt;</c>, or the same of <see cref="float"/>.
/// </typeparam>
internal interface ILanes<TVector>
    where TVector : struct
{
    static abstract int Count { get; }

    /// <summary>Whether the lanes hold floats, to whose precision functions need to be computed.</summary>
    static abstract bool AreSingle { get; }

    static abstract TVector Load(ref readonly double source, nuint index);

    static abstract void Store(TVector value, ref double destination, nuint index);

    static abstract TVector Broadcast(double value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a·b + c with one rounding.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Abs(TVector value);

    static abstract TVector Max(TVector a, TVector b);

    /// <summary>
    /// <paramref name="positive"/> in the lanes where <paramref name="value"/> &gt; 0, else
    /// <paramref name="otherwise"/>.
    /// </summary>
    static abstract TVector SelectPositive(TVector value, TVector positive, TVector otherwise);

    /// <summary>A bit for each lane, the first lane's lowest: whether a ≥ b.</summary>
    static abstract uint AtLeast(TVector a, TVector b);

    /// <summary>
    /// Writes the lanes that lie in [least, below) to the front of a place for a whole register, in their order.
    /// </summary>
    /// <returns>How many there are.</returns>
    static abstract int StoreBetween(TVector value, TVector least, TVector below, ref double destination);

    /// <summary>
    /// Adds the low bits of <paramref name="shifter"/>, read as an integer, to the exponent of
    /// <paramref name="value"/>.
    /// </summary>
    static abstract TVector AddToExponent(TVector value, TVector shifter);
}

/// <summary>
/// The sums that kernels keep side by side: 8 of doubles, 16 of floats, at every width of a register. Row j of a block
/// goes into sum j modulo <see cref="Count"/>, and at the end of a block its sums are added from the first to the last.
/// </summary>
/// <remarks>
/// A register that is narrower passes over a block several times, for some of the sums each time: a block stays in the
/// first-level cache, and the arithmetic is the same.
/// </remarks>
internal static class Abreast<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>The larger of both.</summary>
    public const int Most = 16;

    public static int Count
    {
        // A call inside a loop would send every sum to memory and back.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.AreSingle ? Most : Most / 2;
    }

    /// <summary>The sum of the sums. Compiled whole at its first call: short runs end before a second time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<double> sums)
    {
        double total = 0;
        for (int i = 0; i < Count; i++)
            total += sums[i];
        return total;
    }
}

/// <summary>Lanes of floats that can be read from floats, too.</summary>
/// <inheritdoc cref="ILanes{TVector}"/>
internal interface ISingleLanes<TVector> : ILanes<TVector>
    where TVector : struct
{
    static abstract TVector LoadSingles(ref readonly float source, nuint index);

    static abstract void StoreSingles(TVector value, ref float destination, nuint index);

    static abstract TVector BroadcastSingle(float value);
}
