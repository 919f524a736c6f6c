using CertiFlip.Data;

namespace CertiFlip.Paper;

/// <summary>What is certified of each test row.</summary>
/// <param name="Rows">The certificates, one for each row.</param>
/// <param name="Truth">Their classes.</param>
/// <param name="Classes">What the classes are called.</param>
public sealed record CertifiedRows(IReadOnlyList<RowCertificates> Rows, IReadOnlyList<int> Truth, IReadOnlyList<string> Classes)
{
    /// <summary>The certificates that rows have.</summary>
    public static IReadOnlyList<CertificateKind> Kinds => CertifierOptions.AllCertificates;

    internal static CertifiedRows Restore(StoredModel stored, IReadOnlyList<int> truth, IReadOnlyList<string> classes)
    {
        double[] failures = stored.Doubles("log failures");
        Func<int, Certificate>[] columns = [.. Kinds.Select(kind => Column(stored, kind))];
        RowCertificates[] rows =
            [.. failures.Select((failure, row) => new RowCertificates([.. columns.Select(of => of(row))], failure))];
        return new CertifiedRows(rows, truth, classes);
    }

    internal static StoredModel Store(IReadOnlyList<RowCertificates> rows)
    {
        var stored = new StoredModel("certified-rows");
        stored.Add("log failures", [.. rows.Select(row => row.LogFailure)]);
        foreach (CertificateKind kind in Kinds)
        {
            stored.Add($"{kind} predictions", [.. rows.Select(row => row[kind].Prediction)]);
            stored.Add($"{kind} radii", [.. rows.Select(row => Series.Stored(row[kind].Radius))]);
            stored.Add($"{kind} certified", [.. rows.Select(row => row[kind].IsCertified ? 1 : 0)]);
        }

        return stored;
    }

    private static Func<int, Certificate> Column(StoredModel stored, CertificateKind kind)
    {
        int[] predictions = stored.Integers($"{kind} predictions");
        int[] radii = stored.Integers($"{kind} radii"), certified = stored.Integers($"{kind} certified");
        return row => new Certificate(kind, predictions[row], Series.RadiusOf(radii[row]), certified[row] == 1);
    }
}
