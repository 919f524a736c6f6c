namespace CertiFlip;

/// <summary>For every number of flips r, the fraction of test rows that are classified correctly and stay so under r flips: the curves of the paper's figures 1 to 4.</summary>
public class AccuracyCurve
{
    // For each row that is correct and survives r = 0 flips or more the largest such r, in ascending order.
    private readonly int[] _radii;

    /// <summary>A curve from the flips that each row survives.</summary>
    /// <param name="rows">Number of test rows, m.</param>
    /// <param name="accuracy">The fraction of rows classified correctly, whether anything is known of them under flips or not.</param>
    /// <param name="radii">For each row that is correct and counts at r = 0 the largest r at which it counts, in any order.</param>
    /// <exception cref="ArgumentException">There are more radii than rows, or one is negative.</exception>
    public AccuracyCurve(int rows, double accuracy, IReadOnlyList<int> radii)
    {
        ArgumentNullException.ThrowIfNull(radii);
        if (radii.Count > rows || radii.Any(radius => radius < 0))
            throw new ArgumentException($"There must be at most {rows} radii, none negative.", nameof(radii));
        (Rows, Accuracy, _radii) = (rows, accuracy, [.. radii.Order()]);
    }

    /// <summary>A curve of what attacks leave: a row that is right counts up to one flip less than the fewest that were found to change its prediction.</summary>
    /// <param name="rows">Number of test rows, m.</param>
    /// <param name="flips">For each row that is right the number of flips that changed it, or what they cost, at least 1; null where no attack did.</param>
    /// <param name="tried">The most flips that were tried, or the most that they may cost: a row that no attack changed counts up to there.</param>
    /// <exception cref="ArgumentException">There are more numbers than rows, or one is below 1.</exception>
    public static AccuracyCurve UnderAttack(int rows, IEnumerable<int?> flips, int tried)
    {
        ArgumentNullException.ThrowIfNull(flips);
        int[] survived = [.. flips.Select(broken => broken - 1 ?? tried)];
        return new AccuracyCurve(rows, rows == 0 ? 0 : survived.Length / (double)rows, survived);
    }

    /// <summary>Number of test rows, m.</summary>
    public int Rows { get; }

    /// <summary>The fraction of rows classified correctly, certified or not: what the dashed lines of the paper's figures show.</summary>
    public double Accuracy { get; }

    /// <summary>The largest radius of a correct row, 0 if there is none.</summary>
    public int LargestRadius => _radii.Length == 0 ? 0 : _radii[^1];

    /// <summary>The radii of the rows that are correct and certified, in ascending order: where <see cref="At"/> falls.</summary>
    public IReadOnlyList<int> Radii => _radii;

    /// <summary>The median radius over all rows, where a row that is wrong or not certified counts as 0.</summary>
    public double MedianRadius => Rows == 0 ? 0 : (RadiusAt((Rows - 1) / 2) + (double)RadiusAt(Rows / 2)) / 2;

    /// <summary>The numbers of flips that say everything: 0, every radius, and one beyond the largest. Between two of them the later one's fraction holds.</summary>
    public IEnumerable<int> Steps => _radii.Prepend(0).Append(LargestRadius + 1).Distinct();

    /// <summary>The fraction of rows that are correct and certified at <paramref name="flips"/> flips.</summary>
    /// <param name="flips">r. At 0 the prediction itself must be certified.</param>
    public double At(int flips)
    {
        if (Rows == 0)
            return 0;
        int below = Array.BinarySearch(_radii, flips, Comparer<int>.Create(static (radius, wanted) => radius < wanted ? -1 : 1));
        return (_radii.Length - ~below) / (double)Rows;
    }

    private int RadiusAt(int rank)
    {
        int uncounted = Rows - _radii.Length;
        return rank < uncounted ? 0 : _radii[rank - uncounted];
    }
}
