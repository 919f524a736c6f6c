namespace CertiFlip;

/// <summary>Everything proved about the prediction for one test row.</summary>
/// <param name="Prediction">The class of the classifier that the method certifies, from 0 to K − 1, or <see cref="Certificate.Abstention"/>.</param>
/// <param name="LogFailure">
/// An upper bound on log B, the log of the probability that the noisy vote goes against the prediction; NaN where the method has no noise.
/// </param>
/// <param name="Certificates">The certificates asked for, in the order in which they were asked for.</param>
public sealed record RowCertificates(int Prediction, double LogFailure, IReadOnlyList<Certificate> Certificates)
{
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
