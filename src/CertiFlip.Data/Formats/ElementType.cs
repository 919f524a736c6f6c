using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>How one element of a stored array is laid out in bytes.</summary>
internal abstract class ElementType
{
    /// <summary>Bytes per element, at least 1.</summary>
    public abstract int Size { get; }

    /// <summary>The element as a label; empty if it is none (empty text, NaN, infinity).</summary>
    /// <param name="stored">The bytes of one element; they may be reordered.</param>
    /// <exception cref="FormatException">The bytes are not text.</exception>
    public abstract string ToLabel(Span<byte> stored);
}

/// <summary>Which byte of a number is stored first.</summary>
internal enum ByteOrder
{
    /// <summary>The least significant.</summary>
    Little,

    /// <summary>The most significant.</summary>
    Big,
}

/// <summary>An element that can be a feature.</summary>
internal abstract class NumericElement : ElementType
{
    /// <summary>Whether a <see cref="float"/> holds every such number exactly.</summary>
    public abstract bool FitsSingle { get; }

    /// <summary>Whether elements are floating-point numbers that this machine can use where they stand.</summary>
    public virtual bool IsInPlace => false;

    /// <summary>Reads elements as numbers.</summary>
    /// <typeparam name="T">The numbers' type: <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="stored">The bytes of all elements; they may be reordered.</param>
    /// <param name="numbers">One number per element.</param>
    public abstract void ToNumbers<T>(Span<byte> stored, Span<T> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>An integer or a floating-point number.</summary>
internal sealed class NumberElement<TStored>(ByteOrder order) : NumericElement
    where TStored : unmanaged, INumberBase<TStored>
{
    private readonly bool _reverse = (order == ByteOrder.Big) == BitConverter.IsLittleEndian;

    public override int Size => Unsafe.SizeOf<TStored>();

    /// <summary>
    /// True for 8 and 16 bits of whatever kind and for 32-bit floats; 24 bits is the longest significand of a float.
    /// </summary>
    public override bool FitsSingle => Size <= sizeof(short) || typeof(TStored) == typeof(float);

    public override bool IsInPlace => !_reverse && (typeof(TStored) == typeof(float) || typeof(TStored) == typeof(double));

    public override void ToNumbers<T>(Span<byte> stored, Span<T> numbers)
    {
        ReadOnlySpan<TStored> elements = InOrderOfThisMachine(stored);
        if (typeof(T) == typeof(TStored))
        {
            MemoryMarshal.Cast<TStored, T>(elements).CopyTo(numbers);
            return;
        }

        for (int i = 0; i < elements.Length; i++)
            numbers[i] = T.CreateTruncating(elements[i]);
    }

    public override string ToLabel(Span<byte> stored)
    {
        TStored element = InOrderOfThisMachine(stored)[0];
        return TStored.IsFinite(element) ? element.ToString(null, CultureInfo.InvariantCulture) : "";
    }

    private ReadOnlySpan<TStored> InOrderOfThisMachine(Span<byte> stored)
    {
        if (_reverse)
        {
            for (int at = 0; at < stored.Length; at += Size)
                stored.Slice(at, Size).Reverse();
        }
        return MemoryMarshal.Cast<byte, TStored>(stored);
    }
}

/// <summary>
/// One byte that is false if zero and true otherwise: 0 and 1 as features, "False" and "True" as labels.
/// </summary>
internal sealed class BooleanElement : NumericElement
{
    public override int Size => 1;

    public override bool FitsSingle => true;

    public override void ToNumbers<T>(Span<byte> stored, Span<T> numbers)
    {
        for (int i = 0; i < stored.Length; i++)
            numbers[i] = stored[i] == 0 ? T.Zero : T.One;
    }

    public override string ToLabel(Span<byte> stored) => stored[0] == 0 ? bool.FalseString : bool.TrueString;
}

/// <summary>Text of fixed width, padded with NUL.</summary>
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
