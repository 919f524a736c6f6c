using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>What <c>frontier</c> prints: a row for each setting, the largest median radius first.</summary>
internal static class FrontierTable
{
    // As many as fit on a terminal of 80 columns.
    private const int FlipColumns = 2;

    public static void Write(IAnsiConsole console, FrontierResult result, int threads, TimeSpan elapsed)
    {
        RunData data = result.Data;
        console.WriteLine($"{data.Training.Features.Rows:N0} training rows, {data.Training.Features.Columns:N0} features, {data.Test.Features.Rows:N0} validation rows; {data.ClassesInWords}.");
        console.WriteLine();
        console.Write(TableOf(result));
        foreach (FailedTrial failure in result.Failures)
            console.WriteLine($"{failure.Candidate.Name}: {failure.Reason}");
        console.WriteLine($"* {ChoiceText.Frontier} {ChoiceText.Radii}");
        console.WriteLine(ChoiceText.Choice);
        console.WriteLine(Heading.Time(elapsed, threads));
    }

    private static Table TableOf(FrontierResult result)
    {
        int[] flips = [.. result.Curves.FewFlipsToShow(FlipColumns)];
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("  setting").PadLeft(0).PadRight(0));
        foreach (string heading in (string[])["features", "accuracy", .. flips.Select(r => $"r={r:N0}"), "median", "time"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(0).PadRight(0));

        foreach ((Trial trial, bool isOnFrontier) in result.Marked)
        {
            table.AddRow(
            [
                .. Names(trial.Candidate, isOnFrontier ? "*" : " "),
                Format.Percent(trial.Accuracy.Accuracy),
                .. flips.Select(r => Format.Percent(trial.Accuracy.At(r))),
                $"{trial.Accuracy.MedianRadius:N1}",
                Format.Seconds(trial.Elapsed),
            ]);
        }

        foreach (FailedTrial failure in result.Failures)
            table.AddRow([.. Names(failure.Candidate, " "), "failed"]);
        return table;
    }

    private static IEnumerable<string> Names(Candidate candidate, string mark) => [$"{mark} {candidate.Head.Text} {candidate.Ridge}", $"{candidate.Components:N0}"];
}
