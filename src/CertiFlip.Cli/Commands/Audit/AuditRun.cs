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
        var head = (ILeaveOneOutHead)data.Fit(Head, Noise, Parallel(cancellation));
        var options = new AuditOptions
        {
            Budget = Budget,
            Adversary = data.Adversary,
            SecondOpinion = SecondOpinion is { } second
                ? RunData.Named(data.Training, () => second.Fit(training, Parallel(cancellation)))
                : null,
            Threads = Threads,
        };
        var auditor = new Auditor(head, data.Labels, options);
        var form = new RowForm<AuditRow>((writer, row) => row.Write(writer), auditor.ReadRow);
        IReadOnlyList<AuditRow> labels = RowWork.Current.Rows("labels", training.Rows, form, (first, count) => RunData.Named(
            data.Training, () => auditor.LookAtTraining(
                training, first, count, isLeaveOneOut,
                progress.ReportCount("auditing:", isLeaveOneOut ? 2 * count : count, "labels"), cancellation)));
        IReadOnlyList<AuditRow>? predictions = isLeaveOneOut ? null : RowWork.Current.Rows(
            "predictions", test.Rows, form, (first, count) => RunData.Named(
                data.Test, () => auditor.LookAtTests(
                    test, data.Truth, first, count, progress.ReportCount("auditing:", count, "predictions"), cancellation)));
        RowWork.Current.End();
        LabelAudit audit = auditor.Conclude(labels, predictions, cancellation);
        return new AuditResult(data, isLeaveOneOut, audit, SettingOf(head, options.SecondOpinion), SecondOpinion);
    }

    private ParallelOptions Parallel(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancellation };

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
