using System.Globalization;
using CertiFlip.Cli.Commands.Certify;
using CsvHelper;

namespace CertiFlip.Cli.Output;

/// <summary>The file that <c>certify --out</c> names: one row for each test row, in its order. Other programs read these columns.</summary>
internal static class CertificateCsv
{
    public static void Write(TextWriter writer, CertifyResult result) => Write(
        writer, result.Method.Certificates, result.Rows, row => result.Data.HasTruth ? result.Data.Test.Labels[row] : "", result.NameOf);

    /// <summary>The same of rows from elsewhere.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kinds">The certificates that they have.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="labelOf">The label of a row, empty where it is unknown.</param>
    /// <param name="nameOf">The name of a predicted class.</param>
    public static void Write(TextWriter writer, IReadOnlyList<CertificateKind> kinds, IReadOnlyList<RowCertificates> rows, Func<int, string> labelOf, Func<int, string> nameOf)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["row", "label", "prediction", "log_failure", .. kinds.SelectMany(Columns)]);
        for (int row = 0; row < rows.Count; row++)
        {
            RowCertificates certificates = rows[row];
            csv.WriteRecord(
            [
                Number(row),
                labelOf(row),
                nameOf(certificates.Prediction),
                double.IsNaN(certificates.LogFailure) ? "" : certificates.LogFailure.ToString("R", CultureInfo.InvariantCulture),
                .. kinds.SelectMany(kind => Fields(certificates[kind], nameOf)),
            ]);
        }
    }

    private static IEnumerable<string> Columns(CertificateKind kind) =>
        kind == CertificateKind.Exact ? ["exact_prediction", "exact_radius"] : [$"radius_{kind.Name().Replace('-', '_')}"];

    private static IEnumerable<string> Fields(Certificate certificate, Func<int, string> nameOf) =>
        certificate.Kind == CertificateKind.Exact
            ? [nameOf(certificate.Prediction), Number(certificate.Radius)]
            : [Number(certificate.Radius)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
