using System.Globalization;

namespace CertiFlip.Data.Formats;

/// <summary>Understands NumPy's notation for how an element is stored: byte order, kind, size.</summary>
internal static class NpyElementType
{
    private const int WidestText = 1 << 24;

    /// <exception cref="FormatException">The type cannot be read here; the message says what to save instead.</exception>
    public static ElementType Parse(string notation)
    {
        string type = notation.TrimStart('<', '>', '=', '|');
        if (notation.Length - type.Length > 1 || type.Length == 0)
            throw Unknown(notation);
        ByteOrder order = notation[0] == '>' ? ByteOrder.Big : ByteOrder.Little;
        return type[0] switch
        {
            'U' => TextElement.Utf32(Width(type, notation), order),
            'S' => TextElement.Utf8(Width(type, notation)),
            'O' => throw new FormatException("it holds Python objects, which only unpickling can read and that may run code; save numbers (X.astype(float)) or text (y.astype(str))"),
            'c' => throw new FormatException($"complex numbers ({notation}) cannot be features; save the real and imaginary parts as columns"),
            'M' or 'm' => throw new FormatException($"dates and times ({notation}) cannot be features; save numbers"),
            'V' => throw new FormatException($"structured or raw arrays ({notation}) cannot be read; save a plain two-dimensional array of numbers"),
            _ => Number(type, order) ?? throw Unknown(notation),
        };
    }

    private static ElementType? Number(string type, ByteOrder order) => type switch
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
}
