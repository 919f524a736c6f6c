using CertiFlip.Certificates;

namespace CertiFlip.Certification;

/// <summary>Everything proved about the prediction for one test row.</summary>
/// <param name="Bound">The smoothed classifier's prediction and log B.</param>
/// <param name="Certificates">The certificates asked for, in the order in which they were asked for.</param>
public sealed record RowCertificates(ChernoffBound Bound, IReadOnlyList<Certificate> Certificates)
{
    /// <summary>The smoothed classifier's class, from 0 to K − 1.</summary>
    public int Prediction => Bound.Prediction;

    /// <summary>An upper bound on log B, the log of the probability that the noisy vote goes against the prediction.</summary>
    public double LogFailure => Bound.LogFailure;

    /// <summary>The certificate of one kind.</summary>
    /// <param name="kind">A kind that was asked for.</param>
    /// <exception cref="KeyNotFoundException">That kind was not asked for.</exception>
    public Certificate this[CertificateKind kind]
    {
        get
        {
            foreach (Certificate certificate in Certificates)
            {
                if (certificate.Kind == kind)
                    return certificate;
            }

            throw new KeyNotFoundException($"The certificate '{kind}' was not among those asked for.");
        }
    }
}
