namespace CertiFlip;

/// <summary>What is asked about all test rows together.</summary>
public sealed record CollectiveOptions
{
    /// <summary>The budgets r to answer for, each at least 1, in any order.</summary>
    /// <exception cref="ArgumentException">A budget is below 1.</exception>
    public required IReadOnlyList<int> Budgets
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(budget => budget < 1))
                throw new ArgumentException("A budget must be at least 1.", nameof(value));
            field = [.. value.Distinct().Order()];
        }
    }

    /// <summary>
    /// The true classes of the m test rows: then only rows that are classified correctly count. If not given, every
    /// row counts.
    /// </summary>
    public IReadOnlyList<int>? Truth { get; init; }

    /// <summary>
    /// The group of each of the m test rows, numbered from 0; −1 for a row of none. Groups need
    /// <see cref="Truth"/>, and must come from elsewhere than the labels that are defended.
    /// </summary>
    /// <exception cref="ArgumentException">A group is below −1.</exception>
    public IReadOnlyList<int> Groups
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(group => group < -1))
                throw new ArgumentException("Groups are numbered from 0.", nameof(value));
            field = [.. value];
        }
    } = [];
}
