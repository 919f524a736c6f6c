namespace CertiFlip;

/// <summary>
/// What every certifier can be told: which certificates, against whom, with how many threads. The results do not depend
/// on the threads.
/// </summary>
public abstract record CertificationOptions
{
    private readonly int _threads = Environment.ProcessorCount;
    private readonly IReadOnlyList<CertificateKind>? _certificates;

    private protected CertificationOptions()
    {
    }

    /// <summary>
    /// The certificates to compute, in this order. The default value is every certificate that these options allow.
    /// </summary>
    /// <exception cref="ArgumentException">A value is not a certificate of this certifier.</exception>
    public IReadOnlyList<CertificateKind> Certificates
    {
        get => _certificates ?? Default;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Except(Supported).FirstOrDefault() is { } stranger)
                throw new ArgumentException($"'{stranger}' is not a certificate of this certifier.", nameof(value));
            _certificates = [.. value];
        }
    }

    /// <summary>What may have been done to the training labels. The default value is anything.</summary>
    public LabelFlipAdversary Adversary
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = LabelFlipAdversary.Unlimited;

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

    /// <summary>Every certificate of this certifier.</summary>
    private protected abstract IReadOnlyList<CertificateKind> Supported { get; }

    /// <summary>Those that are computed where none are named.</summary>
    private protected virtual IReadOnlyList<CertificateKind> Default => Supported;

    /// <summary>How a loop is to be run.</summary>
    internal ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken };
}
