using System.Globalization;
using CsvHelper;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>The file that <c>frontier --out</c> names: a row for each setting, in the table's order.</summary>
internal static class FrontierCsv
{
    public static void Write(TextWriter writer, FrontierResult result)
    {
        int[] flips = [.. result.Curves.FlipsToShow().Where(r => r > 0)];
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["head", "ridge", "components", "on_frontier", "accuracy", "median_radius", .. flips.Select(r => $"certified_accuracy_{r}"), "failure"]);
        foreach ((Trial trial, bool isOnFrontier) in result.Marked)
        {
            csv.WriteRecord(
            [
                .. Names(trial.Candidate),
                isOnFrontier ? "true" : "false",
                Text(trial.Accuracy.Accuracy),
                Text(trial.Accuracy.MedianRadius),
                .. flips.Select(r => Text(trial.Accuracy.At(r))),
                "",
            ]);
        }

        foreach (FailedTrial failure in result.Failures)
            csv.WriteRecord([.. Names(failure.Candidate), "false", "", "", .. flips.Select(_ => ""), failure.Reason]);
    }

    private static IEnumerable<string> Names(Candidate candidate) => [candidate.Head.Text, candidate.Ridge, candidate.Components.ToString(CultureInfo.InvariantCulture)];

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
