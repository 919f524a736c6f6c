namespace CertiFlip;

/// <summary>
/// For every number of flips r, the fraction of test rows that are classified correctly and stay so under r flips: the
/// curves of the paper's figures 1 to 4.
/// </summary>
public class AccuracyCurve
{
    // For each row that is correct and survives r = 0 flips or more the largest such r, in ascending order.
    private readonly Radius[] _radii;

    /// <summary>A curve from the flips that each row survives.</summary>
    /// <param name="rows">Number of test rows, m.</param>
    /// <param name="accuracy">
    /// The fraction of rows classified correctly, whether anything is known of them under flips or not.
    /// </param>
    /// <param name="radii">For each row that is correct and counts at r = 0 its radius, in any order.</param>
    /// <exception cref="ArgumentException">There are more radii than rows.</exception>
    public AccuracyCurve(int rows, double accuracy, IReadOnlyList<Radius> radii)
    {
        ArgumentNullException.ThrowIfNull(radii);
        if (radii.Count > rows)
            throw new ArgumentException($"There must be at most {rows} radii, but there are {radii.Count}.", nameof(radii));
        (Rows, Accuracy, _radii) = (rows, accuracy, [.. radii.Order()]);
    }

    /// <summary>
    /// A curve of what attacks leave. A row that is correct counts up to one flip less than the fewest that were found
    /// to change its prediction.
    /// </summary>
    /// <param name="rows">Number of test rows, m.</param>
    /// <param name="flips">
    /// For each row that is correct the number of flips that changed it, or what they cost, at least 1; null where no
    /// attack did.
    /// </param>
    /// <param name="tried">
    /// Up to where a row counts that no attack changed; any, where the attack would have found whatever there is.
    /// </param>
    /// <exception cref="ArgumentException">There are more numbers than rows, or one is below 1.</exception>
    public static AccuracyCurve UnderAttack(int rows, IEnumerable<int?> flips, Radius tried)
    {
        ArgumentNullException.ThrowIfNull(flips);
        if (flips.Any(broken => broken < 1))
            throw new ArgumentException("An attack changes at least one label.", nameof(flips));
        Radius[] survived = [.. flips.Select(broken => broken is { } fewest ? Radius.Of(fewest - 1) : tried)];
        return new AccuracyCurve(rows, rows == 0 ? 0 : survived.Length / (double)rows, survived);
    }

    /// <summary>Number of test rows, m.</summary>
    public int Rows { get; }

    /// <summary>
    /// The fraction of rows classified correctly, certified or not: what the dashed lines of the paper's figures show.
    /// </summary>
    public double Accuracy { get; }

    /// <summary>
    /// The radii of the rows that are correct and certified, in ascending order: where <see cref="At"/> falls.
    /// </summary>
    public IReadOnlyList<Radius> Radii => _radii;

    /// <summary>
    /// The largest budget that is some correct row's radius, 0 if there is none. Rows that nothing changes do not
    /// count.
    /// </summary>
    public int LargestBudget => _radii.LastOrDefault(radius => !radius.IsAny).Budget;

    /// <summary>How many rows are correct and certified against everything that the adversary can do.</summary>
    public int UnchangeableRows => _radii.Count(radius => radius.IsAny);

    /// <summary>
    /// The median radius over all rows, where a row that is wrong or not certified counts as 0; infinite where it is
    /// any. Between a number and any, the number.
    /// </summary>
    public double MedianRadius
    {
        get
        {
            if (Rows == 0)
                return 0;
            (Radius lower, Radius upper) = (RadiusAt((Rows - 1) / 2), RadiusAt(Rows / 2));
            if (upper.IsAny)
                return lower.IsAny ? double.PositiveInfinity : lower.Budget;
            return (lower.Budget + (double)upper.Budget) / 2;
        }
    }

    /// <summary>
    /// The numbers of flips that say everything: 0, every radius, and one beyond the largest. Between two of them the
    /// later one's fraction holds, and beyond the last one its own.
    /// </summary>
    public IEnumerable<int> Steps =>
        _radii.Where(radius => !radius.IsAny).Select(radius => radius.Budget).Prepend(0).Append(LargestBudget + 1).Distinct();

    /// <summary>The fraction of rows that are correct and certified at <paramref name="flips"/> flips.</summary>
    /// <param name="flips">r. At 0 the prediction itself must be certified.</param>
    public double At(int flips)
    {
        if (Rows == 0)
            return 0;
        int first = 0;
        for (int end = _radii.Length; first < end;)
        {
            int middle = first + (end - first) / 2;
            if (_radii[middle].Survives(flips))
                end = middle;
            else
                first = middle + 1;
        }

        return (_radii.Length - first) / (double)Rows;
    }

    private Radius RadiusAt(int rank)
    {
        int uncounted = Rows - _radii.Length;
        return rank < uncounted ? Radius.Of(0) : _radii[rank - uncounted];
    }
}
