using CertiFlip.Certificates;

namespace CertiFlip.Certification;

/// <summary>
/// Certified accuracy over a test set: for every number of flips r, the fraction of rows that are classified correctly and certified
/// not to change under r flips (paper, section 5).
/// </summary>
public sealed class CertifiedAccuracy
{
    // For each row that is correct and certified its radius, in ascending order.
    private readonly int[] _radii;

    private CertifiedAccuracy(CertificateKind kind, int rows, double accuracy, int[] radii) =>
        (Kind, Rows, Accuracy, _radii) = (kind, rows, accuracy, radii);

    /// <summary>The certificate that this speaks of.</summary>
    public CertificateKind Kind { get; }

    /// <summary>Number of test rows, m.</summary>
    public int Rows { get; }

    /// <summary>The fraction of rows classified correctly, certified or not: what the dashed lines of the paper's figures show.</summary>
    public double Accuracy { get; }

    /// <summary>The largest radius of a correct row, 0 if there is none.</summary>
    public int LargestRadius => _radii.Length == 0 ? 0 : _radii[^1];

    /// <summary>The radii of the rows that are correct and certified, in ascending order: where <see cref="At"/> falls.</summary>
    public IReadOnlyList<int> Radii => _radii;

    /// <summary>The median radius over all rows, where a row that is wrong or not certified counts as 0.</summary>
    public double MedianRadius => Rows == 0 ? 0 : (RadiusAt((Rows - 1) / 2) + RadiusAt(Rows / 2)) / 2.0;

    /// <summary>Counts one kind of certificate against the true labels.</summary>
    /// <param name="kind">A kind that was computed for every row.</param>
    /// <param name="rows">The m test rows.</param>
    /// <param name="truth">Their m classes. If empty, every prediction is taken for correct, and what comes out is the certified fraction.</param>
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

        int[] radii = [.. correct.Where(certificate => certificate.IsCertified).Select(certificate => certificate.Radius).Order()];
        return new CertifiedAccuracy(kind, rows.Count, rows.Count == 0 ? 0 : correct.Count / (double)rows.Count, radii);
    }

    /// <summary>The fraction of rows that are correct and certified at <paramref name="flips"/> flips.</summary>
    /// <param name="flips">r. At 0 the prediction itself must be certified.</param>
    public double At(int flips)
    {
        if (Rows == 0)
            return 0;
        int below = Array.BinarySearch(_radii, flips, Comparer<int>.Create(static (radius, wanted) => radius < wanted ? -1 : 1));
        return (_radii.Length - ~below) / (double)Rows;
    }

    private int RadiusAt(int rank)
    {
        int uncounted = Rows - _radii.Length;
        return rank < uncounted ? 0 : _radii[rank - uncounted];
    }
}
