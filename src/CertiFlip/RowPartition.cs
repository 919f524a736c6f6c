using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace CertiFlip;

/// <summary>
/// The training rows in parts that depend on whole rows: a row's part is a hash of its features and its label, and of
/// nothing else. So a row that is inserted or removed changes one part. With a spread above 1 there are several parts
/// for each head, and each part is learnt by several heads (Finite Aggregation, Wang, Levine and Feizi 2022); with a
/// spread of 1 each head has a part of its own (Deep Partition Aggregation, Levine and Feizi 2021).
/// </summary>
public sealed class RowPartition
{
    private readonly Groups _parts;
    private readonly int[] _offsets;

    private RowPartition(Groups parts, int[] offsets) => (_parts, _offsets) = (parts, offsets);

    /// <summary>The number of parts and of heads: the number asked for, times the spread.</summary>
    public int Count => _parts.Count;

    /// <summary>How many heads learn from a part, and how many parts a head learns from.</summary>
    public int Spread => _offsets.Length;

    /// <summary>The number of rows of all parts, n.</summary>
    public int Rows => _parts.Members.Length;

    /// <summary>
    /// Puts each row into part h mod P·D, where h is the XXH64 hash (seed 0) of the name of its class in UTF-8, a zero
    /// byte, and its features, in their order, as IEEE doubles of 8 bytes each, least byte first, with −0 made +0.
    /// Equal rows share a part. Part j is learnt by the heads (j + o) mod P·D, for D offsets o that depend on P·D and D
    /// alone.
    /// </summary>
    /// <param name="training">The training rows, with a stated list of classes.</param>
    /// <param name="parts">
    /// The number P: every head learns from about n/P rows. Parts may be empty, and so may all that a head learns from.
    /// </param>
    /// <param name="spread">The spread D, at least 1.</param>
    /// <exception cref="ArgumentException">The list of classes was read off the labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="parts"/> or <paramref name="spread"/> is below 1, or P·D above 10,000,000.
    /// </exception>
    public static RowPartition ByHash(TrainingSet training, int parts, int spread = 1)
    {
        const int Most = 10_000_000;
        ArgumentNullException.ThrowIfNull(training);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(spread, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(spread, Most / parts);
        if (!training.Classes.IsStated)
        {
            throw new ArgumentException(
                "The list of classes must be stated: rows that are inserted or removed could make it another.", nameof(training));
        }

        FeatureMatrix features = training.Features;
        int count = parts * spread;
        int[] partOf = new int[features.Rows];
        byte[][] names = [.. training.Classes.Select(name => Encoding.UTF8.GetBytes($"{name}\0"))];
        var bytes = new byte[sizeof(double) * features.Columns];
        var hash = new XxHash64();
        for (int row = 0; row < partOf.Length; row++)
        {
            ReadOnlySpan<double> x = features.Row(row);
            for (int i = 0; i < x.Length; i++)
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(sizeof(double) * i), x[i] == 0 ? 0 : x[i]);
            hash.Append(names[training.Labels[row]]);
            hash.Append(bytes);
            partOf[row] = (int)(hash.GetCurrentHashAsUInt64() % (ulong)count);
            hash.Reset();
        }

        return new RowPartition(new Groups(partOf, count), Offsets(count, spread));
    }

    /// <summary>The heads that learn from a part.</summary>
    /// <param name="part">Index of the part, from 0.</param>
    public IEnumerable<int> HeadsOf(int part) => _offsets.Select(offset => (part + offset) % Count);

    /// <summary>The rows that a head learns from, in ascending order.</summary>
    /// <param name="head">Index of the head, from 0.</param>
    public IReadOnlyList<int> RowsOf(int head)
    {
        List<int> rows = [];
        foreach (int offset in _offsets)
            rows.AddRange(_parts[(head - offset + Count) % Count]);
        rows.Sort();
        return rows;
    }

    /// <summary>As good as drawn at random, and always the same: the numbers whose hash is least.</summary>
    private static int[] Offsets(int count, int spread)
    {
        if (spread == 1)
            return [0];
        byte[] bytes = new byte[sizeof(int)];
        ulong[] hashes = [.. Enumerable.Range(0, count).Select(number =>
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            return XxHash64.HashToUInt64(bytes);
        })];
        int[] numbers = [.. Enumerable.Range(0, count)];
        Array.Sort(hashes, numbers);
        return [.. numbers.Take(spread).Order()];
    }
}
