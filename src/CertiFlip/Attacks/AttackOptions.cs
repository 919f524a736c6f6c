namespace CertiFlip.Attacks;

/// <summary>
/// Options of a <see cref="LabelFlipAttack"/>. The result does not depend on the number of threads.
/// </summary>
public sealed record AttackOptions
{
    /// <summary>
    /// The orders in which labels are flipped. The reverse of each, and its effect on other test rows, are always tried
    /// too.
    /// </summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<AttackKind> Kinds
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count == 0)
                throw new ArgumentException("There must be an attack to try.", nameof(value));
            field = [.. value.Distinct()];
        }
    } = [AttackKind.Distance, AttackKind.Influence];

    /// <summary>The most flips to try for a test row, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Budget
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = int.MaxValue;

    /// <summary>
    /// C, the inverse of the strength of regularisation of the attacked classifier, as in scikit-learn.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double C
    {
        get;
        init
        {
            if (!(value > 0 && double.IsFinite(value)))
                throw new ArgumentOutOfRangeException(nameof(value), value, "C must be positive and finite.");
            field = value;
        }
    } = 1;

    /// <summary>
    /// Which labels can be flipped: all if not given. These attacks count flips, so every label must cost 1.
    /// </summary>
    /// <exception cref="ArgumentException">Labels have costs.</exception>
    public LabelFlipAdversary Adversary
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!value.HasUnitCosts)
                throw new ArgumentException("Attacks on logistic regression count flips: every label must cost 1.", nameof(value));
            field = value;
        }
    } = LabelFlipAdversary.Unlimited;

    /// <summary>How many threads work, at least 1; the number of processors if not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;
}
