namespace CertiFlip.Cli.Report;

/// <summary>Intervals of radii, all of a round width.</summary>
/// <param name="Width">How many radii fall into each.</param>
/// <param name="Count">How many intervals.</param>
internal sealed record RadiusBins(int Width, int Count)
{
    private const int Most = 24;

    /// <summary>Intervals from 0 that hold every radius up to the largest, not too many to look at.</summary>
    public static RadiusBins UpTo(int largest)
    {
        IEnumerable<long> round = from decade in Enumerable.Range(0, 10) from digit in (int[])[1, 2, 5] select digit * (long)Math.Pow(10, decade);
        int width = (int)round.First(candidate => largest / candidate < Most);
        return new RadiusBins(width, largest / width + 1);
    }

    /// <summary>How many radii fall into each interval; what lies beyond the last is not counted.</summary>
    public int[] CountOf(IEnumerable<int> radii)
    {
        int[] counts = new int[Count];
        foreach (int radius in radii.Where(radius => radius / Width < Count))
            counts[radius / Width]++;
        return counts;
    }

    /// <summary>An interval as a table shows it.</summary>
    public string NameOf(int bin) => Width == 1 ? $"{bin:N0}" : $"{bin * (long)Width:N0}–{(bin + 1L) * Width - 1:N0}";
}
