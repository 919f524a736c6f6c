using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// Turns the scores of rows into class probabilities e^(s_c) / Σ e^(s_d), and sums log Σ e^(s_d) over the rows on the
/// way.
/// </summary>
/// <remarks>
/// The largest score of a row is taken out first, so nothing overflows and what is left of the sum lies between 1 and
/// K: a whole block of sums is multiplied before one logarithm is taken.
/// </remarks>
internal static class SoftmaxKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const double LogLargestProduct = 690;

    public static double Apply(Span<double> scores, int classes, int stride, int rows)
    {
        int blockRows = (int)Math.Clamp(LogLargestProduct / Math.Log(classes + 1.0), 1, Rounding.BlockLength) * TLanes.Count;
        double total = 0;
        int done = 0;
        while (rows - done >= TLanes.Count)
        {
            int count = Math.Min(blockRows, (rows - done) / TLanes.Count * TLanes.Count);
            total += ApplyBlock(scores[done..], classes, stride, count);
            done += count;
        }

        return done == rows ? total : total + SoftmaxKernel<ScalarLanes, double>.Apply(scores[done..], classes, stride, rows - done);
    }

    private static double ApplyBlock(Span<double> scores, int classes, int stride, int rows)
    {
        ref double score = ref MemoryMarshal.GetReference(scores);
        TVector product = TLanes.Broadcast(1), largest = TLanes.Broadcast(0);
        for (int row = 0; row < rows; row += TLanes.Count)
        {
            TVector top = TLanes.Load(ref score, (nuint)row);
            for (int c = 1; c < classes; c++)
                top = TLanes.Max(top, TLanes.Load(ref score, (nuint)(c * stride + row)));

            TVector sum = TLanes.Broadcast(0);
            for (int c = 0; c < classes; c++)
            {
                nuint at = (nuint)(c * stride + row);
                TVector power = NegativeExponential<TLanes, TVector>.Of(TLanes.Subtract(top, TLanes.Load(ref score, at)));
                TLanes.Store(power, ref score, at);
                sum = TLanes.Add(sum, power);
            }

            TVector share = TLanes.Divide(TLanes.Broadcast(1), sum);
            for (int c = 0; c < classes; c++)
            {
                nuint at = (nuint)(c * stride + row);
                TLanes.Store(TLanes.Multiply(TLanes.Load(ref score, at), share), ref score, at);
            }

            product = TLanes.Multiply(product, sum);
            largest = TLanes.Add(largest, top);
        }

        Span<double> products = stackalloc double[TLanes.Count];
        TLanes.Store(product, ref MemoryMarshal.GetReference(products), 0);
        double log = 0;
        foreach (double lane in products)
            log += Math.Log(lane);
        return TLanes.Sum(largest) + log;
    }
}
