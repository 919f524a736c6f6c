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

    public IReadOnlyList<CertificateKind> Certificates { get; init; } = CertifierOptions.AllCertificates;

    public void Check(Problem problem) => problem.NoiseOf(Noise);

    public MethodResult Run(Problem problem, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        Noise noise = problem.NoiseOf(Noise);
        FeatureMatrix training = problem.Training.Features, test = problem.Test.Features;
        progress.Report($"fitting a ridge head to {training.Rows:N0} × {training.Columns:N0} features");
        RidgeHead head = Problem.Named(problem.Training, () => RidgeHead.Fit(
            training, Ridge.For(problem.Labels, noise), Intercept, new ParallelOptions { MaxDegreeOfParallelism = threads }));
        cancellation.ThrowIfCancellationRequested();

        var certifier = new Certifier(head, problem.Labels, noise, new CertifierOptions { Certificates = Certificates, Threads = threads });
        IProgress<int> rowsDone = progress.ReportCount("certifying", test.Rows, "rows");
        IReadOnlyList<RowCertificates> rows = Problem.Named(problem.Test, () => certifier.CertifyBatch(test, rowsDone, cancellation));
        return new MethodResult(rows, SettingOf(head), certifier);
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
