using CertiFlip.Heads;

namespace CertiFlip;

/// <summary>What a <see cref="RegressionCertifier"/> is asked.</summary>
public sealed record RegressionOptions
{
    private readonly int _threads = Environment.ProcessorCount;

    /// <summary>
    /// How far a number may move and count as the same, at least 0. A radius says how many wrong labels cannot move it
    /// further. None is needed where <see cref="Range"/> is given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double? Tolerance
    {
        get;
        init => field = value is null or (>= 0 and < double.PositiveInfinity)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A tolerance is a finite number from 0.");
    }

    /// <summary>
    /// Where every number should stay instead, whatever it is with the labels as they are. An end may be infinite.
    /// </summary>
    /// <exception cref="ArgumentException">There is no number in it.</exception>
    public NumberInterval? Range
    {
        get;
        init => field = value is null || (value.Value.Low <= value.Value.High && value.Value.Low < double.PositiveInfinity
            && value.Value.High > double.NegativeInfinity)
            ? value
            : throw new ArgumentException("A range goes from a number to one that is no smaller.", nameof(value));
    }

    /// <summary>
    /// The budgets that intervals are computed for, each at least 0: numbers of labels, unless labels differ in cost.
    /// The default value is 1, 2, 5, 10, 20 and 50.
    /// </summary>
    /// <exception cref="ArgumentException">A budget is negative.</exception>
    public IReadOnlyList<int> Budgets
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value.All(budget => budget >= 0) ? [.. value] : throw new ArgumentException("A budget is at least 0.", nameof(value));
        }
    } = [1, 2, 5, 10, 20, 50];

    /// <summary>
    /// Whose labels nobody can have changed, and what changing the others costs. The default value is anybody's, at 1.
    /// Directions have no meaning.
    /// </summary>
    public LabelFlipAdversary Adversary
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = LabelFlipAdversary.Unlimited;

    /// <summary>The head that <see cref="RegressionCertifier.Fit"/> fits. The default value is ridge.</summary>
    public HeadChoice Head
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = HeadChoice.Default;

    /// <summary>How many threads may work, at least 1. The default value is the number of processors.</summary>
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

    /// <summary>Where a number should stay.</summary>
    internal KeptRange Kept => Range is { } range ? KeptRange.Between(range) : KeptRange.Near(Tolerance ?? 0);

    /// <summary>How a loop is to be run.</summary>
    internal ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken };
}
