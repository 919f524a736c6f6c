using CertiFlip.Attacks;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>The attacks of the paper's appendix C on logistic regression.</summary>
/// <param name="Options">Which, and how far to go.</param>
internal sealed record LogisticAttack(AttackOptions Options)
{
    public AttackedMethod Run(Problem problem, IWorkProgress progress, CancellationToken cancellation)
    {
        if (problem.Classes.Count != 2)
            throw new UsageException($"--attacks: attacks on logistic regression are for two classes, but {problem.Training.LabelSource} has {problem.Classes.Count}; witness is for any number.");
        progress.Report($"fitting logistic regression to {problem.Training.Features.Rows:N0} × {problem.Training.Features.Columns:N0} features");
        LabelFlipAttack attack = Problem.Named(problem.Training, () => new LabelFlipAttack(problem.Training.Features, problem.Labels, Options with { Adversary = problem.Adversary }));
        IProgress<int> done = progress.ReportCount("attacking logistic regression:", problem.Test.Features.Rows, "rows");
        IReadOnlyList<AttackedRow> rows = Problem.Named(problem.Test, () => attack.Attack(problem.Test.Features, done, cancellation));
        string kinds = string.Join(", ", Options.Kinds.Select(AttackNames.Name));
        return new AttackedMethod(
            "logistic",
            $"Logistic regression with C = {Options.C}, attacked by {kinds}, the reverse of each, and flips found for other rows; each attack was verified by refitting.",
            [.. rows.Select(row => FindingOf(row, problem.Labels))],
            problem,
            Math.Min(Options.Budget, problem.Labels.Count));
    }

    private static Finding FindingOf(AttackedRow row, ClassLabels labels) => new(
        row.Prediction,
        row.IsBroken ? $"{AttackNames.Name(row.Kind)}{(row.Reversed ? " reversed" : "")}" : "",
        row.Source,
        [.. row.Rows.Select(flip => new LabelFlip(flip, labels[flip], 1 - labels[flip]))],
        row.Rows.Count);
}
