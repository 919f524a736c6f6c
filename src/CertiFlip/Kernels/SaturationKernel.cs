using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>Replaces x by size·tanh(ax + b), number by number.</summary>
/// <remarks>
/// tanh |y| = (1 − e)/(1 + e) with e = e^(−2|y|), which is exactly 1 from |y| = 19 on. Its error is a few roundings of 1, not of itself: next to 0, where 1 − e cancels, that is more
/// of the small number that is left. Lanes do not meet, so the bits are the same at every vector width.
/// </remarks>
internal static class SaturationKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static void Apply(Span<double> values, double slope, double shift, double size)
    {
        int whole = values.Length - values.Length % TLanes.Count;
        ref double value = ref MemoryMarshal.GetReference(values);
        TVector one = TLanes.Broadcast(1), zero = TLanes.Broadcast(0);
        for (nuint j = 0; j < (nuint)whole; j += (nuint)TLanes.Count)
        {
            TVector y = TLanes.MultiplyAdd(TLanes.Load(ref value, j), TLanes.Broadcast(slope), TLanes.Broadcast(shift));
            TVector e = TLanes.NegativeExponential(TLanes.Multiply(TLanes.Abs(y), TLanes.Broadcast(2)));
            TVector tanh = TLanes.Divide(TLanes.Subtract(one, e), TLanes.Add(one, e));
            TVector weight = TLanes.Multiply(tanh, TLanes.Broadcast(size));
            TLanes.Store(TLanes.SelectPositive(y, weight, TLanes.Subtract(zero, weight)), ref value, j);
        }

        if (whole < values.Length)
            SaturationKernel<ScalarLanes, double>.Apply(values[whole..], slope, shift, size);
    }
}
