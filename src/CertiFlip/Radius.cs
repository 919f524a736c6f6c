using System.Globalization;

namespace CertiFlip;

/// <summary>
/// How much a prediction survives: the largest budget within which no flips that the adversary may make change it, or
/// <see cref="Any"/> where nothing that the adversary can do changes it. Without costs a budget is a number of flips.
/// </summary>
public readonly record struct Radius : IComparable<Radius>, IComparable
{
    private readonly int _budget;

    private Radius(int budget) => _budget = budget;

    /// <summary>Nothing that the adversary can do changes the prediction. Larger than every budget.</summary>
    public static Radius Any { get; } = new(int.MaxValue);

    /// <summary>Whether nothing that the adversary can do changes the prediction.</summary>
    public bool IsAny => _budget == int.MaxValue;

    /// <summary>The largest budget that is survived, at least 0.</summary>
    /// <exception cref="InvalidOperationException">Every budget is survived: <see cref="IsAny"/>.</exception>
    public int Budget => IsAny ? throw new InvalidOperationException("Every budget is survived: there is no largest one.") : _budget;

    /// <summary>The larger of two radii.</summary>
    public static Radius Max(Radius one, Radius other) => one > other ? one : other;

    /// <summary>The smaller of two radii.</summary>
    public static Radius Min(Radius one, Radius other) => one < other ? one : other;

    /// <summary>A radius of a given budget.</summary>
    /// <param name="budget">The largest budget that is survived, at least 0 and below 2,147,483,647.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is negative or too large.</exception>
    public static Radius Of(int budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        ArgumentOutOfRangeException.ThrowIfEqual(budget, int.MaxValue);
        return new Radius(budget);
    }

    /// <summary>
    /// A radius counted towards a limit: where it reaches what all labels cost, nothing is left that could change the
    /// prediction.
    /// </summary>
    /// <param name="budget">The largest budget that is survived, at least 0.</param>
    /// <param name="totalCost">What flipping all labels costs.</param>
    internal static Radius Of(int budget, int totalCost) => budget >= totalCost ? Any : Of(budget);

    /// <summary>The radius where the least budget that changes the prediction is at least this.</summary>
    /// <param name="price">At least 1.</param>
    internal static Radius Below(long price) => Of((int)Math.Min(price - 1, int.MaxValue - 1));

    /// <summary>
    /// The radius as a number that can be added up: the budget, or <paramref name="totalCost"/> where every budget is
    /// survived.
    /// </summary>
    internal int BudgetOr(int totalCost) => IsAny ? totalCost : _budget;

    /// <summary>Whether flips at this cost are survived, whichever they are.</summary>
    public bool Survives(int budget) => _budget >= budget;

    /// <inheritdoc/>
    public int CompareTo(Radius other) => _budget.CompareTo(other._budget);

    /// <inheritdoc/>
    int IComparable.CompareTo(object? other) => other is Radius radius ? CompareTo(radius) : 1;

    /// <summary>The budget as digits, or <c>any</c>.</summary>
    public override string ToString() => IsAny ? "any" : _budget.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether one radius is smaller than another.</summary>
    public static bool operator <(Radius left, Radius right) => left._budget < right._budget;

    /// <summary>Whether one radius is larger than another.</summary>
    public static bool operator >(Radius left, Radius right) => left._budget > right._budget;

    /// <summary>Whether one radius is at most as large as another.</summary>
    public static bool operator <=(Radius left, Radius right) => left._budget <= right._budget;

    /// <summary>Whether one radius is at least as large as another.</summary>
    public static bool operator >=(Radius left, Radius right) => left._budget >= right._budget;
}
