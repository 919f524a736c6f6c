using System.Numerics;

namespace CertiFlip.Blocks;

/// <summary>
/// The label weights of one test row, counted and added up by class, sign and size: four buckets to a power of two.
/// Counts and sums are whole numbers, so histograms of blocks add up to that of all rows, whoever made them and in
/// whatever order.
/// </summary>
/// <remarks>
/// All weights of a bucket have the same exponent, so their sum is one of 53-bit whole numbers. Numbers below the
/// smallest normal double share one bucket. Weights of 0 move nothing and are not counted.
/// </remarks>
internal sealed class WeightHistogram
{
    /// <summary>The bucket of subnormal numbers. Normal ones have 4 and more.</summary>
    public const int Tiny = 3;

    private const int BucketBits = 50;
    private const ulong FirstNormal = 1UL << 52, Excess = (1UL << BucketBits) - 1;
    private const int Buckets = 0x7ff << 2;

    // So many excesses below 2⁵⁰ fit into 64 bits.
    private const int MostPending = (1 << 14) - 1;

    private readonly int _lists;
    private readonly long[] _tinyCounts;
    private readonly UInt128[] _tinySums;
    private long[] _counts = [];
    private ulong[] _low = [];
    private ulong[] _high = [];
    private int _first, _width, _pending;

    /// <summary>An empty histogram.</summary>
    /// <param name="classes">K.</param>
    public WeightHistogram(int classes)
    {
        _lists = 2 * classes;
        (_tinyCounts, _tinySums) = (new long[_lists], new UInt128[_lists]);
    }

    /// <summary>The sum of a bucket in units of 2⁻¹⁰⁷⁴, of which a bucket has 2 to this power.</summary>
    public static int UnitOf(int bucket) => Math.Max(1, bucket >> 2) - 1;

    /// <summary>The smallest size that a bucket counts, in its own units.</summary>
    public static ulong LeastOf(int bucket) => bucket == Tiny ? 0 : (4UL + ((ulong)bucket & 3)) << BucketBits;

    /// <summary>How wide a bucket is, in its own units.</summary>
    public static ulong WidthOf(int bucket) => bucket == Tiny ? FirstNormal : 1UL << BucketBits;

    /// <summary>Counts weights of rows of one class.</summary>
    public void Add(int c, ReadOnlySpan<double> weights)
    {
        while (weights.Length > MostPending)
        {
            Add(c, weights[..MostPending]);
            weights = weights[MostPending..];
        }

        if (_pending + weights.Length > MostPending)
            Carry();
        _pending += weights.Length;
        foreach (double weight in weights)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(weight), size = bits & long.MaxValue;
            int list = 2 * c + (int)(bits >> 63), place = (int)(size >> BucketBits) - _first;
            if (unchecked((uint)place) < (uint)_width)
            {
                int at = list * _width + place;
                _counts[at]++;
                _low[at] += size & Excess;
            }
            else
            {
                AddOutside(list, size);
            }
        }
    }

    /// <summary>The buckets of a class's positive or negative weights that hold any, the smallest first.</summary>
    public IEnumerable<WeightBucket> Of(int c, bool negative)
    {
        int list = 2 * c + (negative ? 1 : 0);
        if (_tinyCounts[list] > 0)
            yield return new WeightBucket(Tiny, _tinyCounts[list], _tinySums[list]);
        for (int place = 0; place < _width; place++)
        {
            int at = list * _width + place, bucket = _first + place;
            if (_counts[at] > 0)
                yield return new WeightBucket(bucket, _counts[at], (UInt128)LeastOf(bucket) * (ulong)_counts[at] + ExcessOf(at));
        }
    }

    /// <summary>Writes all buckets that hold any weights.</summary>
    public void Write(BinaryWriter writer)
    {
        for (int list = 0; list < _lists; list++)
        {
            WeightBucket[] buckets = [.. Of(list / 2, negative: list % 2 == 1)];
            writer.Write7BitEncodedInt(buckets.Length);
            int last = 0;
            foreach (WeightBucket bucket in buckets)
            {
                UInt128 excess = bucket.Sum - (UInt128)LeastOf(bucket.Index) * (ulong)bucket.Count;
                writer.Write7BitEncodedInt(bucket.Index - last);
                writer.Write7BitEncodedInt64(bucket.Count);
                writer.Write(unchecked((ulong)excess));
                writer.Write7BitEncodedInt64((long)(excess >> 64));
                last = bucket.Index;
            }
        }
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no histogram.</exception>
    public void Read(BinaryReader reader)
    {
        for (int list = 0; list < _lists; list++)
        {
            int bucket = 0;
            for (int left = reader.Read7BitEncodedInt(); left > 0; left--)
            {
                bucket += reader.Read7BitEncodedInt();
                long count = reader.Read7BitEncodedInt64();
                ulong low = reader.ReadUInt64();
                long high = reader.Read7BitEncodedInt64();
                if (bucket is < Tiny or >= Buckets || count < 1 || high is < 0 or > int.MaxValue)
                    throw new InvalidDataException("This is no histogram of label weights.");
                Add(list, bucket, count, new UInt128((ulong)high, low));
            }
        }
    }

    private UInt128 ExcessOf(int at) => ((UInt128)_high[at] << 32) + _low[at];

    private void Add(int list, int bucket, long count, UInt128 excess)
    {
        if (bucket == Tiny)
        {
            _tinyCounts[list] += count;
            _tinySums[list] += excess;
            return;
        }

        Reach(bucket);
        int at = list * _width + bucket - _first;
        _counts[at] += count;
        UInt128 sum = ExcessOf(at) + excess;
        (_high[at], _low[at]) = ((ulong)(sum >> 32), (ulong)(sum & uint.MaxValue));
    }

    private void AddOutside(int list, ulong size)
    {
        if (size >> BucketBits >= Buckets)
            throw new ArgumentException("Label weights must be finite.");
        if (size >= FirstNormal)
            Add(list, (int)(size >> BucketBits), 1, size & Excess);
        else if (size > 0)
            Add(list, Tiny, 1, size);
    }

    /// <summary>Makes room for a bucket.</summary>
    private void Reach(int bucket)
    {
        const int Below = 64, Above = 24;
        if (bucket >= _first && bucket < _first + _width)
            return;
        int first = Math.Max(Tiny + 1, _width == 0 ? bucket - Below : Math.Min(_first, bucket - Below / 2));
        int end = Math.Min(Buckets, Math.Max(_first + _width, bucket + Above)), width = end - first, shift = _width == 0
            ? 0
            : _first - first;
        var counts = new long[_lists * width];
        ulong[] low = new ulong[_lists * width], high = new ulong[_lists * width];
        for (int list = 0; list < _lists; list++)
        {
            _counts.AsSpan(list * _width, _width).CopyTo(counts.AsSpan(list * width + shift));
            _low.AsSpan(list * _width, _width).CopyTo(low.AsSpan(list * width + shift));
            _high.AsSpan(list * _width, _width).CopyTo(high.AsSpan(list * width + shift));
        }

        (_counts, _low, _high, _first, _width) = (counts, low, high, first, width);
    }

    private void Carry()
    {
        for (int at = 0; at < _low.Length; at++)
        {
            _high[at] += _low[at] >> 32;
            _low[at] &= uint.MaxValue;
        }

        _pending = 0;
    }
}

/// <summary>Label weights of one class, sign and size.</summary>
/// <param name="Index">The exponent and the first two bits after the leading one.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Sum">The sum of their magnitudes, in the bucket's units.</param>
internal readonly record struct WeightBucket(int Index, long Count, UInt128 Sum)
{
    /// <summary>Their sum in units of 2⁻¹⁰⁷⁴.</summary>
    public BigInteger Units => (BigInteger)Sum << WeightHistogram.UnitOf(Index);

    /// <summary>The smallest magnitude that they can have.</summary>
    public double Least => Math.ScaleB(WeightHistogram.LeastOf(Index), WeightHistogram.UnitOf(Index) - 1074);

    /// <summary>No magnitude is larger.</summary>
    public double Most =>
        Math.ScaleB(WeightHistogram.LeastOf(Index) + WeightHistogram.WidthOf(Index), WeightHistogram.UnitOf(Index) - 1074);

    /// <summary>Their mean magnitude, rounded.</summary>
    public double Mean => Math.ScaleB((double)Sum / Count, WeightHistogram.UnitOf(Index) - 1074);
}
