namespace CertiFlip.Votes;

/// <summary>An adversary's limits on given labels: which flips there are, and what each costs.</summary>
internal sealed class AllowedFlips
{
    private readonly ClassLabels _labels;
    private readonly LabelFlipAdversary _adversary;
    private readonly bool[] _isTrusted = [];
    private readonly bool[] _isAllowed = [];
    private readonly int[] _ways = [];

    // Cost of the cheapest so many flips.
    private readonly int[] _cheapest = [];

    /// <exception cref="ArgumentException">The limits are for other labels.</exception>
    public AllowedFlips(ClassLabels labels, LabelFlipAdversary adversary)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(adversary);
        (_labels, _adversary, IsUnlimited) = (labels, adversary, adversary.IsUnlimited);
        int n = labels.Count, classes = labels.ClassCount;
        if (adversary.TrustedRows is [.., var last] && last >= n)
            throw new ArgumentException($"Row {last} is trusted, but there are {n} labels.", nameof(adversary));
        if (adversary.Costs.Count != 0 && adversary.Costs.Count != n)
            throw new ArgumentException($"There are {adversary.Costs.Count} costs for {n} labels.", nameof(adversary));
        if (adversary.Directions.Any(direction => direction.From >= classes || direction.To >= classes))
        {
            throw new ArgumentException(
                $"A direction names a class that is not there: {classes} classes are numbered 0 to {classes - 1}.", nameof(adversary));
        }

        HasUnitCosts = IsUnlimited || adversary.HasUnitCosts;
        TotalCost = HasUnitCosts ? n : adversary.Costs.Sum();
        if (IsUnlimited)
            return;

        _isTrusted = new bool[n];
        foreach (int row in adversary.TrustedRows)
            _isTrusted[row] = true;
        _isAllowed = new bool[classes * classes];
        _ways = new int[classes];
        for (int from = 0; from < classes; from++)
        {
            for (int to = 0; to < classes; to++)
            {
                bool isNamed = adversary.Directions.Count == 0 || adversary.Directions.Contains(new FlipDirection(from, to));
                bool isAllowed = from != to && isNamed;
                _isAllowed[from * classes + to] = isAllowed;
                _ways[from] += isAllowed ? 1 : 0;
            }
        }

        int[] costs = [.. Enumerable.Range(0, n).Where(CanFlip).Select(CostOf).Order()];
        _cheapest = new int[costs.Length + 1];
        for (int i = 0; i < costs.Length; i++)
            _cheapest[i + 1] = _cheapest[i] + costs[i];
    }

    /// <summary>Whether there are no limits: nothing below needs to be asked.</summary>
    public bool IsUnlimited { get; }

    /// <summary>Whether budgets are numbers of flips.</summary>
    public bool HasUnitCosts { get; }

    /// <summary>
    /// What all n labels cost: what a radius counts as in a sum where no allowed flips change the prediction.
    /// </summary>
    public int TotalCost { get; }

    /// <summary>Whether nobody can have changed a row's label.</summary>
    public bool IsTrusted(int row) => !IsUnlimited && _isTrusted[row];

    /// <summary>Whether a row's label can be changed to anything at all.</summary>
    public bool CanFlip(int row) => IsUnlimited || (!_isTrusted[row] && _ways[_labels[row]] > 0);

    /// <summary>Whether labels of one class may become another.</summary>
    public bool CanChange(int from, int to) => IsUnlimited ? from != to : _isAllowed[from * _labels.ClassCount + to];

    /// <summary>What flipping a row's label costs.</summary>
    public int CostOf(int row) => HasUnitCosts ? 1 : _adversary.Costs[row];

    /// <summary>
    /// The largest budget that does not pay for more than <paramref name="flips"/> flips; any if no more can be made.
    /// </summary>
    public Radius BudgetFor(int flips)
    {
        if (IsUnlimited)
            return Radius.Of(flips, _labels.Count);
        return flips >= _cheapest.Length - 1 ? Radius.Any : Radius.Of(_cheapest[flips + 1] - 1);
    }

    /// <summary>The most flips that a budget pays for.</summary>
    public int MostFlips(int budget)
    {
        if (IsUnlimited)
            return Math.Min(budget, _labels.Count);
        int index = Array.BinarySearch(_cheapest, budget);
        return index < 0 ? ~index - 1 : index;
    }

    /// <summary>By how many halves of |α| a label's best allowed move lowers a pair's margin: 2, 1 or 0.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="from">The label's class.</param>
    /// <param name="isPositive">Whether α is positive; where it is negative, winner and rival change places.</param>
    public int Halves(Pair pair, int from, bool isPositive)
    {
        (int gains, int loses) = isPositive ? (pair.Rival, pair.Winner) : (pair.Winner, pair.Rival);
        if (from == gains)
            return 0;
        if (CanChange(from, gains))
            return from == loses ? 2 : 1;
        return from == loses && Ways(from) > 0 ? 1 : 0;
    }

    /// <summary>Where that move takes the label.</summary>
    public int Target(Pair pair, int from, bool isPositive)
    {
        int gains = isPositive ? pair.Rival : pair.Winner;
        return CanChange(from, gains) ? gains : Enumerable.Range(0, _labels.ClassCount).First(to => CanChange(from, to));
    }

    /// <summary>In how many ways a label of a class can be changed.</summary>
    public int Ways(int from) => IsUnlimited ? _labels.ClassCount - 1 : _ways[from];

    /// <summary>The same adversary on some of the rows.</summary>
    public AllowedFlips Among(ReadOnlySpan<int> rows, ClassLabels labels)
    {
        if (IsUnlimited)
            return new AllowedFlips(labels, LabelFlipAdversary.Unlimited);
        List<int> trusted = [], costs = [];
        for (int i = 0; i < rows.Length; i++)
        {
            if (_isTrusted[rows[i]])
                trusted.Add(i);
            if (!HasUnitCosts)
                costs.Add(CostOf(rows[i]));
        }

        return new AllowedFlips(labels, _adversary with { TrustedRows = trusted, Costs = costs });
    }
}
