using CertiFlip.Attacks;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>The attacks of the paper's appendix C on logistic regression.</summary>
/// <param name="Options">Which, and how far to go.</param>
internal sealed record LogisticAttack(AttackOptions Options)
{
    public AttackedMethod Run(RunData data, IWorkProgress progress, CancellationToken cancellation)
    {
        if (data.Classes.Count != 2)
            throw new UsageException($"--attacks: attacks on logistic regression are for two classes, but {data.Training.LabelSource} has {data.Classes.Count}; witness is for any number.");
        progress.Report($"fitting logistic regression to {data.Training.Features.Rows:N0} × {data.Training.Features.Columns:N0} features");
        LabelFlipAttack attack = RunData.Named(data.Training, () => new LabelFlipAttack(data.Training.Features, data.Labels, Options with { Adversary = data.Adversary }));
        IProgress<int> done = progress.ReportCount("attacking logistic regression:", data.Test.Features.Rows, "rows");
        IReadOnlyList<AttackedRow> rows = RunData.Named(data.Test, () => attack.Attack(data.Test.Features, done, cancellation));
        string kinds = string.Join(", ", Options.Kinds.Select(AttackNames.Name));
        return new AttackedMethod(
            "logistic",
            $"Logistic regression with C = {Options.C}, attacked by {kinds}, the reverse of each, and flips found for other rows; each attack was verified by refitting.",
            [.. rows.Select(row => FindingOf(row, data.Labels))],
            data,
            Math.Min(Options.Budget, data.Labels.Count));
    }

    private static Finding FindingOf(AttackedRow row, ClassLabels labels) => new(
        row.Prediction,
        row.IsBroken ? $"{AttackNames.Name(row.Kind)}{(row.Reversed ? " reversed" : "")}" : "",
        row.Source,
        [.. row.Rows.Select(flip => new LabelFlip(flip, labels[flip], 1 - labels[flip]))],
        row.Rows.Count);
}
