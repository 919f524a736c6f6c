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

    public void Check(Problem problem)
    {
        problem.NoiseOf(Noise);
        problem.Check(Head);
    }

    public MethodResult Run(Problem problem, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        Noise noise = problem.NoiseOf(Noise);
        FeatureMatrix test = problem.Test.Features;
        IHead head = FittedHead ?? Fit(problem, noise, threads, progress);
        cancellation.ThrowIfCancellationRequested();

        var certifier = new Certifier(head, problem.Labels, noise, new CertifierOptions { Certificates = Certificates, Adversary = problem.Adversary, Threads = threads });
        IProgress<int> rowsDone = progress.ReportCount("certifying", test.Rows, "rows");
        IReadOnlyList<RowCertificates> rows = Problem.Named(problem.Test, () => certifier.CertifyBatch(test, rowsDone, cancellation));
        return new MethodResult(rows, SettingOf(head), certifier);
    }

    private IHead Fit(Problem problem, Noise noise, int threads, IWorkProgress progress)
    {
        FeatureMatrix training = problem.Training.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        return Problem.Named(problem.Training, () => Head.WithLabels(problem.Labels, noise).Fit(
            training, new ParallelOptions { MaxDegreeOfParallelism = threads }));
    }

    private Setting SettingOf(IHead head) => new Setting
    {
        Method = MethodNames.Smoothing,
        Sentence = $"Noise q = {Noise}; {Head.Describe(head)}.",
        ConditionalOnLambda = head.DependsOnLabels,
        Noise = Noise,
    }.With(Head, head);
}
