using System.Buffers.Binary;
using System.Globalization;

namespace CertiFlip.Columnar;

/// <summary>
/// Structures in Thrift's compact protocol, as Parquet has them in its footer and before each page. They are looked at
/// before the library reads them, which takes values of another type than expected for what they are not, and then goes
/// on without end in some files.
/// </summary>
internal sealed class CompactReader
{
    // Kinds of values.
    private const int Stop = 0, True = 1, False = 2, Byte = 3, Integer16 = 4, Integer32 = 5, Integer64 = 6, Number = 7;
    private const int Binary = 8, List = 9, Set = 10, Struct = 12;

    private const int FirstRead = 1 << 8, Deepest = 32;

    // What each field of a structure is: i, l and s are integers of 32, 64 and 16 bits, y a byte, t a truth value, b
    // bytes; after [ is what a list holds, other names are those of structures. From the format's description,
    // parquet.thrift.
    private static readonly Dictionary<string, Dictionary<int, string>> Structures = new Dictionary<string, string>
    {
        ["File"] = "1i 2[Element 3l 4[Group 5[Pair 6b 7[Any 8Any 9b",
        ["Element"] = "1i 2i 3i 4b 5i 6i 7i 8i 9i 10Logical",
        ["Logical"] = "1Any 2Any 3Any 4Any 5Decimal 6Any 7Time 8Time 10Whole 11Any 12Any 13Any 14Any 15Any",
        ["Decimal"] = "1i 2i",
        ["Time"] = "1t 2Logical",
        ["Whole"] = "1y 2t",
        ["Group"] = "1[Chunk 2l 3l 4[Sorting 5l 6l 7s",
        ["Sorting"] = "1i 2t 3t",
        ["Chunk"] = "1b 2l 3Column 4l 5i 6l 7i 8Any 9b",
        ["Column"] = "1i 2[i 3[b 4i 5l 6l 7l 8[Pair 9l 10l 11l 12Statistics 13[Encoding 14l 15i 16Sizes 17Any",
        ["Statistics"] = "1b 2b 3l 4l 5b 6b 7t 8t",
        ["Encoding"] = "1i 2i 3i",
        ["Sizes"] = "1l 2[l 3[l",
        ["Pair"] = "1b 2b",
        ["Page"] = "1i 2i 3i 4i 5Data 6Any 7Dictionary 8NewData",
        ["Data"] = "1i 2i 3i 4i 5Statistics",
        ["Dictionary"] = "1i 2i 3t",
        ["NewData"] = "1i 2i 3i 4i 5i 6i 7t 8Statistics",
        ["Any"] = "",
    }.ToDictionary(structure => structure.Key, structure => structure.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
        field => int.Parse(field.TrimEnd([.. Letters]), CultureInfo.InvariantCulture), field => field.TrimStart([.. Digits])));

    private const string Digits = "0123456789";
    private const string Letters = "[abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
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
        footer.Read("File", (_, _, _) => { });
        if (footer.Length != length)
            throw Damaged();
    }

    /// <summary>Reads a structure.</summary>
    /// <param name="structure">What it is called here.</param>
    /// <param name="found">Is told each integer: in which structure it is, which field, and its value.</param>
    /// <exception cref="InvalidDataException">It is damaged, or a field is of another type.</exception>
    public void Read(string structure, Action<string, int, long> found)
    {
        if (++_depth > Deepest)
            throw Damaged();
        Dictionary<int, string> fields = Structures[structure];
        int field = 0;
        for (int head; (head = Next()) != Stop;)
        {
            int kind = head & 15;
            long number = head >> 4 is > 0 and var step ? field + step : ReadInteger();
            field = number is > 0 and <= short.MaxValue ? (int)number : throw Damaged();
            string? expected = fields.GetValueOrDefault(field);
            if (expected is not null && !Fits(expected, kind))
                throw Damaged();
            if (kind is True or False)
                continue;
            if (ReadValue(kind, expected, found) is { } value)
                found(structure, field, value);
        }

        _depth--;
    }

    private static bool Fits(string expected, int kind) => expected switch
    {
        "i" => kind == Integer32,
        "l" => kind == Integer64,
        "s" => kind == Integer16,
        "y" => kind == Byte,
        "t" => kind is True or False,
        "b" => kind == Binary,
        ['[', ..] => kind == List,
        _ => kind == Struct,
    };

    /// <summary>Reads a value, and gives it if it is an integer.</summary>
    private long? ReadValue(int kind, string? expected, Action<string, int, long> found)
    {
        switch (kind)
        {
            case True or False or Byte:
                Next();
                return null;
            case Integer16 or Integer32 or Integer64:
                return ReadInteger();
            case Number:
                Pass(sizeof(double));
                return null;
            case Binary:
                Pass(ReadUnsigned());
                return null;
            case List or Set:
                ReadList(expected?[1..], found);
                return null;
            case Struct:
                Read(expected ?? "Any", found);
                return null;
            default:
                throw Damaged();
        }
    }

    private void ReadList(string? expected, Action<string, int, long> found)
    {
        int head = Next(), kind = head & 15;
        ulong count = head >> 4 < 15 ? (ulong)(head >> 4) : ReadUnsigned();
        if (++_depth > Deepest || count > (ulong)(_longest - Length) || (count > 0 && expected is not null && !Fits(expected, kind)))
            throw Damaged();
        for (ulong i = 0; i < count; i++)
            ReadValue(kind, expected, found);
        _depth--;
    }

    private long ReadInteger() => ReadUnsigned() is var zigzag && (zigzag & 1) == 0 ? (long)(zigzag >> 1) : ~(long)(zigzag >> 1);

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
