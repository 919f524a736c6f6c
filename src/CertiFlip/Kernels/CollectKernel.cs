using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>Counts the values that lie in [least, below), and copies them to the front of another span, in their order, as far as they fit.</summary>
/// <remarks>A register is compared at once, and nearly all hold nothing that is wanted.</remarks>
internal static class CollectKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static int Collect(ReadOnlySpan<double> values, double least, double below, Span<double> destination)
    {
        int found = 0;
        ref double value = ref MemoryMarshal.GetReference(values);
        TVector floor = TLanes.Broadcast(least), ceiling = TLanes.Broadcast(below);
        int whole = values.Length - values.Length % TLanes.Count;
        for (int first = 0; first < whole; first += TLanes.Count)
        {
            TVector few = TLanes.Load(ref value, (nuint)first);
            uint wanted = TLanes.AtLeast(few, floor) & ~TLanes.AtLeast(few, ceiling);
            for (; wanted != 0; wanted &= wanted - 1, found++)
            {
                if (found < destination.Length)
                    destination[found] = Unsafe.Add(ref value, first + BitOperations.TrailingZeroCount(wanted));
            }
        }

        foreach (double last in values[whole..])
        {
            if (last >= least && last < below && found++ < destination.Length)
                destination[found - 1] = last;
        }

        return found;
    }
}
