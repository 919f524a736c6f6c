using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Cli.Progress;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Methods;

/// <summary>The paper's method (Algorithm 1) on a ridge head, and the exact certificate of that head.</summary>
internal sealed record SmoothingMethod : IMethod
{
    /// <summary>q.</summary>
    public double Noise { get; init; } = 0.1;

    public RidgeChoice Ridge { get; init; } = RidgeChoice.Default;

    public Intercept Intercept { get; init; } = Intercept.Fitted;

    /// <summary>A head that was fitted to the training data before, if any.</summary>
    public RidgeHead? Head { get; init; }

    public IReadOnlyList<CertificateKind> Certificates { get; init; } = CertifierOptions.AllCertificates;

    public void Check(Problem problem) => problem.NoiseOf(Noise);

    public MethodResult Run(Problem problem, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        Noise noise = problem.NoiseOf(Noise);
        FeatureMatrix test = problem.Test.Features;
        RidgeHead head = Head ?? Fit(problem, noise, threads, progress);
        cancellation.ThrowIfCancellationRequested();

        var certifier = new Certifier(head, problem.Labels, noise, new CertifierOptions { Certificates = Certificates, Threads = threads });
        IProgress<int> rowsDone = progress.ReportCount("certifying", test.Rows, "rows");
        IReadOnlyList<RowCertificates> rows = Problem.Named(problem.Test, () => certifier.CertifyBatch(test, rowsDone, cancellation));
        return new MethodResult(rows, SettingOf(head), certifier);
    }

    private RidgeHead Fit(Problem problem, Noise noise, int threads, IWorkProgress progress)
    {
        FeatureMatrix training = problem.Training.Features;
        progress.Report($"fitting a ridge head to {training.Rows:N0} × {training.Columns:N0} features");
        return Problem.Named(problem.Training, () => RidgeHead.Fit(
            training, Ridge.For(problem.Labels, noise), Intercept, new ParallelOptions { MaxDegreeOfParallelism = threads }));
    }

    private Setting SettingOf(RidgeHead head) => new()
    {
        Method = MethodNames.Smoothing,
        Sentence = $"Noise q = {Noise}; ridge {Ridge.Text}, λ = {head.Lambda:G6}, {Intercept.InWords()}.",
        ConditionalOnLambda = head.DependsOnLabels,
        Noise = Noise,
        Ridge = Ridge.Text,
        Lambda = head.Lambda,
        Intercept = Intercept == Intercept.Fitted,
    };
}
