using System.Numerics;
using CertiFlip.Votes;

namespace CertiFlip.Blocks;

/// <summary>What a label does to twice a pair's margin where an adversary flips it.</summary>
internal enum MoveKind
{
    /// <summary>It cannot lower it.</summary>
    None,

    /// <summary>It lowers it by |α|.</summary>
    Half,

    /// <summary>It lowers it by 2|α|.</summary>
    Whole,
}

/// <summary>
/// Moves as keys: the bits of what a move takes from twice the margin, as if a double could hold it. A larger move has
/// a larger key, and moves are equal where their keys are.
/// </summary>
internal static class Move
{
    private const ulong OneExponent = 1UL << 52;

    /// <summary>Keys below this one are the moves themselves, in units of 2⁻¹⁰⁷⁴.</summary>
    public const ulong FirstScaled = OneExponent << 1;

    /// <summary>What a label of a class with a weight of this sign can do.</summary>
    public static MoveKind KindOf(Pair pair, int c, bool negative) =>
        c == pair.Winner ? negative ? MoveKind.None : MoveKind.Whole
        : c == pair.Rival ? negative ? MoveKind.Whole : MoveKind.None
        : MoveKind.Half;

    /// <summary>The key of a move by a weight that is not 0.</summary>
    public static ulong KeyOf(double weight, MoveKind kind)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(Math.Abs(weight));
        if (kind == MoveKind.Half)
            return bits;
        return bits < OneExponent ? bits << 1 : bits + OneExponent;
    }

    /// <summary>The smallest |α| whose move has at least this key; infinite where there is none.</summary>
    public static double WeightOf(ulong key, MoveKind kind)
    {
        if (kind == MoveKind.Whole)
            key = key < FirstScaled ? (key + 1) >> 1 : key - OneExponent;
        return BitConverter.UInt64BitsToDouble(Math.Min(key, BitConverter.DoubleToUInt64Bits(double.PositiveInfinity)));
    }

    /// <summary>How much a key is worth, in units of which <see cref="ShiftOf"/> gives the size.</summary>
    public static ulong WorthOf(ulong key) => key < FirstScaled ? key : (key & (OneExponent - 1)) | OneExponent;

    /// <summary>The units are 2⁻¹⁰⁷⁴ times 2 to this power.</summary>
    public static int ShiftOf(ulong key) => key < FirstScaled ? 0 : (int)(key >> 52) - 1;
}

/// <summary>
/// Moves with keys in a range that is a power of two wide, in which keys and worths grow alike.
/// </summary>
/// <param name="Low">The smallest key there can be.</param>
/// <param name="Bits">The range is 2 to this power wide.</param>
/// <param name="Count">How many moves there are.</param>
/// <param name="Worth">What they take from twice the margin together, in units of 2⁻¹⁰⁷⁴.</param>
internal readonly record struct MoveGroup(ulong Low, int Bits, long Count, BigInteger Worth)
{
    private const int BucketBits = 50, SmallBits = 53;

    /// <summary>The smallest worth a move here can have.</summary>
    public BigInteger Least => (BigInteger)Math.Max(1, Move.WorthOf(Low)) << Move.ShiftOf(Low);

    /// <summary>The largest.</summary>
    public BigInteger Most => ((BigInteger)Move.WorthOf(Low) + (1UL << Bits) - 1) << Move.ShiftOf(Low);

    /// <summary>The moves that weights of a bucket make.</summary>
    public static MoveGroup Of(WeightBucket bucket, MoveKind kind)
    {
        int index = bucket.Index + (kind == MoveKind.Whole && bucket.Index != WeightHistogram.Tiny ? 4 : 0);
        BigInteger worth = kind == MoveKind.Whole ? 2 * bucket.Units : bucket.Units;
        return (ulong)index << BucketBits < Move.FirstScaled
            ? new MoveGroup(0, SmallBits, bucket.Count, worth)
            : new MoveGroup((ulong)index << BucketBits, BucketBits, bucket.Count, worth);
    }

    /// <summary>Part of a group.</summary>
    /// <param name="low">The smallest key there can be.</param>
    /// <param name="bits">The part is 2 to this power wide.</param>
    /// <param name="tally">How many moves there are, and by how much their keys exceed the smallest.</param>
    public static MoveGroup Of(ulong low, int bits, MoveTally tally) => new(
        low, bits, tally.Count, ((BigInteger)Move.WorthOf(low) * tally.Count + tally.Excess) << Move.ShiftOf(low));

    /// <summary>Both groups together.</summary>
    public MoveGroup With(MoveGroup other) => this with { Count = Count + other.Count, Worth = Worth + other.Worth };
}

/// <summary>Moves of one group.</summary>
/// <param name="Count">How many.</param>
/// <param name="Excess">The sum of what their keys exceed the smallest by.</param>
internal readonly record struct MoveTally(long Count, UInt128 Excess)
{
    public static MoveTally operator +(MoveTally one, MoveTally other) => new(one.Count + other.Count, one.Excess + other.Excess);
}
