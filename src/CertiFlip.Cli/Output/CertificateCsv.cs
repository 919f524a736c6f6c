namespace CertiFlip.Cli.Output;

/// <summary>
/// The file that <c>certify --out</c> names: one row for each test row, in its order. Other programs read these
/// columns.
/// </summary>
internal static class CertificateCsv
{
    /// <summary>Writes the file.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kinds">The certificates that they have.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="labelOf">The label of a row, empty where it is unknown.</param>
    /// <param name="nameOf">The name of a predicted class.</param>
    public static void Write(
        TextWriter writer, IReadOnlyList<CertificateKind> kinds, IReadOnlyList<RowCertificates> rows, Func<int, string> labelOf,
        Func<int, string> nameOf)
    {
        Csv.Write(
            writer, ["row", "label", "prediction", "log_failure", .. kinds.SelectMany(Columns)],
            rows.Select((certificates, row) => (string[])
        [
            Csv.Text(row),
            labelOf(row),
            nameOf(certificates.Prediction),
            double.IsNaN(certificates.LogFailure) ? "" : Csv.Text(certificates.LogFailure),
            .. kinds.SelectMany(kind => Fields(certificates[kind], nameOf)),
        ]));
    }

    private static IEnumerable<string> Columns(CertificateKind kind) =>
        kind == CertificateKind.Exact ? ["exact_prediction", "exact_radius"] : [$"radius_{kind.Name().Replace('-', '_')}"];

    private static IEnumerable<string> Fields(Certificate certificate, Func<int, string> nameOf) =>
        certificate.Kind == CertificateKind.Exact
            ? [nameOf(certificate.Prediction), Csv.Text(certificate.Radius)]
            : [Csv.Text(certificate.Radius)];
}
