namespace CertiFlip.Paper.Sources;

/// <summary>Some rows of a matrix.</summary>
internal static class Rows
{
    /// <summary>Numbers of rows, spread evenly over all of them.</summary>
    public static int[] Spread(int wanted, int all)
    {
        int count = Math.Min(wanted, all);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * all / count))];
    }

    /// <summary>These rows, in this order.</summary>
    public static FeatureMatrix Of(FeatureMatrix matrix, IReadOnlyList<int> rows)
    {
        double[] values = new double[(long)rows.Count * matrix.Columns];
        for (int i = 0; i < rows.Count; i++)
            matrix.Row(rows[i]).CopyTo(values.AsSpan(i * matrix.Columns));
        return new FeatureMatrix(rows.Count, matrix.Columns, values);
    }
}
