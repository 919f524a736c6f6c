using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip.Data.Formats;

/// <summary>An integer or a floating-point number.</summary>
internal sealed class NumberElement<T>(ByteOrder order) : NumericElement
    where T : unmanaged, INumberBase<T>
{
    private readonly bool _reverse = (order == ByteOrder.Big) == BitConverter.IsLittleEndian;

    public override int Size => Unsafe.SizeOf<T>();

    public override void ToNumbers(Span<byte> stored, Span<double> numbers)
    {
        ReadOnlySpan<T> elements = InOrderOfThisMachine(stored);
        for (int i = 0; i < elements.Length; i++)
            numbers[i] = double.CreateTruncating(elements[i]);
    }

    public override string ToLabel(Span<byte> stored)
    {
        T element = InOrderOfThisMachine(stored)[0];
        return T.IsFinite(element) ? element.ToString(null, CultureInfo.InvariantCulture) : "";
    }

    private ReadOnlySpan<T> InOrderOfThisMachine(Span<byte> stored)
    {
        if (_reverse)
        {
            for (int at = 0; at < stored.Length; at += Size)
                stored.Slice(at, Size).Reverse();
        }
        return MemoryMarshal.Cast<byte, T>(stored);
    }
}
