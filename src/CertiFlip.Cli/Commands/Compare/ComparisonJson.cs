using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>What <c>compare --json</c> prints. docs/command.md describes it.</summary>
internal static class ComparisonJson
{
    public static void Write(IAnsiConsole console, CompareResult result, TimeSpan elapsed)
    {
        RunData data = result.Data;
        JsonText.Write(console, new Comparison(
            data.Training.Features.Rows,
            data.Training.Features.Columns,
            data.Test.Features.Rows,
            data.Classes,
            data.HasTruth,
            AdversaryJson.Of(data),
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
