using CertiFlip.Certificates;

namespace CertiFlip.Cli.Report;

/// <summary>Each certificate in a sentence for people who have not read the paper.</summary>
internal static class GuaranteeText
{
    public static string Of(CertificateKind kind) => kind switch
    {
        CertificateKind.Kl => "For the smoothed classifier (the majority vote over randomly changed labels): the paper’s closed form.",
        CertificateKind.Tight => "For the smoothed classifier: the best that its failure probability alone can prove, about twice as much.",
        CertificateKind.Structured => "For the smoothed classifier: also uses that the vote is linear in the labels.",
        CertificateKind.Exact => "For the classifier itself, without smoothing. Nothing larger is true: one flip more, of the right labels, changes the prediction.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such certificate."),
    };
}
