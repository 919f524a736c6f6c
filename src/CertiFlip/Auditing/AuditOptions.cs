namespace CertiFlip.Auditing;

/// <summary>
/// How many labels an <see cref="Auditor"/> suggests, and what may be wrong with them. The results do not depend on the
/// threads.
/// </summary>
public sealed record AuditOptions
{
    private readonly int _budget = 20;
    private readonly int _threads = Environment.ProcessorCount;
    private readonly LabelFlipAdversary _adversary = LabelFlipAdversary.Unlimited;

    /// <summary>How many labels somebody can check, at least 1; 20 if not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Budget
    {
        get => _budget;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _budget = value;
        }
    }

    /// <summary>
    /// What may have been done to the labels; anything if not given. A label that cannot be changed, being trusted or
    /// of a class that becomes no other, is never suggested, and radii are budgets of this adversary.
    /// </summary>
    public LabelFlipAdversary Adversary
    {
        get => _adversary;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _adversary = value;
        }
    }

    /// <summary>
    /// A second opinion on which labels are contradicted, by a head on the same training rows. It has weight 20 %:
    /// label weights are then 80 % the audited head's and 20 % this one's. None if not given. Radii of predictions and
    /// gains are the audited head's alone.
    /// </summary>
    public ILeaveOneOutHead? SecondOpinion { get; init; }

    /// <summary>How many threads work, at least 1; the number of processors if not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get => _threads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _threads = value;
        }
    }
}
