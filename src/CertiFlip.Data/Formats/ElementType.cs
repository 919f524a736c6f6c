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
