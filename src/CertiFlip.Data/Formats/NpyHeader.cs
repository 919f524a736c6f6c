using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>What the header of a .npy array says.</summary>
/// <param name="Length">Bytes of the header, which the elements follow.</param>
/// <param name="ElementType">How an element is stored.</param>
/// <param name="FortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">Lengths of the dimensions.</param>
internal sealed record NpyHeader(long Length, ElementType ElementType, bool FortranOrder, IReadOnlyList<long> Shape)
{
    private const int LongestHeader = 1 << 16;
    private const int WidestText = 1 << 24;

    /// <summary>How a .npy file begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header and leaves the stream at the first element.</summary>
    /// <param name="stream">The array in its file format.</param>
    /// <param name="length">Bytes in <paramref name="stream"/>.</param>
    /// <exception cref="FormatException">
    /// The header is damaged or of an array that cannot be read; the message says why.
    /// </exception>
    public static NpyHeader Read(Stream stream, long length)
    {
        long remaining = length;
        if (!Bytes(Magic.Length).AsSpan().SequenceEqual(Magic))
            throw new FormatException("it does not begin as a .npy file does");
        int major = Bytes(2)[0];
        long headerLength = major switch
        {
            1 => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)),
            2 or 3 => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)),
            _ => throw new FormatException($"its version is {major}, and only 1, 2 and 3 are known"),
        };
        if (headerLength > LongestHeader)
            throw new FormatException($"its length is {headerLength} bytes, and plain arrays need few");
        string text = (major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(Bytes((int)headerLength));
        (string elementType, bool fortranOrder, IReadOnlyList<long> shape) = new Parser(text).Parse();
        return new NpyHeader(length - remaining, ElementTypeOf(elementType), fortranOrder, shape);

        byte[] Bytes(int count)
        {
            if (count > remaining)
                throw new FormatException("the file is truncated inside it");
            byte[] bytes = new byte[count];
            stream.ReadExactly(bytes);
            remaining -= count;
            return bytes;
        }
    }

    /// <summary>
    /// Understands NumPy's notation for an element ("descr"): byte order, kind, size, such as &lt;f8.
    /// </summary>
    private static ElementType ElementTypeOf(string notation)
    {
        string type = notation.TrimStart('<', '>', '=', '|');
        if (notation.Length - type.Length > 1 || type.Length == 0)
            throw Unknown(notation);
        ByteOrder order = notation[0] == '>' ? ByteOrder.Big : ByteOrder.Little;
        return type[0] switch
        {
            'U' => TextElement.Utf32(Width(type, notation), order),
            'S' => TextElement.Utf8(Width(type, notation)),
            'O' => throw new FormatException(
                "it holds Python objects, which only unpickling can read and that may run code; "
                + "save numbers (X.astype(float)) or text (y.astype(str))"),
            'c' => throw new FormatException(
                $"complex numbers ({notation}) cannot be features; save the real and imaginary parts as columns"),
            'M' or 'm' => throw new FormatException($"dates and times ({notation}) cannot be features; save numbers"),
            'V' => throw new FormatException(
                $"structured or raw arrays ({notation}) cannot be read; save a plain two-dimensional array of numbers"),
            _ => Number(type, order) ?? throw Unknown(notation),
        };
    }

    private static NumericElement? Number(string type, ByteOrder order) => type switch
    {
        "b1" or "?" => new BooleanElement(),
        "i1" => new NumberElement<sbyte>(order),
        "i2" => new NumberElement<short>(order),
        "i4" => new NumberElement<int>(order),
        "i8" => new NumberElement<long>(order),
        "u1" => new NumberElement<byte>(order),
        "u2" => new NumberElement<ushort>(order),
        "u4" => new NumberElement<uint>(order),
        "u8" => new NumberElement<ulong>(order),
        "f2" => new NumberElement<Half>(order),
        "f4" => new NumberElement<float>(order),
        "f8" => new NumberElement<double>(order),
        _ => null,
    };

    private static int Width(string type, string notation)
    {
        if (!int.TryParse(type.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width > WidestText)
            throw Unknown(notation);
        return width > 0 ? width : throw new FormatException("its text is 0 characters wide, so every label would be empty");
    }

    private static FormatException Unknown(string notation) =>
        new($"elements of type {DataException.Quote(notation)} cannot be read; save 64-bit floats (X.astype(float))");

    /// <summary>
    /// Parses the Python dictionary at the head of a .npy array, and nothing else that Python allows.
    /// </summary>
    /// <remarks>
    /// <c>{'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 4), }</c>, keys in any order, then blanks.
    /// </remarks>
    private sealed class Parser(string text)
    {
        private int _at;
        private string? _elementType;
        private bool? _fortranOrder;
        private List<long>? _shape;

        public (string ElementType, bool FortranOrder, IReadOnlyList<long> Shape) Parse()
        {
            Expect('{');
            while (!TryTake('}'))
            {
                ParseEntry();
                if (!TryTake(',') && Peek() != '}')
                    throw Unexpected("',' or '}'");
            }
            if (Peek() != '\0' || _at != text.Length)
                throw Unexpected("nothing more");
            return (
                _elementType ?? throw new FormatException("it lacks 'descr'"),
                _fortranOrder ?? throw new FormatException("it lacks 'fortran_order'"),
                _shape ?? throw new FormatException("it lacks 'shape'"));
        }

        private void ParseEntry()
        {
            string key = ParseString();
            Expect(':');
            switch (key)
            {
                case "descr" when _elementType is null:
                    if (Peek() == '[')
                        throw new FormatException("structured arrays cannot be read; save a plain two-dimensional array of numbers");
                    _elementType = ParseString();
                    break;
                case "fortran_order" when _fortranOrder is null:
                    _fortranOrder = ParseBoolean();
                    break;
                case "shape" when _shape is null:
                    _shape = ParseShape();
                    break;
                default:
                    throw new FormatException($"the key {DataException.Quote(key)} is unknown or there twice");
            }
        }

        private string ParseString()
        {
            char quote = Peek();
            if (quote is not ('\'' or '"'))
                throw Unexpected("a quoted string");
            int end = text.IndexOf(quote, _at + 1);
            if (end < 0)
                throw new FormatException("a string in it is not closed");
            string value = text[(_at + 1)..end];
            if (value.Contains('\\'))
                throw new FormatException("a string in it holds a backslash");
            _at = end + 1;
            return value;
        }

        private bool ParseBoolean() => TryTake("True") || (TryTake("False") ? false : throw Unexpected("True or False"));

        private List<long> ParseShape()
        {
            List<long> shape = [];
            Expect('(');
            while (!TryTake(')'))
            {
                shape.Add(ParseLength());
                // One length needs its comma: in Python (3) is a number and not a tuple.
                if (!TryTake(',') && (Peek() != ')' || shape.Count == 1))
                    throw Unexpected("','");
            }
            return shape;
        }

        private long ParseLength()
        {
            _ = Peek();
            int start = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                _at++;
            ReadOnlySpan<char> digits = text.AsSpan(start, _at - start);
            // Python 2 writes whole numbers of its longer type as 3L.
            _at += digits.Length > 0 && _at < text.Length && text[_at] == 'L' ? 1 : 0;
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                ? length
                : throw new FormatException($"a length in its shape, at character {start}, is not a number from 0 to {long.MaxValue}");
        }

        private char Peek()
        {
            while (_at < text.Length && text[_at] is ' ' or '\n' or '\t' or '\r')
                _at++;
            return _at < text.Length ? text[_at] : '\0';
        }

        private bool TryTake(char expected)
        {
            bool found = Peek() == expected;
            _at += found ? 1 : 0;
            return found;
        }

        private bool TryTake(string expected)
        {
            _ = Peek();
            bool found = text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal);
            _at += found ? expected.Length : 0;
            return found;
        }

        private void Expect(char expected)
        {
            if (!TryTake(expected))
                throw Unexpected($"'{expected}'");
        }

        private FormatException Unexpected(string expected) => new($"{expected} is expected at character {_at}");
    }
}
