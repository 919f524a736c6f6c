using System.Globalization;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Cli.Certifying;
using CsvHelper;

namespace CertiFlip.Cli.Output;

/// <summary>The file that <c>--out</c> names: one row for each test row, in its order. Other programs read these columns.</summary>
internal static class CertificateCsv
{
    public static void Write(TextWriter writer, CertifyResult result)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        IReadOnlyList<CertificateKind> kinds = result.Request.Certificates;
        csv.WriteRecord(["row", "label", "prediction", "log_failure", .. kinds.SelectMany(Columns)]);
        for (int row = 0; row < result.Rows.Count; row++)
        {
            RowCertificates certificates = result.Rows[row];
            csv.WriteRecord(
            [
                Number(row),
                result.HasTruth ? result.Test.Labels[row] : "",
                result.Classes[certificates.Prediction],
                certificates.LogFailure.ToString("R", CultureInfo.InvariantCulture),
                .. kinds.SelectMany(kind => Fields(result, certificates[kind])),
            ]);
        }
    }

    private static IEnumerable<string> Columns(CertificateKind kind) =>
        kind == CertificateKind.Exact ? ["exact_prediction", "exact_radius"] : [$"radius_{kind.Name()}"];

    private static IEnumerable<string> Fields(CertifyResult result, Certificate certificate) =>
        certificate.Kind == CertificateKind.Exact
            ? [result.Classes[certificate.Prediction], Number(certificate.Radius)]
            : [Number(certificate.Radius)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
