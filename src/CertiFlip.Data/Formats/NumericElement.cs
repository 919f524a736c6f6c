namespace CertiFlip.Data.Formats;

/// <summary>An element that can be a feature.</summary>
internal abstract class NumericElement : ElementType
{
    /// <summary>Reads elements as numbers.</summary>
    /// <param name="stored">The bytes of all elements; they may be reordered.</param>
    /// <param name="numbers">One number per element.</param>
    public abstract void ToNumbers(Span<byte> stored, Span<double> numbers);
}
