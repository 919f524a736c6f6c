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
        int abreast = Abreast<TLanes, TVector>.Count;
        int blockRows = (int)Math.Clamp(LogLargestProduct / Arithmetic.Log(classes + 1.0), 1, Rounding.BlockLength) * abreast;
        double total = 0;
        for (int done = 0; done < rows;)
        {
            int count = rows - done < abreast ? rows - done : Math.Min(blockRows, (rows - done) / abreast * abreast);
            total += ApplyBlock(scores[done..], classes, stride, count);
            done += count;
        }

        return total;
    }

    /// <summary>Some whole sets of rows, or what is left of one.</summary>
    private static double ApplyBlock(Span<double> scores, int classes, int stride, int rows)
    {
        Span<double> products = stackalloc double[Abreast<TLanes, TVector>.Most];
        Span<double> largest = stackalloc double[Abreast<TLanes, TVector>.Most];
        products.Fill(1);
        largest.Clear();
        int lane = 0;
        for (; lane + TLanes.Count <= Math.Min(rows, Abreast<TLanes, TVector>.Count); lane += TLanes.Count)
            ApplyLanes(scores[lane..], classes, stride, rows - lane, ref products[lane], ref largest[lane]);
        for (; lane < Math.Min(rows, Abreast<TLanes, TVector>.Count); lane++)
        {
            SoftmaxKernel<ScalarLanes, double>.ApplyLanes(
                scores[lane..], classes, stride, rows - lane, ref products[lane], ref largest[lane]);
        }

        double log = 0;
        for (lane = 0; lane < Abreast<TLanes, TVector>.Count; lane++)
            log += Arithmetic.Log(products[lane]);
        return Abreast<TLanes, TVector>.Sum(largest) + log;
    }

    private static void ApplyLanes(Span<double> scores, int classes, int stride, int rows, ref double products, ref double tops)
    {
        ref double score = ref MemoryMarshal.GetReference(scores);
        TVector product = TLanes.Broadcast(1), largest = TLanes.Broadcast(0);
        for (int row = 0; row < rows; row += Abreast<TLanes, TVector>.Count)
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

        TLanes.Store(product, ref products, 0);
        TLanes.Store(largest, ref tops, 0);
    }
}
