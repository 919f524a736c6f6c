namespace CertiFlip;

/// <summary>
/// Certified accuracy over a test set: for every number of flips r, the fraction of rows that are classified correctly
/// and certified not to change under r flips (paper, section 5).
/// </summary>
public sealed class CertifiedAccuracy : AccuracyCurve
{
    private readonly Lazy<AccuracyByClass?> _byClass;

    private CertifiedAccuracy(CertificateKind kind, IReadOnlyList<Certificate> rows, IReadOnlyList<int> truth, Certificate[] correct)
        : base(
            rows.Count, rows.Count == 0 ? 0 : correct.Length / (double)rows.Count,
            [.. correct.Where(certificate => certificate.IsCertified).Select(certificate => certificate.Radius)])
    {
        Kind = kind;
        _byClass = new Lazy<AccuracyByClass?>(() => truth.Count == 0
            ? null
            : AccuracyByClass.Of(
                [.. rows.Select(certificate => certificate.Prediction)], truth,
                some => Of(kind, [.. some.Select(row => rows[row])], [.. some.Select(row => truth[row])])));
    }

    /// <summary>The certificate that is counted.</summary>
    public CertificateKind Kind { get; }

    /// <summary>The same for each class, and what to compare it with; null where true classes are not known.</summary>
    public AccuracyByClass? ByClass => _byClass.Value;

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
        return Of(kind, [.. rows.Select(row => row[kind])], [.. truth]);
    }

    private static CertifiedAccuracy Of(CertificateKind kind, Certificate[] rows, int[] truth) =>
        new(kind, rows, truth, [.. rows.Where((certificate, row) => truth.Length == 0 || certificate.Prediction == truth[row])]);
}
