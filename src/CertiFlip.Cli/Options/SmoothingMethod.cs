using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Options;

/// <summary>The paper's method (Algorithm 1) on a head, and the exact certificate of that head.</summary>
internal sealed record SmoothingMethod : IMethod
{
    /// <summary>The noise where smoothed certificates are asked for and none is stated.</summary>
    public const double DefaultNoise = 0.1;

    /// <summary>q, where it is stated.</summary>
    public double? Noise { get; init; }

    public HeadChoice Head { get; init; } = HeadChoice.Default;

    /// <summary>A head that was fitted to the training data before, if any.</summary>
    public IHead? FittedHead { get; init; }

    public IReadOnlyList<CertificateKind> Certificates { get; init; } = CertifierOptions.AllCertificates;

    /// <summary>q; null where neither a certificate nor the rule for λ depends on it.</summary>
    private double? UsedNoise => UsesNoise(Head, Certificates) ? Noise ?? DefaultNoise : null;

    /// <summary>Whether these certificates of a head depend on a noise.</summary>
    public static bool UsesNoise(HeadChoice head, IReadOnlyList<CertificateKind> certificates) =>
        head.DependsOnLabels || certificates.Any(kind => kind.NeedsNoise);

    public void Check(RunData data)
    {
        if (UsedNoise is { } q)
            data.NoiseOf(q);
        data.Check(Head);
    }

    public MethodResult Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        FeatureMatrix test = data.Test.Features;
        IHead head = FittedHead ?? Fit(data, threads, progress);
        cancellation.ThrowIfCancellationRequested();

        var options = new CertifierOptions
        {
            Noise = UsedNoise is { } q ? data.NoiseOf(q) : null,
            Certificates = Certificates,
            Adversary = data.Adversary,
            Threads = threads,
        };
        var certifier = new Certifier(head, data.Labels, options);
        IReadOnlyList<RowCertificates> rows = data.Certified(Certificates, progress, (first, count, done) => data.IsLeaveOneOut
            ? certifier.CertifyLeftOut(test, first, count, done, cancellation)
            : certifier.CertifyBatch(test.Part(first, count), done, cancellation));
        return new MethodResult(rows, SettingOf(head), certifier);
    }

    private IHead Fit(RunData data, int threads, IWorkProgress progress)
    {
        FeatureMatrix training = data.Training.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        return data.Fit(Head, UsedNoise, parallel);
    }

    /// <summary>What is said of the method, once the head is fitted.</summary>
    public Setting SettingOf(IHead head)
    {
        string words = Head.Describe(head);
        return new Setting
        {
            Method = MethodNames.Smoothing,
            Sentence = UsedNoise is { } q ? $"Noise q = {q}; {words}." : $"{char.ToUpperInvariant(words[0])}{words[1..]}.",
            ConditionalOnLambda = head.DependsOnLabels,
            Noise = UsedNoise,
        }.With(Head, head);
    }
}
