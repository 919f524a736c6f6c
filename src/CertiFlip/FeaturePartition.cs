using System.Buffers.Binary;
using System.IO.Hashing;

namespace CertiFlip;

/// <summary>
/// The training rows in disjoint parts, for a vote of one head per part (Levine and Feizi 2021). The part of a row
/// depends on its features alone, never on labels or on where the row stands, so that an adversary who changes labels
/// cannot move a row to another part.
/// </summary>
public sealed class FeaturePartition
{
    private readonly Groups _parts;

    private FeaturePartition(Groups parts) => _parts = parts;

    /// <summary>The number of parts, P.</summary>
    public int Count => _parts.Count;

    /// <summary>The number of rows of all parts, n.</summary>
    public int Rows => _parts.Members.Length;

    /// <summary>
    /// Puts each row into part h mod P, where h is the XXH64 hash (seed 0) of its features, in their order, as IEEE
    /// doubles of 8 bytes each, least byte first, with −0 made +0. Equal rows share a part, whatever machine it is.
    /// </summary>
    /// <param name="features">Training features (n × k).</param>
    /// <param name="parts">The number of parts P, at least 1. Parts may be empty, and with P &gt; n some are.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parts"/> is below 1.</exception>
    public static FeaturePartition ByHash(FeatureMatrix features, int parts)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);

        int[] partOf = new int[features.Rows];
        byte[] bytes = new byte[sizeof(double) * features.Columns];
        for (int row = 0; row < partOf.Length; row++)
        {
            ReadOnlySpan<double> x = features.Row(row);
            for (int i = 0; i < x.Length; i++)
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(sizeof(double) * i), x[i] == 0 ? 0 : x[i]);
            partOf[row] = (int)(XxHash64.HashToUInt64(bytes) % (ulong)parts);
        }

        return new FeaturePartition(new Groups(partOf, parts));
    }

    /// <summary>The rows of one part, in ascending order.</summary>
    /// <param name="part">Index of the part, from 0.</param>
    public ReadOnlySpan<int> RowsOf(int part) => _parts[part];
}
