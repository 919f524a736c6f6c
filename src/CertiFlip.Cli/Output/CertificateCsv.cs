using System.Globalization;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CsvHelper;

namespace CertiFlip.Cli.Output;

/// <summary>The file that <c>certify --out</c> names: one row for each test row, in its order. Other programs read these columns.</summary>
internal static class CertificateCsv
{
    public static void Write(TextWriter writer, CertifyResult result)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        IReadOnlyList<CertificateKind> kinds = result.Method.Certificates;
        csv.WriteRecord(["row", "label", "prediction", "log_failure", .. kinds.SelectMany(Columns)]);
        for (int row = 0; row < result.Rows.Count; row++)
        {
            RowCertificates certificates = result.Rows[row];
            csv.WriteRecord(
            [
                Number(row),
                result.Problem.HasTruth ? result.Problem.Test.Labels[row] : "",
                result.NameOf(certificates.Prediction),
                double.IsNaN(certificates.LogFailure) ? "" : certificates.LogFailure.ToString("R", CultureInfo.InvariantCulture),
                .. kinds.SelectMany(kind => Fields(result, certificates[kind])),
            ]);
        }
    }

    private static IEnumerable<string> Columns(CertificateKind kind) =>
        kind == CertificateKind.Exact ? ["exact_prediction", "exact_radius"] : [$"radius_{kind.Name().Replace('-', '_')}"];

    private static IEnumerable<string> Fields(CertifyResult result, Certificate certificate) =>
        certificate.Kind == CertificateKind.Exact
            ? [result.NameOf(certificate.Prediction), Number(certificate.Radius)]
            : [Number(certificate.Radius)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
