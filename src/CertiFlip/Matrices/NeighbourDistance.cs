namespace CertiFlip.Matrices;

/// <summary>How far a training row's near neighbours are: the length that says what is near among these features.</summary>
internal static class NeighbourDistance
{
    private const int Neighbour = 10;
    private const int MostRows = 256;

    /// <summary>
    /// The median over evenly spread rows of the distance to the tenth nearest row other than itself, or the farthest where there are fewer. Where half of the rows have so many copies that it is 0, the least distance that is not;
    /// where all rows are the same, 1.
    /// </summary>
    /// <param name="features">The training rows.</param>
    /// <param name="distances">Distances to them.</param>
    /// <param name="parallel">How many threads may be used; the result does not depend on it.</param>
    public static double Median(FeatureMatrix features, SquaredDistances distances, ParallelOptions parallel)
    {
        int n = features.Rows, rows = Math.Min(n, MostRows), rank = Math.Min(Neighbour, n - 1);
        double[] values = new double[rows * features.Columns];
        for (int row = 0; row < rows; row++)
            features.Row((int)((long)row * n / rows)).CopyTo(values.AsSpan(row * features.Columns));
        var sample = new FeatureMatrix(rows, features.Columns, values);

        // The row itself, or a copy of it, is among those found.
        int[] nearest = new NeighbourSearch(distances).Find(sample, rank + 1, parallel);
        double[] lengths = [.. Enumerable.Range(0, rows).Select(row => Math.Sqrt(distances.Between(sample.Row(row), nearest[row * (rank + 1) + rank])) / distances.Unit).Order()];
        double median = lengths[(rows - 1) / 2];
        return median > 0 ? median : lengths.FirstOrDefault(length => length > 0, 1);
    }
}
