namespace CertiFlip.Auditing;

/// <summary>How many labels an <see cref="Auditor"/> suggests, and which it need not. The results do not depend on the threads.</summary>
public sealed record AuditOptions
{
    private readonly int _budget = 20;
    private readonly int _threads = Environment.ProcessorCount;

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

    /// <summary>Training rows whose labels nobody can have changed: no radius counts them, and they are never suggested.</summary>
    public IReadOnlySet<int> TrustedRows { get; init; } = new HashSet<int>();

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
