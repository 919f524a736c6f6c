using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>The report of <c>frontier</c>.</summary>
internal static class FrontierReport
{
    public static void Write(TextWriter writer, FrontierResult result) => new ReportPage
    {
        Title = $"Accuracy against certified radius: {result.Data.ClassesInWords}",
        Heading = "How much accuracy does a larger radius cost?",
        Lead = Lead(result),
        Sections =
        [
            new ReportSection("frontier", "Accuracy and radius", "Accuracy and median radius", Html.Of($"""
                <figure>
                {FrontierChart.Of(result).Draw()}
                <figcaption>A point for each setting; the line goes along the frontier. {ChoiceText.Frontier}</figcaption>
                </figure>

                """)),
            new ReportSection("settings", "Settings", "Every setting", Html.Of($"{Table(result)}{Failures(result)}")),
            new ReportSection("choice", "The choice", "What a choice may look at", Html.Of($"""
                <p>{ChoiceText.Radii}</p>
                <p class="note">{ChoiceText.Choice}</p>
                <p>{ChoiceText.Optimism}</p>
                <p>Labels: {result.Data.ClassesInWords}. {result.Data.Training.Features.Rows:N0} training rows with {result.Data.Training.Features.Columns:N0} features from {Path.GetFileName(result.Data.Training.Source)}; {result.Data.Test.Features.Rows:N0} validation rows from {Path.GetFileName(result.Data.Test.Source)}.</p>

                """)),
        ],
    }.Write(writer);

    private static string Lead(FrontierResult result)
    {
        TradeOff largest = result.Frontier[0].TradeOff, best = result.Frontier[^1].TradeOff;
        string ends = largest == best
            ? $"One is best in both: {Format.Percent(best.Accuracy)} of them right, and a median radius of {best.MedianRadius:#,0.#} wrong labels."
            : $"Of those on the frontier the most accurate gets {Format.Percent(best.Accuracy)} of them right, with a median radius of {best.MedianRadius:#,0.#} wrong labels; the most robust {Format.Percent(largest.Accuracy)}, with {largest.MedianRadius:#,0.#}.";
        return $"{Wording.Count(result.Trials.Count, "setting")} on {Wording.Count(result.Data.Test.Features.Rows, "validation row")}. {ends}";
    }

    private static Html Table(FrontierResult result)
    {
        int[] flips = [.. result.Curves.FlipsToShow().Where(r => r > 0)];
        return new HtmlTable(
            "settings-table",
            "The largest median radius first. Under r: the fraction of rows that are right and certified not to change under any r label flips.",
            ["setting", "frontier", "accuracy", "median\u00A0r", .. flips.Select(r => $"r = {r:N0}")],
            result.Marked.Select(marked => (marked.Trial.Candidate.Name, (IReadOnlyList<string>)
            [
                marked.IsOnFrontier ? "yes" : "",
                Format.Percent(marked.Trial.TradeOff.Accuracy),
                $"{marked.Trial.TradeOff.MedianRadius:N1}",
                .. flips.Select(r => Format.Percent(marked.Trial.Accuracy.At(r))),
            ]))).ToHtml();
    }

    private static Html Failures(FrontierResult result) => result.Failures.Count == 0 ? Html.Empty : new HtmlTable(
        "failures-table",
        "Settings of which nothing came.",
        ["setting", "what was wrong"],
        result.Failures.Select(failure => (failure.Candidate.Name, (IReadOnlyList<string>)[failure.Reason])))
    {
        HasWords = true,
    }.ToHtml();
}
