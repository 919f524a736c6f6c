namespace CertiFlip.Cli.Output;

/// <summary>
/// The file that <c>certify --out</c> names: one row for each test row, in its order. Other programs read these
/// columns.
/// </summary>
internal static class CertificateCsv
{
    /// <summary>Writes the file.</summary>
    /// <param name="csv">Where to.</param>
    /// <param name="kinds">The certificates that they have.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="areClassesStated">
    /// Whether the list of classes was stated. If not, a last column names the certificates whose radius holds for that
    /// list only.
    /// </param>
    /// <param name="named">What the column is called that names rows, and what each is called.</param>
    /// <param name="labelOf">The label of a row, empty where it is unknown.</param>
    /// <param name="nameOf">The name of a predicted class.</param>
    /// <param name="more">Names and values of further columns, before the last one.</param>
    public static void Write(
        Csv csv, IReadOnlyList<CertificateKind> kinds, IReadOnlyList<RowCertificates> rows, bool areClassesStated,
        (string Column, Func<int, string> Of) named, Func<int, string> labelOf, Func<int, string> nameOf,
        params IReadOnlyList<(string Name, Func<int, string> Value)> more)
    {
        // A prediction of the classifier that is not the head itself, where there is one; the exact certificate has its
        // own column.
        CertificateKind? voted = kinds.FirstOrDefault(kind => kind.Classifier != CertifiedClassifier.Head);
        string[] header =
        [
            named.Column,
            "label",
            .. voted is null ? [] : (string[])["prediction", "log_failure"],
            .. kinds.SelectMany(Columns),
            .. more.Select(column => column.Name),
            .. areClassesStated ? [] : (string[])["listed_classes_only"],
        ];
        csv.Write(header, rows.Select(Record));

        string[] Record(RowCertificates certificates, int row)
        {
            // Sequences for each row would take longer than their texts.
            string[] fields = new string[header.Length];
            int next = 0;
            fields[next++] = named.Of(row);
            fields[next++] = labelOf(row);
            if (voted is not null)
            {
                fields[next++] = nameOf(certificates[voted].Prediction);
                fields[next++] = LogFailure(certificates);
            }

            for (int i = 0; i < kinds.Count; i++)
                AddFields(certificates[kinds[i]], nameOf, fields, ref next);
            for (int i = 0; i < more.Count; i++)
                fields[next++] = more[i].Value(row);
            if (!areClassesStated)
                fields[next] = Assuming(certificates);
            return fields;
        }
    }

    private static string LogFailure(RowCertificates row) => double.IsNaN(row.LogFailure) ? "" : Csv.Text(row.LogFailure);

    private static string Assuming(RowCertificates row)
    {
        string names = "";
        for (int i = 0; i < row.Certificates.Count; i++)
        {
            if (row.Certificates[i] is { AssumesClasses: true, Kind: var kind })
                names += names.Length == 0 ? kind.Name : $" {kind.Name}";
        }

        return names;
    }

    private static IEnumerable<string> Columns(CertificateKind kind) =>
        kind.Classifier == CertifiedClassifier.Head
            ? [$"{NameOf(kind)}_prediction", $"{NameOf(kind)}_radius"]
            : [$"radius_{NameOf(kind)}"];

    private static string NameOf(CertificateKind kind) => kind.Name.Replace('-', '_');

    // Beside a smoothed radius the bound on the failure says whether it is certified, beside the head's nothing does.
    private static void AddFields(Certificate certificate, Func<int, string> nameOf, string[] fields, ref int next)
    {
        bool isOfHead = certificate.Kind.Classifier == CertifiedClassifier.Head;
        if (isOfHead)
            fields[next++] = nameOf(certificate.Prediction);
        fields[next++] = isOfHead && !certificate.IsCertified ? "" : certificate.Radius.ToString();
    }
}
