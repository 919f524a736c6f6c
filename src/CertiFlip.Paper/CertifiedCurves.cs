using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Paper;

/// <summary>Certified accuracy of one split for several noises, by every certificate of a single head.</summary>
/// <param name="run">Where it belongs.</param>
/// <param name="split">Features and labels.</param>
/// <param name="features">What the features were made from and how: part of the key of saved results.</param>
internal sealed class CertifiedCurves(ExperimentRun run, LabelledSplit split, string features)
{
    // The paper's λ belongs to the paper's head (12), which has no intercept. A constant feature takes its place:
    // without one, centred features could not tell ½ from 0.
    private readonly LabelledSplit _split = run.Options.Ridge.DependsOnLabels ? split.Mapped(WithConstant) : split;

    private Intercept Intercept => run.Options.Ridge.DependsOnLabels ? Intercept.None : Intercept.Fitted;

    /// <summary>Lines called by the names of certificates, followed by a suffix.</summary>
    public IReadOnlyList<Series> Of(RidgeChoice ridge, string suffix = "")
    {
        Series[] all = [.. run.Options.Noises.SelectMany(q => At(q, ridge, suffix))];

        // The head, and with it the exact certificate, does not depend on q unless its λ does.
        return ridge.DependsOnLabels
            ? all
            : [.. all.Where(series => series.Noise is not null), .. all.Where(series => series.Noise is null).Take(1)];
    }

    private IEnumerable<Series> At(double q, RidgeChoice ridge, string suffix)
    {
        run.CancellationToken.ThrowIfCancellationRequested();
        string noise = q.ToString("R", CultureInfo.InvariantCulture);
        string stage = string.Create(CultureInfo.InvariantCulture, $"certificates{suffix}-{noise}");
        StoredModel stored = run.Stage(stage, Key(ridge, noise), () => Store(Certify(q, ridge, suffix)));
        return CertifierOptions.AllCertificates.Select(kind => Series.Restore(stored, kind.ToString()));
    }

    private string[] Key(RidgeChoice ridge, string noise) =>
    [
        features, ridge.Text, Intercept.ToString(), noise,
        _split.Test.Rows.ToString(CultureInfo.InvariantCulture), _split.Training.Columns.ToString(CultureInfo.InvariantCulture),
    ];

    private IEnumerable<(CertificateKind Kind, Series Series)> Certify(double q, RidgeChoice ridge, string suffix)
    {
        var noise = new Noise(q);
        RidgeHead head = RidgeHead.Fit(_split.Training, ridge.For(_split.Labels, noise), Intercept, run.Parallel);
        IProgress<int> done = run.Progress.ReportCount($"certifying{suffix.Replace('-', ' ')}, q = {q}:", _split.Test.Rows, "rows");
        var certifier = new Certifier(head, _split.Labels, new CertifierOptions { Noise = noise, Threads = run.Options.Threads });
        IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(_split.Test, done, run.CancellationToken);
        return CertifierOptions.AllCertificates.Select(kind =>
        {
            bool dependsOnNoise = kind.NeedsNoise || head.DependsOnLabels;
            string name = $"{kind.Name}{suffix}";
            return (kind, new Series(name, dependsOnNoise ? q : null, CertifiedAccuracy.Of(kind, rows, _split.TestClasses)));
        });
    }

    private static FeatureMatrix WithConstant(FeatureMatrix features)
    {
        int columns = features.Columns + 1;
        double[] values = new double[(long)features.Rows * columns];
        for (int row = 0; row < features.Rows; row++)
        {
            features.Row(row).CopyTo(values.AsSpan(row * columns));
            values[(row + 1) * columns - 1] = 1;
        }

        return new FeatureMatrix(features.Rows, columns, values);
    }

    private static StoredModel Store(IEnumerable<(CertificateKind Kind, Series Series)> all)
    {
        var stored = new StoredModel("certificates");
        foreach ((CertificateKind kind, Series series) in all)
            series.Store(stored, kind.ToString());
        return stored;
    }
}
