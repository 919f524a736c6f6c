using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Learners;

/// <summary>
/// XᵀY: the sum of the scaled training rows of each class. A linear model learns nothing else from the labels.
/// </summary>
/// <param name="Sums">k rows of <paramref name="Stride"/> numbers, one number for each class.</param>
/// <param name="Stride">K, rounded up to a multiple of 4: what lies beyond K is zero.</param>
/// <param name="Counts">The number of rows of each class (length K).</param>
internal sealed record ClassSums(double[] Sums, int Stride, int[] Counts)
{
    /// <summary>Adds up the rows in their order.</summary>
    public static ClassSums Of(PackedRows rows, ReadOnlySpan<int> labels, int classCount)
    {
        int stride = Tile.PadHeight(classCount);
        double[] sums = new double[rows.Columns * stride];
        int[] counts = new int[classCount];
        for (int row = 0; row < labels.Length; row++)
        {
            rows.AddRow(row, sums.AsSpan(labels[row]), stride);
            counts[labels[row]]++;
        }

        return new ClassSums(sums, stride, counts);
    }
}
