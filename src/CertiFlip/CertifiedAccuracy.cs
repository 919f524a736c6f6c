namespace CertiFlip;

/// <summary>
/// Certified accuracy over a test set: for every number of flips r, the fraction of rows that are classified correctly
/// and certified not to change under r flips (paper, section 5).
/// </summary>
public sealed class CertifiedAccuracy : AccuracyCurve
{
    private CertifiedAccuracy(CertificateKind kind, int rows, double accuracy, IReadOnlyList<Radius> radii)
        : base(rows, accuracy, radii) => Kind = kind;

    /// <summary>The certificate that is counted.</summary>
    public CertificateKind Kind { get; }

    /// <summary>Counts one kind of certificate against the true labels.</summary>
    /// <param name="kind">A kind that was computed for every row.</param>
    /// <param name="rows">The m test rows.</param>
    /// <param name="truth">
    /// Their m classes. If empty, every prediction counts as correct, and the result is the certified fraction.
    /// </param>
    /// <exception cref="ArgumentException">There are true classes, but not m of them.</exception>
    public static CertifiedAccuracy Of(CertificateKind kind, IReadOnlyList<RowCertificates> rows, IReadOnlyList<int> truth)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Count != 0 && truth.Count != rows.Count)
            throw new ArgumentException($"There are {truth.Count} true classes for {rows.Count} rows.", nameof(truth));

        List<Certificate> correct = [];
        for (int row = 0; row < rows.Count; row++)
        {
            Certificate certificate = rows[row][kind];
            if (truth.Count == 0 || certificate.Prediction == truth[row])
                correct.Add(certificate);
        }

        Radius[] radii = [.. correct.Where(certificate => certificate.IsCertified).Select(certificate => certificate.Radius)];
        return new CertifiedAccuracy(kind, rows.Count, rows.Count == 0 ? 0 : correct.Count / (double)rows.Count, radii);
    }
}
