using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CertiFlip.Kernels;

/// <summary>A hint to the processor about what will be read next.</summary>
internal static class CacheLines
{
    private const int DoublesPerLine = 8;

    /// <summary>Begins to fetch these numbers, where the processor can be told to.</summary>
    public static unsafe void Prefetch(ReadOnlySpan<double> values)
    {
        if (!Sse.IsSupported)
            return;
        ref double first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i += DoublesPerLine)
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref first, i)));
    }
}
