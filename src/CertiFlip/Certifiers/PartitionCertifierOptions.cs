namespace CertiFlip;

/// <summary>
/// What a <see cref="PartitionCertifier"/> computes. Without <see cref="CertificateKind.WhiteBox"/> it is much faster.
/// </summary>
public sealed record PartitionCertifierOptions : CertificationOptions
{
    /// <summary>Every certificate of a vote of parts, the looser first.</summary>
    public static IReadOnlyList<CertificateKind> AllCertificates { get; } =
        [.. CertificateKind.All.Where(kind => kind.Classifier == CertifiedClassifier.VoteOfParts)];

    private protected override IReadOnlyList<CertificateKind> Supported => AllCertificates;
}
