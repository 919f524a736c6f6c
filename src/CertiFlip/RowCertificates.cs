namespace CertiFlip;

/// <summary>
/// Everything proved about one test row. Each certificate has the prediction of the classifier that it certifies.
/// </summary>
/// <param name="Certificates">The certificates asked for, in the order in which they were asked for.</param>
/// <param name="LogFailure">
/// An upper bound on log B, the log of the probability that the noisy vote goes against the smoothed prediction; NaN
/// where no certificate of a smoothed vote was asked for.
/// </param>
public sealed record RowCertificates(IReadOnlyList<Certificate> Certificates, double LogFailure = double.NaN)
{
    /// <summary>
    /// What labels do that are wrong at random: an upper bound on the log of the probability that a classifier which is
    /// trained on these labels, each changed with probability q, predicts another class than the smoothed one. NaN
    /// where no certificate of a smoothed vote was asked for.
    /// </summary>
    /// <remarks>
    /// With two classes it is <see cref="LogFailure"/>. With more, any rival may win, and K − 1 failure probabilities
    /// add up, but not those of <see cref="MonteCarloCertifier"/>, which are of any other class at once.
    /// </remarks>
    public double LogChange { get; init; } = double.NaN;

    /// <summary>The certificate of the head itself.</summary>
    /// <exception cref="KeyNotFoundException">It was not asked for.</exception>
    public Certificate Exact => this[CertificateKind.Exact];

    /// <summary>The certificate of one kind.</summary>
    /// <param name="kind">A kind that was asked for.</param>
    /// <exception cref="KeyNotFoundException">That kind was not asked for.</exception>
    public Certificate this[CertificateKind kind]
    {
        get
        {
            for (int i = 0; i < Certificates.Count; i++)
            {
                if (Certificates[i].Kind == kind)
                    return Certificates[i];
            }

            throw new KeyNotFoundException($"The certificate '{kind}' was not among those asked for.");
        }
    }
}
