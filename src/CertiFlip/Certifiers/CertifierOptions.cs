using CertiFlip.Heads;

namespace CertiFlip;

/// <summary>What a <see cref="Certifier"/> computes.</summary>
public sealed record CertifierOptions : CertificationOptions
{
    /// <summary>Every certificate of a single head and its smoothed vote, the loosest first.</summary>
    public static IReadOnlyList<CertificateKind> AllCertificates { get; } =
        [.. CertificateKind.All.Where(kind => kind.Classifier == CertifiedClassifier.Head || kind.Classifier == CertifiedClassifier.SmoothedVote)];

    /// <summary>
    /// The smoothing noise q, for certificates of the smoothed vote. The default value is none: only
    /// <see cref="CertificateKind.Exact"/> is computed then. It must not have been chosen by looking at the training
    /// labels.
    /// </summary>
    public Noise? Noise { get; init; }

    /// <summary>
    /// The head that <see cref="Certifier.Fit"/> fits. The default value is ridge with the label-free λ
    /// <c>relative:1</c>.
    /// </summary>
    public HeadChoice Head
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = HeadChoice.Default;

    private protected override IReadOnlyList<CertificateKind> Supported => AllCertificates;

    private protected override IReadOnlyList<CertificateKind> Default =>
        [.. AllCertificates.Where(kind => Noise is not null || !kind.NeedsNoise)];
}
