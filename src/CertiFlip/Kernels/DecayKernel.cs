using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>Replaces d ≥ least by e^(−c(d − least)), number by number: 1 at the least, 0 where the exponential leaves the range of doubles.</summary>
/// <remarks>Lanes do not meet, so the bits are the same at every vector width.</remarks>
internal static class DecayKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Where <see cref="NegativeExponential{TLanes,TVector}"/> stops to fall.</summary>
    private const double Underflow = 708;

    public static void Apply(Span<double> values, double least, double rate)
    {
        int whole = values.Length - values.Length % TLanes.Count;
        ref double value = ref MemoryMarshal.GetReference(values);
        for (nuint j = 0; j < (nuint)whole; j += (nuint)TLanes.Count)
        {
            TVector a = TLanes.Multiply(TLanes.Subtract(TLanes.Load(ref value, j), TLanes.Broadcast(least)), TLanes.Broadcast(rate));
            TVector left = TLanes.Subtract(TLanes.Broadcast(Underflow), a);
            TLanes.Store(TLanes.SelectPositive(left, TLanes.NegativeExponential(a), TLanes.Broadcast(0)), ref value, j);
        }

        if (whole < values.Length)
            DecayKernel<ScalarLanes, double>.Apply(values[whole..], least, rate);
    }
}
