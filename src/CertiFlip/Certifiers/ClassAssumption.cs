namespace CertiFlip;

/// <summary>
/// Where a list of classes that was not stated matters: labels that an adversary changed could have given another list, from the budget on
/// at which it can take away every label of some class.
/// </summary>
internal sealed class ClassAssumption
{
    private readonly long _leastCost;

    /// <summary>The assumption behind radii of these labels against this adversary.</summary>
    public ClassAssumption(ClassLabels labels, LabelFlipAdversary adversary) => _leastCost = LeastCost(labels, adversary) ?? long.MaxValue;

    /// <summary>A certificate that says whether it rests on the list of classes.</summary>
    public Certificate Mark(Certificate certificate) =>
        certificate with { AssumesClasses = certificate.IsCertified && (certificate.Radius.IsAny ? _leastCost < long.MaxValue : certificate.Radius.Budget >= _leastCost) };

    /// <summary>The least budget at which a class can lose every label; null where the list was stated, or no class can.</summary>
    /// <remarks>Flips in a limited set of directions lead from a class or they do not; where to does not matter.</remarks>
    public static long? LeastCost(ClassLabels labels, LabelFlipAdversary adversary)
    {
        if (labels.Classes.IsStated)
            return null;
        HashSet<int> trusted = [.. adversary.TrustedRows];
        long? least = null;
        for (int c = 0; c < labels.ClassCount; c++)
        {
            bool canLeave = adversary.Directions.Count == 0 || adversary.Directions.Any(direction => direction.From == c);
            long cost = 0;
            foreach (int row in labels.RowsByClass[labels.RangeOf(c)])
            {
                canLeave &= !trusted.Contains(row);
                cost += adversary.HasUnitCosts ? 1 : adversary.Costs[row];
            }

            if (canLeave && (least is null || cost < least))
                least = cost;
        }

        return least;
    }
}
