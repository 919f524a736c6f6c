using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>One file in a zip archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Method">How it is compressed: 0 is not at all, 8 is deflate.</param>
/// <param name="IsEncrypted">Whether a password is needed.</param>
/// <param name="Checksum">CRC-32 of its content.</param>
/// <param name="PackedLength">Bytes in the archive.</param>
/// <param name="Length">Bytes of content, as the archive says.</param>
/// <param name="Offset">Where in the archive its header begins.</param>
internal sealed record ZipEntry(string Name, int Method, bool IsEncrypted, uint Checksum, long PackedLength, long Length, long Offset)
{
    /// <summary>Whether its content can be read: not encrypted, and stored as it is or by deflate.</summary>
    public bool CanBeOpened => !IsEncrypted && Method is (0 or 8);

    /// <summary>The way it is compressed, in words.</summary>
    public string MethodInWords => Method switch
    {
        0 => "nothing",
        8 => "deflate",
        9 => "deflate64",
        12 => "bzip2",
        14 => "lzma",
        93 => "zstd",
        95 => "xz",
        _ => $"method {Method}",
    };
}

/// <summary>What a zip archive holds. Every number in it is checked before it is used.</summary>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054b50, LargeEndSignature = 0x06064b50, LargeEndLocator = 0x07064b50;
    private const uint EntrySignature = 0x02014b50, LocalSignature = 0x04034b50;
    private const int EndLength = 22, LargeEndLength = 56, LocatorLength = 20, EntryLength = 46, LocalLength = 30;
    private const int LongestDirectory = 1 << 26;
    private const int LongestComment = ushort.MaxValue;
    private const int Stored = 0, Deflated = 8;
    private readonly Stream _file;
    private readonly long _directoryAt;

    private ZipDirectory(Stream file, long directoryAt, List<ZipEntry> entries) =>
        (_file, _directoryAt, Entries) = (file, directoryAt, entries);

    /// <summary>The files in the order of the archive's directory.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>Whether a file begins as a zip archive does, one with entries or one without.</summary>
    public static bool IsZip(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..];

    /// <summary>Reads the directory.</summary>
    /// <param name="file">The archive, which can be read anywhere. It stays open as long as this is used.</param>
    /// <exception cref="InvalidDataException">
    /// It is truncated, or says what cannot be: entries outside the file, entries that overlap.
    /// </exception>
    public static ZipDirectory Read(Stream file)
    {
        (long count, long length, long at) = FindDirectory(file);
        if (at < 0 || length < 0 || at > file.Length - length || count < 0 || count > length / EntryLength || length > LongestDirectory)
            throw Damaged();
        byte[] directory = Bytes(file, at, (int)length);
        List<ZipEntry> entries = [];
        ReadOnlySpan<byte> rest = directory;
        while (entries.Count < count)
            entries.Add(ReadEntry(ref rest));
        ThrowIfOverlapping(entries, at);
        return new ZipDirectory(file, at, entries);
    }

    /// <summary>The content of a file, unpacked but not checked.</summary>
    /// <param name="entry">The file, which can be opened.</param>
    /// <exception cref="InvalidDataException">Its header is not where the directory says, or differs.</exception>
    public Stream Open(ZipEntry entry)
    {
        byte[] header = Bytes(_file, entry.Offset, LocalLength);
        long begin = entry.Offset + LocalLength + Short(header, 26) + Short(header, 28);
        if (Int(header, 0) != LocalSignature || Short(header, 8) != entry.Method || begin > _directoryAt - entry.PackedLength)
            throw Damaged();
        if (entry.Method == Stored && entry.PackedLength != entry.Length)
            throw Damaged();
        _file.Position = begin;
        Stream packed = new Section(_file, entry.PackedLength);
        return entry.Method == Deflated ? new DeflateStream(packed, CompressionMode.Decompress) : packed;
    }

    /// <summary>
    /// Whether a file has the length and the checksum that the archive gives, which no reader holds it to.
    /// </summary>
    /// <param name="entry">The file, which can be opened.</param>
    /// <param name="budget">How much may be unpacked.</param>
    public bool IsIntact(ZipEntry entry, ReadBudget budget)
    {
        using var stream = new CountedStream(Open(entry), budget);
        byte[] buffer = new byte[1 << 16];
        Crc32 checksum = new();
        long length = 0;
        for (int read; length <= entry.Length && (read = stream.Read(buffer)) > 0; length += read)
            checksum.Append(buffer.AsSpan(0, read));
        return length == entry.Length && checksum.GetCurrentHashAsUInt32() == entry.Checksum;
    }

    private static (long Count, long Length, long At) FindDirectory(Stream file)
    {
        int tailLength = (int)Math.Min(file.Length, EndLength + LongestComment);
        byte[] tail = Bytes(file, file.Length - tailLength, tailLength);
        for (int at = tailLength - EndLength; at >= 0; at--)
        {
            if (Int(tail, at) != EndSignature)
                continue;
            (long count, long length, long offset) = (Short(tail, at + 10), Int(tail, at + 12), Int(tail, at + 16));
            bool isLarge = count == ushort.MaxValue || length == uint.MaxValue || offset == uint.MaxValue;
            return isLarge ? FindLargeDirectory(file, file.Length - tailLength + at - LocatorLength) : (count, length, offset);
        }

        throw Damaged();
    }

    private static (long Count, long Length, long At) FindLargeDirectory(Stream file, long locatorAt)
    {
        byte[] locator = Bytes(file, locatorAt, LocatorLength);
        if (Int(locator, 0) != LargeEndLocator)
            throw Damaged();
        byte[] end = Bytes(file, Long(locator, 8), LargeEndLength);
        return Int(end, 0) == LargeEndSignature ? (Long(end, 32), Long(end, 40), Long(end, 48)) : throw Damaged();
    }

    private static ZipEntry ReadEntry(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < EntryLength || Int(rest, 0) != EntrySignature)
            throw Damaged();
        int flags = Short(rest, 8), nameLength = Short(rest, 28), extraLength = Short(rest, 30), commentLength = Short(rest, 32);
        if (rest.Length - EntryLength < nameLength + extraLength + commentLength)
            throw Damaged();
        ReadOnlySpan<byte> name = rest.Slice(EntryLength, nameLength), extra = rest.Slice(EntryLength + nameLength, extraLength);
        (long packed, long length, long offset) = (Int(rest, 20), Int(rest, 24), Int(rest, 42));
        ReadLargeSizes(extra, ref length, ref packed, ref offset);
        var entry = new ZipEntry(
            ((flags & 0x800) != 0 ? Encoding.UTF8 : Encoding.Latin1).GetString(name),
            Short(rest, 10), (flags & 1) != 0, Int(rest, 16), packed, length, offset);
        rest = rest[(EntryLength + nameLength + extraLength + commentLength)..];
        return entry;
    }

    /// <summary>Sizes that do not fit in 32 bits stand in a block of their own, in this order.</summary>
    private static void ReadLargeSizes(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long offset)
    {
        const int Zip64 = 1, BlockHeader = 4;
        while (extra.Length >= BlockHeader)
        {
            int id = Short(extra, 0), size = Short(extra, 2);
            if (extra.Length - BlockHeader < size)
                throw Damaged();
            ReadOnlySpan<byte> block = extra.Slice(BlockHeader, size);
            extra = extra[(BlockHeader + size)..];
            if (id != Zip64)
                continue;
            length = Next(ref block, length);
            packed = Next(ref block, packed);
            offset = Next(ref block, offset);
        }

        static long Next(ref ReadOnlySpan<byte> block, long small)
        {
            if (small != uint.MaxValue)
                return small;
            if (block.Length < sizeof(long))
                throw Damaged();
            long large = Long(block, 0);
            block = block[sizeof(long)..];
            return large >= 0 ? large : throw Damaged();
        }
    }

    private static void ThrowIfOverlapping(List<ZipEntry> entries, long end)
    {
        foreach (ZipEntry entry in entries.OrderByDescending(entry => entry.Offset))
        {
            long fewest = LocalLength + entry.Name.Length;
            if (entry.Offset > end - fewest || entry.PackedLength > end - fewest - entry.Offset)
                throw new InvalidDataException("Entries of the archive overlap or lie outside of it.");
            end = entry.Offset;
        }
    }

    private static byte[] Bytes(Stream file, long at, int count)
    {
        if (at < 0 || at > file.Length - count)
            throw Damaged();
        byte[] bytes = new byte[count];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static InvalidDataException Damaged() => new("The archive is truncated or damaged.");

    /// <summary>The next bytes of a stream, which stays open.</summary>
    private sealed class Section(Stream file, long length) : ReadOnlyStream
    {
        private long _left = length;

        public override int Read(Span<byte> buffer)
        {
            int read = file.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }
    }
}
