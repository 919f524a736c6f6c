using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>What <c>compare --json</c> prints. docs/command.md describes it.</summary>
internal static class ComparisonJson
{
    public static void Write(IAnsiConsole console, CompareResult result, TimeSpan elapsed)
    {
        Problem problem = result.Problem;
        JsonText.Write(console, new Comparison(
            problem.Training.Features.Rows,
            problem.Training.Features.Columns,
            problem.Test.Features.Rows,
            problem.Classes,
            problem.HasTruth,
            AdversaryJson.Of(problem),
            [.. result.Entries.Zip(CurveJson.Of(result.Curves), (entry, curve) => new Entry(entry.Setting, curve, entry.Elapsed.TotalSeconds))],
            elapsed.TotalSeconds));
    }

    private sealed record Comparison(
        int TrainingRows,
        int Features,
        int TestRows,
        IReadOnlyList<string> Classes,
        bool TestLabelsKnown,
        AdversaryJson? Adversary,
        IReadOnlyList<Entry> Certificates,
        double Seconds);

    private sealed record Entry(Setting Setting, CurveJson Curve, double Seconds);
}
