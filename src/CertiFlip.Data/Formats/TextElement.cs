using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>Text of fixed width, filled up with NUL.</summary>
internal sealed class TextElement : ElementType
{
    private readonly Encoding _encoding;

    private TextElement(int size, Encoding encoding) => (Size, _encoding) = (size, encoding);

    public override int Size { get; }

    /// <summary>Text of 4 bytes a character.</summary>
    public static TextElement Utf32(int characters, ByteOrder order) =>
        new(checked(4 * characters), new UTF32Encoding(order == ByteOrder.Big, byteOrderMark: false, throwOnInvalidCharacters: true));

    /// <summary>Text in bytes, which must be UTF-8.</summary>
    public static TextElement Utf8(int bytes) =>
        new(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    public override string ToLabel(Span<byte> stored)
    {
        try
        {
            return _encoding.GetString(stored).TrimEnd('\0');
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("the bytes are not text", e);
        }
    }
}
