using System.Runtime.InteropServices;

namespace CertiFlip.Auditing;

/// <summary>Some label weights of a row, to be written and read.</summary>
/// <param name="Rows">Their training rows, in order.</param>
/// <param name="Weights">The weights, which are not 0.</param>
internal sealed record KeptWeights(int[] Rows, double[] Weights)
{
    /// <summary>Weights that are not 0.</summary>
    public static KeptWeights Of(IEnumerable<(int Row, double Weight)> weights)
    {
        (int Row, double Weight)[] kept = [.. weights.Where(one => one.Weight != 0)];
        Array.Sort(kept, (one, other) => one.Row - other.Row);
        return new KeptWeights([.. kept.Select(one => one.Row)], [.. kept.Select(one => one.Weight)]);
    }

    /// <summary>All n weights, with 0 for those that are not kept.</summary>
    public double[] All(int labels)
    {
        double[] all = new double[labels];
        for (int i = 0; i < Rows.Length; i++)
            all[Rows[i]] = Weights[i];
        return all;
    }

    /// <summary>Writes them: a byte or two for a row, and eight for its weight.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Rows.Length);
        int next = 0;
        foreach (int row in Rows)
        {
            writer.Write7BitEncodedInt(row - next);
            next = row + 1;
        }

        writer.Write(MemoryMarshal.AsBytes<double>(Weights));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="labels">n.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static KeptWeights Read(BinaryReader reader, int labels)
    {
        int count = reader.Read7BitEncodedInt(), next = 0;
        if (count < 0 || count > labels)
            throw new InvalidDataException($"There are {labels} labels, not {count}.");
        int[] rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            long row = (long)next + reader.Read7BitEncodedInt();
            rows[i] = row >= next && row < labels ? (int)row : throw new InvalidDataException($"There is no row {row}.");
            next = rows[i] + 1;
        }

        double[] weights = new double[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        return weights.All(weight => double.IsFinite(weight) && weight != 0)
            ? new KeptWeights(rows, weights)
            : throw new InvalidDataException("A label weight is 0 or not finite.");
    }
}
