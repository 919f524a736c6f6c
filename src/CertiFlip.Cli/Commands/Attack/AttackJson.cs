using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>What <c>attack --json</c> prints. docs/command.md describes it.</summary>
internal static class AttackJson
{
    public static void Write(IAnsiConsole console, AttackResult result, TimeSpan elapsed)
    {
        RunData data = result.Data;
        JsonText.Write(console, new Summary(
            data.Training.Features.Rows,
            data.Training.Features.Columns,
            data.Test.Features.Rows,
            data.Classes,
            data.HasTruth,
            result.ConditionalOnLambda,
            AdversaryJson.Of(data),
            [.. result.Methods.Select(EntryOf)],
            elapsed.TotalSeconds));
    }

    private static Entry EntryOf(AttackedMethod method)
    {
        AccuracyCurve curve = method.Curve;
        return new Entry(
            method.Name,
            curve.Accuracy,
            method.Broken,
            [.. method.Findings.Where(finding => finding.IsBroken).CountBy(finding => finding.Attack).OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => new Best(count.Key, count.Value))],
            [.. curve.Steps.Select(flips => new Step(flips, curve.At(flips)))]);
    }

    private sealed record Summary(
        int TrainingRows,
        int Features,
        int TestRows,
        IReadOnlyList<string> Classes,
        bool TestLabelsKnown,
        bool ConditionalOnLambda,
        AdversaryJson? Adversary,
        IReadOnlyList<Entry> Classifiers,
        double Seconds);

    private sealed record Entry(string Name, double Accuracy, int Broken, IReadOnlyList<Best> BestAttacks, IReadOnlyList<Step> UnderAttack);

    private sealed record Best(string Attack, int Rows);

    private sealed record Step(int Flips, double Accuracy);
}
