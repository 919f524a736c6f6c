using System.Globalization;
using CertiFlip.Data.Models;
using CertiFlip.Features;
using CertiFlip.Heads;
using CertiFlip.Paper.Results;
using CertiFlip.Paper.Sources;
using CertiFlip.Partition;

namespace CertiFlip.Paper.Experiments;

/// <summary>
/// How many flips a prediction can survive: clusters of unlabelled rows as features, and a head whose label weights are all of one size, so that nearly a whole class has to be relabelled (docs/record.md). Beside
/// it the ridge head, and a vote of parts (SS-DPA) on the same features.
/// </summary>
internal abstract class SpectralRecord : IExperiment
{
    private static readonly RelativeRidge Ridge = new(0.01);
    private static readonly int[] PartCounts = [1200, 3000];

    public abstract string Name { get; }

    public abstract string Title { get; }

    public ExperimentOptions Defaults => new() { Noises = [0.1], Components = Components, AttackedRows = 50 };

    public IReadOnlyList<string> Choices { get; } =
        [nameof(ExperimentOptions.Noises), nameof(ExperimentOptions.Components), nameof(ExperimentOptions.TestRows), nameof(ExperimentOptions.AttackedRows), nameof(ExperimentOptions.Seed)];

    public bool KeepsRows => true;

    /// <summary>Eigenvectors in the documented run: one fewer than clusters, where each class is one.</summary>
    protected abstract int Components { get; }

    /// <summary>What the features are made from, for the notes.</summary>
    protected abstract string Inputs { get; }

    /// <summary>What others have published, beside what was found here.</summary>
    protected abstract IEnumerable<Claim> Published(AccuracyCurve exact);

    /// <summary>What the classes are called.</summary>
    protected abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The rows as described without labels: where neighbours are sought.</summary>
    protected abstract LabelledSplit Describe(ExperimentRun run);

    /// <summary>Files that are not read where the spectral features are kept: their checksums are part of the key.</summary>
    protected abstract void Find(DataFolder data);

    public Reproduction Run(ExperimentRun run)
    {
        Find(run.Data);
        int components = run.Options.Components;
        string key = string.Create(CultureInfo.InvariantCulture, $"{Name}, {components} eigenvectors, seed {run.Options.Seed}");
        LabelledSplit whole = run.Split("spectral", [key], () => Spectral(Describe(run), components, run));
        LabelledSplit split = whole.WithTestRows(run.Options.TestRows);
        key = string.Create(CultureInfo.InvariantCulture, $"{key}, {split.Test.Rows} rows");

        var head = new Lazy<SaturatedRidgeHead>(() => SaturatedRidgeHead.Fit(split.Training, Ridge, Saturation(components), run.Parallel));
        CertifiedRows[] rows = [.. run.Options.Noises.Select(q => Certified(split, head, q, key, run))];
        Series[] saturated = [.. run.Options.Noises.SelectMany((q, i) => CertifiedRows.Kinds.Where(kind => i == 0 || kind != CertificateKind.Exact).Select(kind =>
            new Series(kind.ToString().ToLowerInvariant(), kind == CertificateKind.Exact ? null : q, CertifiedAccuracy.Of(kind, rows[i].Rows, split.TestClasses))))];
        Series[] rivals = [RidgeSeries(split, key, run), .. PartCounts.Where(parts => parts < split.Training.Rows).Select(parts => PartitionSeries(split, parts, key, run))];
        Series exact = saturated.Single(series => series.Noise is null);
        TrialResult trial = TrialOf(split, head, key, run);
        return new Reproduction
        {
            Lead = Lead(exact.Curve, split),
            Panels =
            [
                new Panel("Label weights of one size: the exact certificate and those of the smoothed vote", saturated, Constant(split)),
                new Panel("On the same features: ridge, and a vote of parts (SS-DPA)", [exact, .. rivals], Constant(split)),
            ],
            Claims =
            [
                .. Published(exact.Curve),
                .. rivals.Select(rival => new Claim($"median radius by {rival.Name} on the same features", "", Median(rival.Curve))),
                new Claim($"predictions changed by their witness, applied and refitted, of {trial.Rows}", "", trial.Broken.ToString(CultureInfo.InvariantCulture)),
                new Claim($"predictions changed by {trial.Attacks:N0} attacks within the radius", "0", trial.Changed.ToString(CultureInfo.InvariantCulture)),
            ],
            Notes =
            [
                $"{Inputs} The graph links each of {split.Training.Rows:N0} training rows to its 10 nearest; features are {components} eigenvectors of the random walk on it, and a test row stands at the mean of its ten nearest training rows. Both maps are fitted without labels.",
                string.Create(CultureInfo.InvariantCulture, $"Saturated ridge: λ by relative:{Ridge.Multiple}, offset {Saturation(components).Offset}, gain {Saturation(components).Gain}."),
            ],
            Rows = rows[0],
        };
    }

    /// <summary>
    /// The offset for k spectral features of k + 1 clusters of about one size: rows of a test row's cluster have a similarity of k, the mean of n·xᵀ(XᵀX)⁻¹x, and all others −1. Half-way lies (k − 1)/2.
    /// </summary>
    internal static SaturationOptions Saturation(int components) => new() { Offset = -(components - 1) / 2.0 };

    /// <summary>Median radius and clean accuracy, as published results are given.</summary>
    protected static string Median(AccuracyCurve curve) => string.Create(CultureInfo.InvariantCulture, $"{curve.MedianRadius:#,0.#} at {100 * curve.Accuracy:F2} %");

    private static LabelledSplit Spectral(LabelledSplit described, int components, ExperimentRun run)
    {
        run.Progress.Report($"linking each of {described.Training.Rows:N0} rows to its nearest");
        (SpectralFeatures map, FeatureMatrix training) = SpectralFeatures.FitTransform(described.Training, new SpectralFeaturesOptions { Components = components }, run.Parallel);
        run.Progress.Report($"placing {described.Test.Rows:N0} test rows");
        return described with { Training = training, Test = map.Transform(described.Test, run.Parallel) };
    }

    private CertifiedRows Certified(LabelledSplit split, Lazy<SaturatedRidgeHead> head, double q, string key, ExperimentRun run) => CertifiedRows.Restore(
        run.Stages.Get(string.Create(CultureInfo.InvariantCulture, $"certificates-{q}"), Key(key, run), () =>
        {
            IProgress<int> done = run.Progress.ReportCount($"certifying, q = {q}:", split.Test.Rows, "rows");
            var certifier = new Certifier(head.Value, split.Labels, new Noise(q, split.Labels.ClassCount), new CertifierOptions { Threads = run.Options.Threads });
            return CertifiedRows.Store(certifier.CertifyBatch(split.Test, done, run.Cancellation));
        }),
        split.TestClasses,
        Classes);

    private static Series RidgeSeries(LabelledSplit split, string key, ExperimentRun run) => Kept("ridge", key, run, () =>
    {
        IProgress<int> done = run.Progress.ReportCount("certifying ridge:", split.Test.Rows, "rows");
        var options = new CertifierOptions { Certificates = [CertificateKind.Exact], Threads = run.Options.Threads };
        var certifier = new Certifier(RidgeHead.Fit(split.Training, Ridge, Intercept.Fitted, run.Parallel), split.Labels, new Noise(0.1, split.Labels.ClassCount), options);
        return new Series("exact-ridge", null, CertifiedAccuracy.Of(CertificateKind.Exact, certifier.CertifyBatch(split.Test, done, run.Cancellation), split.TestClasses));
    });

    private static Series PartitionSeries(LabelledSplit split, int parts, string key, ExperimentRun run) => Kept($"partition-{parts}", key, run, () =>
    {
        IProgress<int> done = run.Progress.ReportCount($"certifying a vote of {parts:N0} parts:", split.Test.Rows, "rows");
        var options = new PartitionCertifierOptions { Certificates = [CertificateKind.Partition], Threads = run.Options.Threads };
        var one = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        var certifier = PartitionCertifier.Fit(
            split.Training, split.Labels, FeaturePartition.ByHash(split.Training, parts), (features, _) => RidgeHead.Fit(features, Ridge, Intercept.Fitted, one), options, cancellation: run.Cancellation);
        return new Series($"partition-{parts}", null, CertifiedAccuracy.Of(CertificateKind.Partition, certifier.CertifyBatch(split.Test, done, run.Cancellation), split.TestClasses));
    });

    private static TrialResult TrialOf(LabelledSplit split, Lazy<SaturatedRidgeHead> head, string key, ExperimentRun run)
    {
        string trialKey = string.Create(CultureInfo.InvariantCulture, $"{key}, {run.Options.AttackedRows} attacked");
        StoredModel stored = run.Stages.Get("trial", Key(trialKey, run), () =>
        {
            IProgress<int> done = run.Progress.ReportCount("attacking within the radius and beyond:", Math.Min(run.Options.AttackedRows, split.Test.Rows), "rows");
            var kept = new StoredModel("trial");
            kept.Add("counts", new AttackTrial(split, head.Value, () => SaturatedRidgeHead.Fit(split.Training, Ridge, Saturation(split.Training.Columns), run.Parallel), run.Options.Seed)
                .Run(run.Options.AttackedRows, done, run.Parallel).Counts);
            return kept;
        });
        return new TrialResult(stored.Integers("counts"));
    }

    private static Series Kept(string stage, string key, ExperimentRun run, Func<Series> compute) => Series.Restore(
        run.Stages.Get(stage, Key(key, run), () =>
        {
            var stored = new StoredModel("series");
            compute().Store(stored, stage);
            return stored;
        }),
        stage);

    private static string[] Key(string key, ExperimentRun run) => [key, .. run.Options.Noises.Select(q => q.ToString("R", CultureInfo.InvariantCulture)), .. run.Data.Used.Select(file => file.Sha256)];

    private static double Constant(LabelledSplit split) => split.TestClasses.CountBy(c => c).Max(count => count.Value) / (double)split.TestClasses.Count;

    /// <summary>The answer, and the largest radius that any weights could have between the two smallest classes: half of their rows, the last of which may leave a tie (docs/record.md).</summary>
    private static string Lead(AccuracyCurve curve, LabelledSplit split)
    {
        int[] sizes = [.. Enumerable.Range(0, split.Labels.ClassCount).Select(split.Labels.CountOf).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"The median test row survives any {curve.MedianRadius:#,0.#} flipped labels of {split.Training.Rows:N0}, at {100 * curve.Accuracy:F2} % clean accuracy, by the exact certificate. For a row of one of the two smallest classes, of {sizes[0]:N0} and {sizes[1]:N0} training rows, no label-free weights survive more than {(sizes[0] + sizes[1] + 1) / 2:N0}.");
    }
}
