using System.Text;

namespace CertiFlip.Blocks;

/// <summary>What a stage writes of successive test rows, with an index, so that some of them can be read.</summary>
internal sealed class RowBlobWriter(Stream output, int firstRow, long headerLength = 0)
{
    private readonly List<long> _starts = [];
    private long _length = headerLength;

    /// <summary>Writes the next row.</summary>
    public void Add(Action<BinaryWriter> write)
    {
        using var row = new MemoryStream();
        using (var writer = new BinaryWriter(row, Encoding.UTF8, leaveOpen: true))
            write(writer);
        _starts.Add(_length);
        _length += row.Length;
        row.WriteTo(output);
    }

    /// <summary>Writes the index.</summary>
    public void Finish()
    {
        var writer = new BinaryWriter(output);
        foreach (long start in _starts)
            writer.Write(start);
        writer.Write(firstRow);
        writer.Write(_starts.Count);
        writer.Write(_length);
        writer.Flush();
    }
}

/// <summary>The parts of a stage that wrote test rows.</summary>
/// <remarks>A part is a stream of its own, from its beginning to its end.</remarks>
internal sealed class RowBlobs : IDisposable
{
    private const int TrailerLength = 2 * sizeof(int) + sizeof(long);

    private readonly List<(BinaryReader Reader, int First, int Count, long Index)> _parts = [];

    public RowBlobs(IEnumerable<Stream> parts)
    {
        foreach (Stream part in parts)
        {
            var reader = new BinaryReader(part);
            if (part.Length < TrailerLength)
                throw new InvalidDataException("A part is too short.");
            part.Position = part.Length - TrailerLength;
            (int first, int count, long index) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64());
            if (first < 0 || count < 0 || index < 0 || index + 8L * count + TrailerLength != part.Length)
                throw new InvalidDataException("A part has no index of its rows.");
            _parts.Add((reader, first, count, index));
        }
    }

    /// <summary>Reads some rows, of every part that has them, in the order of the parts.</summary>
    public void Read(int firstRow, int rowCount, Action<int, BinaryReader> read)
    {
        foreach ((BinaryReader reader, int first, int count, long index) in _parts)
        {
            int from = Math.Max(firstRow, first), end = Math.Min(firstRow + rowCount, first + count);
            if (from >= end)
                continue;
            reader.BaseStream.Position = index + 8L * (from - first);
            reader.BaseStream.Position = reader.ReadInt64();
            for (int row = from; row < end; row++)
                read(row, reader);
        }
    }

    public void Dispose()
    {
        foreach ((BinaryReader reader, _, _, _) in _parts)
            reader.Dispose();
    }
}
