namespace CertiFlip;

/// <summary>
/// What an adversary may do to the training labels. Without limits any label may become any other, each at a cost of 1.
/// A radius is the largest budget within which no allowed flips change the prediction; with costs of 1 it is a number
/// of flips.
/// </summary>
/// <remarks>
/// Limits are knowledge about the data. Like every other choice, they must not be read off the labels that are
/// defended.
/// </remarks>
public sealed record LabelFlipAdversary
{
    /// <summary>The adversary who may change any label to anything.</summary>
    public static LabelFlipAdversary Unlimited { get; } = new();

    /// <summary>Training rows, from 0, whose labels nobody can have changed.</summary>
    /// <exception cref="ArgumentException">A row is negative.</exception>
    public IReadOnlyList<int> TrustedRows
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(row => row < 0))
                throw new ArgumentException("Training rows are numbered from 0.", nameof(value));
            field = [.. value.Distinct().Order()];
        }
    } = [];

    /// <summary>The only changes that are possible; empty if all are.</summary>
    /// <exception cref="ArgumentException">A class is negative, or would change into itself.</exception>
    public IReadOnlyList<FlipDirection> Directions
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(direction => direction.From < 0 || direction.To < 0 || direction.From == direction.To))
                throw new ArgumentException("A direction leads from one class to another; classes are numbered from 0.", nameof(value));
            field = [.. value.Distinct()];
        }
    } = [];

    /// <summary>What changing each row's label costs, n positive numbers; empty if every label costs 1.</summary>
    /// <exception cref="ArgumentException">A cost is below 1, or together they are 2,147,483,647 or more.</exception>
    public IReadOnlyList<int> Costs
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(cost => cost < 1))
                throw new ArgumentException("Costs must be positive.", nameof(value));
            if (value.Sum(cost => (long)cost) >= int.MaxValue)
                throw new ArgumentException($"All costs together must be below {int.MaxValue}.", nameof(value));
            field = [.. value];
        }
    } = [];

    /// <summary>Whether any label may be changed to anything at a cost of 1.</summary>
    public bool IsUnlimited => TrustedRows.Count == 0 && Directions.Count == 0 && HasUnitCosts;

    /// <summary>Whether every label costs 1, so that a radius is a number of flips.</summary>
    public bool HasUnitCosts => Costs.All(cost => cost == 1);

    /// <summary>
    /// The largest budget within which every class keeps a label, any where no class can lose all of its own. A list of
    /// classes that was read off the labels is certain only within it.
    /// </summary>
    /// <param name="labels">The n training labels.</param>
    /// <exception cref="ArgumentException">The costs are for another number of labels.</exception>
    /// <remarks>Only whether a label can leave its class matters, not where to.</remarks>
    public Radius RadiusOfClasses(ClassLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        bool hasUnitCosts = HasUnitCosts; // It looks at every cost.
        if (!hasUnitCosts && Costs.Count != labels.Count)
            throw new ArgumentException($"There are {Costs.Count} costs for {labels.Count} labels.", nameof(labels));
        HashSet<int> trusted = [.. TrustedRows];
        Radius least = Radius.Any;
        for (int c = 0; c < labels.ClassCount; c++)
        {
            ReadOnlySpan<int> rows = labels.RowsByClass[labels.RangeOf(c)];
            bool canLeave = rows.Length > 0 && (Directions.Count == 0 || Directions.Any(direction => direction.From == c));
            int cost = 0;
            foreach (int row in rows)
            {
                canLeave &= !trusted.Contains(row);
                cost += hasUnitCosts ? 1 : Costs[row];
            }

            if (canLeave)
                least = Radius.Min(least, Radius.Of(cost - 1));
        }

        return least;
    }
}

/// <summary>A change of a label from one class into another.</summary>
/// <param name="From">The class that a row is labelled with.</param>
/// <param name="To">The class that it may be changed to.</param>
public readonly record struct FlipDirection(int From, int To);
