namespace CertiFlip;

/// <summary>What certifiers against an adversary of whole rows can be told.</summary>
public sealed record RowCertifierOptions
{
    /// <summary>What may have been done to the training rows. The default value is any insertion or removal.</summary>
    public RowAdversary Adversary
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = RowAdversary.Default;

    /// <summary>How many threads may work, at least 1. The default value is the number of processors.</summary>
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

    /// <summary>How a loop is to be run.</summary>
    internal ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken };
}
