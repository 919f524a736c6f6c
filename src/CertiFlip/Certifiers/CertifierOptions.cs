namespace CertiFlip;

/// <summary>What a <see cref="Certifier"/> computes, and with how many threads. The results do not depend on the threads.</summary>
public sealed record CertifierOptions
{
    private readonly int _threads = Environment.ProcessorCount;

    /// <summary>Every certificate of a single head and its smoothed vote, the loosest first.</summary>
    public static IReadOnlyList<CertificateKind> AllCertificates { get; } =
        [CertificateKind.Kl, CertificateKind.Tight, CertificateKind.Structured, CertificateKind.Exact];

    /// <summary>The certificates to compute, in this order.</summary>
    /// <exception cref="ArgumentException">A value is not one of <see cref="AllCertificates"/>.</exception>
    public IReadOnlyList<CertificateKind> Certificates
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Except(AllCertificates).ToArray() is [var stranger, ..])
                throw new ArgumentException($"'{stranger}' is not a certificate of a single head.", nameof(value));
            field = [.. value];
        }
    } = AllCertificates;

    /// <summary>What may have been done to the training labels: anything if not given.</summary>
    public LabelFlipAdversary Adversary
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = LabelFlipAdversary.Unlimited;

    /// <summary>How many threads certify a batch, at least 1; the number of processors if not given.</summary>
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
