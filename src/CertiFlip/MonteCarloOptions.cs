namespace CertiFlip;

/// <summary>
/// How Algorithm 2 samples. The result depends on the samples, the confidence and the seed, not on the threads.
/// </summary>
public sealed record MonteCarloOptions
{
    /// <summary>N, the number of samples that the bound is computed on, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Samples { get; init => field = AtLeastOne(value); } = 1000;

    /// <summary>The number of further samples on which the class is chosen, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int SelectionSamples { get; init => field = AtLeastOne(value); } = 100;

    /// <summary>1 − δ, the probability over the samples with which a bound holds, in (0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in (0, 1).</exception>
    public double Confidence
    {
        get;
        init => field = value is > 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The confidence must lie strictly between 0 and 1.");
    } = 0.999;

    /// <summary>
    /// The seed of all draws. The confidence is over this number: an adversary who knows it beforehand could look
    /// for labels on which its draws mislead.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>How many threads sample, at least 1; the number of processors if not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads { get; init => field = AtLeastOne(value); } = Environment.ProcessorCount;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
