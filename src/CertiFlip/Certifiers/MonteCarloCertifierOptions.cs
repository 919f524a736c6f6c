namespace CertiFlip;

/// <summary>What a <see cref="MonteCarloCertifier"/> computes, and from how many samples.</summary>
public sealed record MonteCarloCertifierOptions : CertificationOptions
{
    /// <summary>Every certificate that needs no more than a failure probability, the looser first.</summary>
    public static IReadOnlyList<CertificateKind> AllCertificates { get; } = [.. CertificateKind.All.Where(kind => kind.HoldsForSamples)];

    /// <summary>
    /// How many samples, with what confidence and seed. Its number of threads is not used:
    /// <see cref="CertificationOptions.Threads"/> is.
    /// </summary>
    public MonteCarloOptions Sampling
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new();

    private protected override IReadOnlyList<CertificateKind> Supported => AllCertificates;
}
