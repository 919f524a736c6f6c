using CertiFlip.Auditing;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What a run of <c>audit</c> came to.</summary>
/// <param name="Data">The data. Where there is no test set, the training rows stand for it.</param>
/// <param name="IsLeaveOneOut">
/// Whether the audited predictions are those of the training rows, each by the head that is fitted without it.
/// </param>
/// <param name="Audit">The labels to check.</param>
/// <param name="Setting">How the head was fitted.</param>
/// <param name="SecondOpinion">What had a say in contradictions, if anything.</param>
internal sealed record AuditResult(RunData Data, bool IsLeaveOneOut, LabelAudit Audit, Setting Setting, HeadChoice? SecondOpinion)
{
    /// <summary>The sum of the radii once every suggested label is known to be right.</summary>
    public long VerifiedRadius => Audit.Suggestions.Count > 0 ? Audit.Suggestions[^1].TotalRadius : Audit.TotalRadius;

    /// <summary>A sum of radii as their mean over the counted rows.</summary>
    public double Mean(long total) => Audit.CountedRows > 0 ? total / (double)Audit.CountedRows : 0;
}

/// <summary>Audits the labels of the head that <c>certify</c> certifies.</summary>
/// <param name="Head">The head.</param>
/// <param name="Noise">The noise that the paper's λ is computed for; null with other rules.</param>
/// <param name="SecondOpinion">What has a say in contradictions, if anything.</param>
/// <param name="Budget">How many labels to suggest.</param>
/// <param name="Threads">How many threads work.</param>
internal sealed record LabelAuditing(HeadChoice Head, double? Noise, HeadChoice? SecondOpinion, int Budget, int Threads)
{
    /// <exception cref="UsageException">There are too few training rows for a head.</exception>
    public void Check(RunData data)
    {
        data.Check(Head);

        // The default is not refused: where there are fewer rows, all of them are neighbours.
        if (SecondOpinion is { } second && second != SecondOpinionChoice.Default.Head)
            data.Check(second, "--second-opinion");
        data.Given(Head, Noise);
    }

    public AuditResult Run(RunData data, bool isLeaveOneOut, IWorkProgress progress, CancellationToken cancellation)
    {
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        ILeaveOneOutHead head = Fit(Head, data, cancellation);
        var options = new AuditOptions
        {
            Budget = Budget,
            Adversary = data.Adversary,
            SecondOpinion = SecondOpinion is { } second ? Fit(second, data, cancellation) : null,
            Threads = Threads,
        };
        var auditor = new Auditor(head, data.Labels, options);
        IProgress<int> done = progress.ReportCount("auditing:", training.Rows + (isLeaveOneOut ? training.Rows : test.Rows), "rows");
        LabelAudit audit = RunData.Named(data.Training, () => isLeaveOneOut
            ? auditor.Audit(training, done, cancellation)
            : auditor.Audit(training, test, data.Truth, done, cancellation));
        return new AuditResult(data, isLeaveOneOut, audit, SettingOf(head, options.SecondOpinion), SecondOpinion);
    }

    private ILeaveOneOutHead Fit(HeadChoice choice, RunData data, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellation };
        return RunData.Named(data.Training, () => data.Given(choice, Noise).Fit(data.Training.Features, parallel));
    }

    private Setting SettingOf(ILeaveOneOutHead head, ILeaveOneOutHead? second)
    {
        string own = Head.Describe(head),
        other = second is null ? "" : $" Second opinion: {SecondOpinion!.Describe(second)} (weight 20 %).";
        return new Setting
        {
            Method = "audit",
            Sentence = $"Head: {own}.{other}",
            ConditionalOnLambda = head.DependsOnLabels,
        }.With(Head, head);
    }
}

/// <summary>What has a say, beside the audited head, in which labels are contradicted.</summary>
/// <param name="Head">A head without options of its own; null for none.</param>
internal sealed record SecondOpinionChoice(HeadChoice? Head)
{
    private const string None = "none";

    /// <summary>Nearest neighbours.</summary>
    public static SecondOpinionChoice Default { get; } = TryParse("knn")!;

    /// <summary>The choice as written, or null where it is none.</summary>
    public static SecondOpinionChoice? TryParse(string text)
    {
        if (text == None)
            return new SecondOpinionChoice((HeadChoice?)null);
        return HeadChoice.TryParse(text) is { } head && head.Values().Ridge is null ? new SecondOpinionChoice(head) : null;
    }
}
