using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Features;
using CertiFlip.Heads;

namespace CertiFlip.Paper;

/// <summary>How many flips a prediction can survive (docs/record.md).</summary>
/// <remarks>
/// Features are clusters of unlabelled rows, and the head's label weights are all of one size, so that nearly a whole
/// class has to be relabelled. Beside it stand the ridge head, and a vote of parts (SS-DPA), on the same features.
/// </remarks>
internal abstract class SpectralRecord : IExperiment
{
    private static readonly RelativeRidge Ridge = new(0.01);
    private static readonly int[] PartCounts = [1200, 3000];

    public abstract string Name { get; }

    public abstract string Title { get; }

    public ExperimentOptions Defaults => new() { Noises = [0.1], Components = Components, AttackedRows = 50 };

    public IReadOnlyList<string> Choices { get; } =
    [
        nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.Components), nameof(ExperimentOptions.TestRows),
        nameof(ExperimentOptions.AttackedRows), nameof(ExperimentOptions.Seed),
    ];

    public bool KeepsRows => true;

    /// <summary>Eigenvectors in the documented run: one fewer than clusters, where each class is one.</summary>
    protected abstract int Components { get; }

    /// <summary>What the features are made from, for the notes.</summary>
    protected abstract string Inputs { get; }

    /// <summary>Published results beside those found here.</summary>
    protected abstract IEnumerable<Claim> Published(AccuracyCurve exact);

    /// <summary>The names of the classes.</summary>
    protected abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The rows in features made without labels; neighbours are searched in these.</summary>
    protected abstract LabelledSplit Describe(ExperimentRun run);

    /// <summary>
    /// Finds the files, which are not read where the spectral features are saved: their checksums are part of the key.
    /// </summary>
    protected abstract void Find(DataFolder data);

    public Reproduction Run(ExperimentRun run)
    {
        Find(run.Data);
        int components = run.Options.Components;
        string key = string.Create(
            CultureInfo.InvariantCulture, $"{Name}, {components} eigenvectors, seed {run.Options.Seed}, {Inputs}");
        LabelledSplit whole = run.Split("spectral", [key], () => Spectral(Describe(run), components, run));
        LabelledSplit split = whole.WithTestRows(run.Options.TestRows);
        key = string.Create(CultureInfo.InvariantCulture, $"{key}, {split.Test.Rows} rows");

        var head = new Lazy<SaturatedRidgeHead>(() =>
            SaturatedRidgeHead.Fit(split.Training, Ridge, Saturation(components), run.Parallel));
        CertifiedRows[] rows = [.. run.Options.Noises.Select(q => Certified(split, head, q, key, run))];
        Series[] saturated = [.. run.Options.Noises.SelectMany((q, i) => SeriesOf(rows[i], q, isFirst: i == 0))];
        IEnumerable<int> partCounts = PartCounts.Where(parts => parts < split.Training.Rows);
        Series[] rivals = [RidgeSeries(split, key, run), .. partCounts.Select(parts => PartitionSeries(split, parts, key, run))];
        Series exact = saturated.Single(series => series.Noise is null);
        TrialResult trial = TrialOf(split, head, key, run);
        return new Reproduction
        {
            Lead = Lead(exact.Curve, split),
            Panels =
            [
                new Panel(
                    "Label weights of one size: the exact certificate and those of the smoothed vote", saturated, split.ConstantAccuracy),
                new Panel("On the same features: ridge, and a vote of parts (SS-DPA)", [exact, .. rivals], split.ConstantAccuracy),
            ],
            Claims =
            [
                .. Published(exact.Curve),
                .. rivals.Select(rival => new Claim($"median radius by {rival.Name} on the same features", "", Median(rival.Curve))),
                new Claim($"predictions changed by their witness, applied and refitted, of {trial.Rows}", "", $"{trial.Broken}"),
                new Claim($"predictions changed by {trial.Attacks:N0} attacks within the radius", "0", $"{trial.Changed}"),
            ],
            Notes =
            [
                $"{Inputs} The graph links each of {split.Training.Rows:N0} training rows to its 10 nearest; features are {components} "
                + "eigenvectors of the random walk on it, and a test row stands at the mean of its ten nearest training rows. "
                + "Both maps are fitted without labels.",
                InWords(Saturation(components)),
            ],
            Rows = rows[0],
        };
    }

    /// <summary>
    /// The offset for k spectral features of k + 1 clusters of about one size: rows of a test row's cluster have a
    /// similarity of k, the mean of n·xᵀ(XᵀX)⁻¹x, and all others −1. The mean of both is (k − 1)/2.
    /// </summary>
    internal static SaturationOptions Saturation(int components) => new() { Offset = -(components - 1) / 2.0 };

    private static string InWords(SaturationOptions saturation) => string.Create(
        CultureInfo.InvariantCulture,
        $"Saturated ridge: λ by relative:{Ridge.Multiple}, offset {saturation.Offset}, gain {saturation.Gain}.");

    /// <summary>Median radius and clean accuracy, as published results are given.</summary>
    protected static string Median(AccuracyCurve curve) =>
        string.Create(CultureInfo.InvariantCulture, $"{curve.MedianRadius:#,0.#} at {100 * curve.Accuracy:F2} %");

    private static LabelledSplit Spectral(LabelledSplit described, int components, ExperimentRun run)
    {
        run.Progress.Report($"linking each of {described.Training.Rows:N0} rows to its nearest");
        var options = new SpectralFeaturesOptions { Components = components };
        (SpectralFeatures map, FeatureMatrix training) = SpectralFeatures.FitTransform(described.Training, options, run.Parallel);
        run.Progress.Report($"placing {described.Test.Rows:N0} test rows");
        return described with { Training = training, Test = map.Transform(described.Test, run.Parallel) };
    }

    private CertifiedRows Certified(LabelledSplit split, Lazy<SaturatedRidgeHead> head, double q, string key, ExperimentRun run)
    {
        StoredModel stored = run.Stage(string.Create(CultureInfo.InvariantCulture, $"certificates-{q}"), Key(key, run), () =>
        {
            IProgress<int> done = run.Progress.ReportCount($"certifying, q = {q}:", split.Test.Rows, "rows");
            var options = new CertifierOptions { Noise = new Noise(q, split.Labels.ClassCount), Threads = run.Options.Threads };
            var certifier = new Certifier(head.Value, split.Labels, options);
            return CertifiedRows.Store(certifier.CertifyBatch(split.Test, done, run.CancellationToken));
        });
        return CertifiedRows.Restore(stored, split.TestClasses, Classes);
    }

    /// <summary>
    /// A line for each certificate; for the exact one, which does not depend on q, with the first q alone.
    /// </summary>
    private static IEnumerable<Series> SeriesOf(CertifiedRows rows, double q, bool isFirst) =>
        from kind in CertifiedRows.Kinds
        where isFirst || kind.NeedsNoise
        let curve = CertifiedAccuracy.Of(kind, rows.Rows, rows.Truth)
        select new Series(kind.Name, kind.NeedsNoise ? q : null, curve);

    private static Series RidgeSeries(LabelledSplit split, string key, ExperimentRun run) => Saved("ridge", key, run, () =>
    {
        IProgress<int> done = run.Progress.ReportCount("certifying ridge:", split.Test.Rows, "rows");
        RidgeHead head = RidgeHead.Fit(split.Training, Ridge, Intercept.Fitted, run.Parallel);
        var certifier = new Certifier(head, split.Labels, new CertifierOptions { Threads = run.Options.Threads });
        IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(split.Test, done, run.CancellationToken);
        return new Series("exact-ridge", null, CertifiedAccuracy.Of(CertificateKind.Exact, rows, split.TestClasses));
    });

    private static Series PartitionSeries(LabelledSplit split, int parts, string key, ExperimentRun run) =>
        Saved($"partition-{parts}", key, run, () => PartitionSeries(split, parts, run));

    private static Series PartitionSeries(LabelledSplit split, int parts, ExperimentRun run)
    {
        IProgress<int> done = run.Progress.ReportCount($"certifying a vote of {parts:N0} parts:", split.Test.Rows, "rows");
        var options = new PartitionCertifierOptions { Certificates = [CertificateKind.Partition], Threads = run.Options.Threads };
        var one = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        var certifier = PartitionCertifier.Fit(
            new TrainingSet(split.Training, split.Labels),
            FeaturePartition.ByHash(split.Training, parts),
            (features, _) => RidgeHead.Fit(features, Ridge, Intercept.Fitted, one),
            options,
            cancellationToken: run.CancellationToken);
        IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(split.Test, done, run.CancellationToken);
        return new Series($"partition-{parts}", null, CertifiedAccuracy.Of(CertificateKind.Partition, rows, split.TestClasses));
    }

    private static TrialResult TrialOf(LabelledSplit split, Lazy<SaturatedRidgeHead> head, string key, ExperimentRun run)
    {
        string trialKey = string.Create(CultureInfo.InvariantCulture, $"{key}, {run.Options.AttackedRows} attacked");
        StoredModel stored = run.Stage("trial", Key(trialKey, run), () =>
        {
            int rows = Math.Min(run.Options.AttackedRows, split.Test.Rows);
            IProgress<int> done = run.Progress.ReportCount("attacking within the radius and beyond:", rows, "rows");
            var trial = new AttackTrial(split, head.Value, Refit, run.Options.Seed);
            var counts = new StoredModel("trial");
            counts.Add("counts", trial.Run(run.Options.AttackedRows, done, run.Parallel).Counts);
            return counts;
        });
        return new TrialResult(stored.Integers("counts"));

        SaturatedRidgeHead Refit() =>
            SaturatedRidgeHead.Fit(split.Training, Ridge, Saturation(split.Training.Columns), run.Parallel);
    }

    private static Series Saved(string stage, string key, ExperimentRun run, Func<Series> compute) => Series.Restore(
        run.Stage(stage, Key(key, run), () =>
        {
            var stored = new StoredModel("series");
            compute().Store(stored, stage);
            return stored;
        }),
        stage);

    private static string[] Key(string key, ExperimentRun run) =>
        [key, .. run.Options.Noises.Select(q => q.ToString("R", CultureInfo.InvariantCulture))];

    /// <summary>
    /// The answer, and the largest radius that any weights could have between the two smallest classes.
    /// </summary>
    /// <remarks>That is half of their rows, the last of which may leave a tie (docs/record.md).</remarks>
    private static string Lead(AccuracyCurve curve, LabelledSplit split)
    {
        int[] sizes = [.. Enumerable.Range(0, split.Labels.ClassCount).Select(split.Labels.CountOf).Order()];
        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"{curve.MedianRadius:#,0.#} flipped labels of {split.Training.Rows:N0}, at {100 * curve.Accuracy:F2} % clean accuracy");
        string rows = string.Create(CultureInfo.InvariantCulture, $"{sizes[0]:N0} and {sizes[1]:N0} training rows");
        string most = string.Create(CultureInfo.InvariantCulture, $"{(sizes[0] + sizes[1] + 1) / 2:N0}");
        return $"The median test row survives any {found}, by the exact certificate. "
            + $"For a row of one of the two smallest classes, of {rows}, no label-free weights survive more than {most}.";
    }
}
