namespace CertiFlip.Cli.Commands.Certify;

/// <summary>Three predictions in words: the most robust, the median and the most fragile of those that the head gets right.</summary>
internal static class DemoStory
{
    private const int MostRowsNamed = 8;

    public static IEnumerable<string> Tell(CertifyResult result)
    {
        int[] correct = [.. Enumerable.Range(0, result.Rows.Count)
            .Where(row => result.Rows[row][CertificateKind.Exact].Prediction == result.Data.Truth[row])
            .OrderByDescending(row => result.Rows[row][CertificateKind.Exact].Radius)];
        if (correct.Length == 0)
            yield break;
        foreach (int row in (int[])[correct[0], correct[correct.Length / 2], correct[^1]])
            yield return Sentence(result, row);
    }

    private static string Sentence(CertifyResult result, int row)
    {
        Certificate certificate = result.Rows[row][CertificateKind.Exact];
        string name = result.Data.Classes[certificate.Prediction];
        string survives = certificate.Radius switch
        {
            0 => $"Test row {row}: this {name} survives no wrong label at all",
            1 => $"Test row {row}: this {name} survives any one wrong label",
            int radius => $"Test row {row}: this {name} survives any {radius} wrong labels",
        };
        if (!result.Outcome.Certifier!.TryFindWitness(result.Data.Test.Features.Row(row), out Witness? witness))
            return $"{survives}, however many there are.";
        string flips = witness.Flips.Count == 1 ? "this one label" : $"these {witness.Flips.Count} labels";
        return $"{survives}; {flips} would put {result.Data.Classes[witness.Rival]} before it: training row{(witness.Flips.Count == 1 ? "" : "s")} {List(witness.Flips)}.";
    }

    private static string List(IReadOnlyList<LabelFlip> flips) =>
        string.Join(", ", flips.Take(MostRowsNamed).Select(flip => flip.Row)) + (flips.Count > MostRowsNamed ? $" and {flips.Count - MostRowsNamed} more" : "");
}
