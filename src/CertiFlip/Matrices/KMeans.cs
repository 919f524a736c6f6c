using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>Lloyd's algorithm from rows drawn at random: a few rounds, enough for a dictionary or for cells.</summary>
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
            (double[] sums, double[] counts) = Sums(rows, centres, parallel);
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

    /// <summary>The sum of the rows that are nearest to each centre, and how many they are.</summary>
    private static (double[] Sums, double[] Counts) Sums(FeatureMatrix rows, double[] centres, ParallelOptions parallel)
    {
        int size = rows.Columns, count = centres.Length / size;
        int[] nearest = new NeighbourSearch(new FeatureMatrix(count, size, centres), parallel).Find(rows, 1, parallel);
        double[] sums = BlockSums.InParallel(rows.Rows, centres.Length + count, parallel, (first, many, numbers) =>
        {
            for (int row = first; row < first + many; row++)
            {
                Elementwise.Add(rows.Row(row), numbers.AsSpan(nearest[row] * size, size));
                numbers[centres.Length + nearest[row]]++;
            }
        });
        return (sums[..centres.Length], sums[centres.Length..]);
    }
}
