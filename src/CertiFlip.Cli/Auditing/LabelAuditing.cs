using CertiFlip.Auditing;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Progress;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Auditing;

/// <summary>Audits the labels of the ridge head that <c>certify</c> certifies.</summary>
/// <param name="Ridge">The rule for λ.</param>
/// <param name="Intercept">Whether there is an intercept.</param>
/// <param name="Options">How many labels to suggest, and which not to.</param>
internal sealed record LabelAuditing(RidgeChoice Ridge, Intercept Intercept, AuditOptions Options)
{
    public AuditResult Run(Problem problem, bool isLeaveOneOut, IWorkProgress progress, CancellationToken cancellation)
    {
        FeatureMatrix training = problem.Training.Features, test = problem.Test.Features;
        progress.Report($"fitting a ridge head to {training.Rows:N0} × {training.Columns:N0} features");
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Options.Threads, CancellationToken = cancellation };

        // An audit has nothing to do with noise; only the paper's λ asks for one.
        RidgeRule rule = Ridge.For(problem.Labels, problem.NoiseOf(new SmoothingMethod().Noise));
        RidgeHead head = Problem.Named(problem.Training, () => RidgeHead.Fit(training, rule, Intercept, parallel));
        var auditor = new Auditor(head, problem.Labels, Options);
        IProgress<int> done = progress.ReportCount("auditing:", training.Rows + (isLeaveOneOut ? 0 : test.Rows), "rows");
        LabelAudit audit = Problem.Named(problem.Training, () => isLeaveOneOut
            ? auditor.Audit(training, done, cancellation)
            : auditor.Audit(training, test, problem.Truth, done, cancellation));
        return new AuditResult(
            problem, isLeaveOneOut, audit, Options.TrustedRows.Count, $"Ridge {Ridge.Text}, λ = {head.Lambda:G6}, {Intercept.InWords()}.", head.DependsOnLabels);
    }
}
