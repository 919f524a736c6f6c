using CertiFlip.Certificates;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Certifying;

/// <summary>How to certify: what the options of <c>certify</c> say, apart from the files.</summary>
internal sealed record CertifyRequest
{
    /// <summary>q.</summary>
    public double Noise { get; init; } = 0.1;

    public RidgeChoice Ridge { get; init; } = RidgeChoice.Default;

    public Intercept Intercept { get; init; } = Intercept.Fitted;

    public IReadOnlyList<CertificateKind> Certificates { get; init; } = Output.CertificateNames.All;

    public int Threads { get; init; } = Environment.ProcessorCount;
}
