using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Features;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>
/// Three predictions in words: the most robust, the median and the most fragile of those that the head gets right.
/// </summary>
internal static class DemoStory
{
    private const int MostRowsNamed = 8;

    public static IEnumerable<string> Tell(CertifyResult result)
    {
        int[] correct = [.. Enumerable.Range(0, result.Rows.Count)
            .Where(row => result.Rows[row].Exact.Prediction == result.Data.Truth[row])
            .OrderByDescending(row => result.Rows[row].Exact.Radius)];
        if (correct.Length == 0)
            yield break;
        foreach (int row in (int[])[correct[0], correct[correct.Length / 2], correct[^1]])
            yield return Sentence(result, row);
    }

    private static string Sentence(CertifyResult result, int row)
    {
        Certificate certificate = result.Rows[row][CertificateKind.Exact];
        string name = result.Data.Classes[certificate.Prediction];
        if (!result.Outcome.Certifier!.TryFindWitness(result.Data.Test.Features.Row(row), out Witness? witness))
            return $"Test row {row}: no wrong labels change this {name}, however many there are.";
        string survives = certificate.Radius.Budget switch
        {
            0 => $"Test row {row}: this {name} survives no wrong label",
            1 => $"Test row {row}: this {name} survives any one wrong label",
            int radius => $"Test row {row}: this {name} survives any {radius} wrong labels",
        };
        string flips = witness.Flips.Count == 1 ? "this one label" : $"these {witness.Flips.Count} labels";
        return $"{survives}; {flips} would change the prediction to {result.Data.Classes[witness.Rival]}: training "
            + $"row{(witness.Flips.Count == 1 ? "" : "s")} {List(witness.Flips)}.";
    }

    private static string List(IReadOnlyList<LabelFlip> flips) =>
        string.Join(", ", flips.Take(MostRowsNamed).Select(flip => flip.Row))
            + (flips.Count > MostRowsNamed ? $" and {flips.Count - MostRowsNamed} more" : "");
}

/// <summary>
/// The same digits as clusters of unlabelled rows, with label weights of one size: what docs/record.md explains.
/// </summary>
internal static class ClusterStory
{
    private const double Ridge = 0.01;

    public static string Tell(RunData data, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { CancellationToken = cancellation };
        (SpectralFeatures map, FeatureMatrix training) = SpectralFeatures.FitTransform(data.Training.Features, parallel: parallel);
        var head = SaturatedRidgeHead.Fit(training, new RelativeRidge(Ridge), parallel: parallel);
        var certifier = new Certifier(head, data.Labels);
        IReadOnlyList<RowCertificates> rows =
            certifier.CertifyBatch(map.Transform(data.Test.Features, parallel), cancellationToken: cancellation);
        CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Exact, rows, data.Truth);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"With {map.Features} spectral features and a head whose label weights all have one size, {100 * accuracy.Accuracy:F1} % are "
                + $"correct, and the median row survives any {accuracy.MedianRadius:0.#} wrong labels: see docs/record.md.");
    }
}
