using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features.Images;

/// <summary>Lloyd's algorithm from rows drawn at random. A few rounds are enough for a dictionary of patches.</summary>
internal static class KMeans
{
    private const int Rounds = 10;

    /// <summary>The centres, one after another.</summary>
    /// <param name="rows">At least <paramref name="count"/> rows.</param>
    /// <param name="count">How many clusters.</param>
    /// <param name="seed">Which rows are the first centres, and replace centres that lose all theirs.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    public static double[] Cluster(FeatureMatrix rows, int count, ulong seed, ParallelOptions parallel)
    {
        int size = rows.Columns;
        var random = new PhiloxRandom(seed, 1);
        int[] order = [.. Enumerable.Range(0, rows.Rows)];
        random.Shuffle(order);
        double[] centres = new double[count * size];
        for (int centre = 0; centre < count; centre++)
            rows.Row(order[centre]).CopyTo(centres.AsSpan(centre * size));

        int spare = count;
        for (int round = 0; round < Rounds; round++)
        {
            int[] nearest = new NeighbourSearch(new FeatureMatrix(count, size, centres)).Find(rows, 1, parallel);
            double[] sums = new double[centres.Length];
            int[] counts = new int[count];
            for (int row = 0; row < rows.Rows; row++)
            {
                Elementwise.Add(rows.Row(row), sums.AsSpan(nearest[row] * size, size));
                counts[nearest[row]]++;
            }

            for (int centre = 0; centre < count; centre++)
            {
                Span<double> sum = sums.AsSpan(centre * size, size);
                if (counts[centre] > 0)
                    Elementwise.Divide(sum, counts[centre]);
                else
                    rows.Row(order[spare++ % order.Length]).CopyTo(sum);
            }

            centres = sums;
        }

        return centres;
    }
}
