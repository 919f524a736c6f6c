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
}
