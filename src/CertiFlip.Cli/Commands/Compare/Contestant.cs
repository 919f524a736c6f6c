using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>One certificate in a comparison, by the method that computes it and nothing else, so that its time is its own.</summary>
/// <param name="Family">The name of the certificate, whatever its parameters.</param>
/// <param name="Name">What tables and charts call it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Kind">The certificate.</param>
/// <param name="Method">The method, with this certificate alone.</param>
internal sealed record Contestant(string Family, string Name, string Style, CertificateKind Kind, IMethod Method)
{
    /// <summary>Which classifier it speaks of. The smoothed vote of a learner is not that of the head, whatever the learner.</summary>
    public string Subject => Method is MonteCarloMethod sampled ? $"{Kind.Subject()} of the learner {sampled.Learner.Text}" : Kind.Subject();
}
