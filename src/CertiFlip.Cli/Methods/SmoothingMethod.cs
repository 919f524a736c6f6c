using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Methods;

/// <summary>The paper's method (Algorithm 1) on a head, and the exact certificate of that head.</summary>
internal sealed record SmoothingMethod : IMethod
{
    /// <summary>q.</summary>
    public double Noise { get; init; } = 0.1;

    public HeadChoice Head { get; init; } = HeadChoice.Default;

    /// <summary>A head that was fitted to the training data before, if any.</summary>
    public IHead? FittedHead { get; init; }

    public IReadOnlyList<CertificateKind> Certificates { get; init; } = CertifierOptions.AllCertificates;

    public void Check(RunData data)
    {
        data.NoiseOf(Noise);
        data.Check(Head);
    }

    public MethodResult Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        Noise noise = data.NoiseOf(Noise);
        FeatureMatrix test = data.Test.Features;
        IHead head = FittedHead ?? Fit(data, noise, threads, progress);
        cancellation.ThrowIfCancellationRequested();

        var certifier = new Certifier(
            head, data.Labels, noise, new CertifierOptions { Certificates = Certificates, Adversary = data.Adversary, Threads = threads });
        IProgress<int> rowsDone = progress.ReportCount("certifying", test.Rows, "rows");
        IReadOnlyList<RowCertificates> rows = RunData.Named(data.Test, () => certifier.CertifyBatch(test, rowsDone, cancellation));
        return new MethodResult(rows, SettingOf(head), certifier);
    }

    private IHead Fit(RunData data, Noise noise, int threads, IWorkProgress progress)
    {
        FeatureMatrix training = data.Training.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        return RunData.Named(data.Training, () => Head.Fit(
            training, Head.Ridge.For(data.Labels, noise), new ParallelOptions { MaxDegreeOfParallelism = threads }));
    }

    private Setting SettingOf(IHead head) => new Setting
    {
        Method = MethodNames.Smoothing,
        Sentence = $"Noise q = {Noise}; {Head.InWords(head)}.",
        ConditionalOnLambda = head.DependsOnLabels,
        Noise = Noise,
    }.With(Head, head);
}
