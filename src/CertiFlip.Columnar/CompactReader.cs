using System.Buffers.Binary;

namespace CertiFlip.Columnar;

/// <summary>
/// Structures in Thrift's compact protocol, as Parquet has them in its footer and before each page. They are looked at
/// before the library reads them, which goes on without end in some that are damaged.
/// </summary>
internal sealed class CompactReader
{
    /// <summary>Kinds of values.</summary>
    public const int Integer32 = 5, Struct = 12;

    private const int Stop = 0, True = 1, False = 2, Byte = 3, Integer16 = 4, Integer64 = 6, Number = 7, Binary = 8, List = 9, Set = 10;
    private const int FirstRead = 1 << 8, Deepest = 32;
    private readonly Stream _file;
    private readonly long _begin;
    private readonly long _longest;
    private byte[] _bytes = [];
    private int _depth;

    /// <param name="file">The file.</param>
    /// <param name="begin">Where the structure begins.</param>
    /// <param name="longest">The most bytes that it may have.</param>
    public CompactReader(Stream file, long begin, long longest) => (_file, _begin, _longest) = (file, begin, longest);

    /// <summary>How many bytes have been read.</summary>
    public int Length { get; private set; }

    /// <summary>Checks that the footer of a Parquet file is a structure of the length that it gives.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static void CheckFooter(Stream file)
    {
        const int End = 8;
        byte[] end = new byte[End];
        file.Position = file.Length - End;
        file.ReadExactly(end);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (length > file.Length - End)
            throw Damaged();
        var footer = new CompactReader(file, file.Length - End - length, length);
        footer.ReadStruct((_, _) => false);
        if (footer.Length != length)
            throw Damaged();
    }

    /// <summary>Reads the fields of a structure.</summary>
    /// <param name="read">
    /// Takes a field's number and the kind of its value, and reads the value or says that it did not.
    /// </param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void ReadStruct(Func<int, int, bool> read)
    {
        if (++_depth > Deepest)
            throw Damaged();
        int field = 0;
        for (int head; (head = Next()) != Stop;)
        {
            int kind = head & 15;
            long number = head >> 4 is > 0 and var step ? field + step : ReadInteger();
            field = number is > 0 and <= short.MaxValue ? (int)number : throw Damaged();
            if (!read(field, kind))
                Skip(kind);
        }

        _depth--;
    }

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public long ReadInteger() => ReadUnsigned() is var zigzag && (zigzag & 1) == 0 ? (long)(zigzag >> 1) : ~(long)(zigzag >> 1);

    private void Skip(int kind, bool isInList = false)
    {
        switch (kind)
        {
            case True or False:
                if (isInList)
                    Next();
                break;
            case Byte:
                Next();
                break;
            case Integer16 or Integer32 or Integer64:
                ReadUnsigned();
                break;
            case Number:
                Pass(sizeof(double));
                break;
            case Binary:
                Pass(ReadUnsigned());
                break;
            case List or Set:
                int head = Next();
                ulong count = head >> 4 < 15 ? (ulong)(head >> 4) : ReadUnsigned();
                if (++_depth > Deepest || count > (ulong)(_longest - Length))
                    throw Damaged();
                for (ulong i = 0; i < count; i++)
                    Skip(head & 15, isInList: true);
                _depth--;
                break;
            case Struct:
                ReadStruct((_, _) => false);
                break;
            default:
                throw Damaged();
        }
    }

    private ulong ReadUnsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = Next();
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }

        throw Damaged();
    }

    private void Pass(ulong count)
    {
        if (count > (ulong)(_longest - Length))
            throw Damaged();
        Length += (int)count;
    }

    private byte Next()
    {
        while (Length >= _bytes.Length)
            Fill();
        return _bytes[Length++];
    }

    private void Fill()
    {
        if (Length >= _longest || Length >= Array.MaxLength / 2)
            throw Damaged();
        byte[] more = new byte[Math.Min(_longest, Math.Max(FirstRead, 2 * (long)Math.Max(Length, _bytes.Length)))];
        _file.Position = _begin;
        int length = _file.ReadAtLeast(more, more.Length, throwOnEndOfStream: false);
        if (length <= Length)
            throw Damaged();
        _bytes = more[..length];
    }

    private static InvalidDataException Damaged() => new("its description of what is where is damaged");
}
