using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Paper.Results;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary><c>NAME.html</c>: one file that needs nothing else, the same bytes for the same data and options.</summary>
internal static class ReproductionPage
{
    private static readonly int[] Digits = [1, 2, 5];

    public static void Write(TextWriter writer, ReproductionResult result)
    {
        Reproduction reproduction = result.Reproduction;
        var charts = new ReproductionCharts(reproduction);
        new ReportPage
        {
            Title = result.Experiment.Title,
            Heading = result.Experiment.Title,
            Lead = reproduction.Lead,
            ConditionalOnLambda = reproduction.ConditionalOnLambda,
            Sections =
            [
                .. charts.Draw().Select((chart, i) => new ReportSection($"chart-{i + 1}", $"Chart {i + 1}", chart.Title, chart.Content)),
                .. Claims(reproduction),
                .. Numbers(reproduction),
                .. Radii(reproduction, charts),
                Notes(reproduction),
                .. Files(result),
            ],
        }.Write(writer);
    }

    private static IEnumerable<ReportSection> Claims(Reproduction reproduction)
    {
        if (reproduction.Claims.Count > 0)
        {
            yield return Table(
                new HtmlTable("claims", "What the paper says, and what came out.", ["what", "paper", "here"], reproduction.Claims.Select(claim => (claim.What, (IReadOnlyList<string>)[claim.Paper, claim.Here]))) { HasWords = true },
                "The paper’s numbers",
                "The paper’s numbers and these");
        }
    }

    private static IEnumerable<ReportSection> Numbers(Reproduction reproduction)
    {
        if (reproduction.Series.Count == 0)
            yield break;
        int largest = reproduction.Series.Where(series => !series.IsUndefended).Max(series => series.Curve.LargestRadius);
        int[] flips = [0, .. from decade in Enumerable.Range(0, 10) from digit in Digits let r = digit * Math.Pow(10, decade) where r <= largest select (int)r];
        yield return Table(
            new HtmlTable("numbers", "Accuracy at r flips.", ["series", "clean", .. flips.Select(r => $"{r:N0}"), "median"], reproduction.Series.Select(series => (series.Title, (IReadOnlyList<string>)[
                Format.Percent(series.Curve.Accuracy), .. flips.Select(r => Format.Percent(series.Curve.At(r))), $"{series.Curve.MedianRadius:N1}"]))),
            "Numbers",
            "In numbers: accuracy at r flips");
    }

    /// <summary>For each certificate, of all noises the one with the largest median.</summary>
    private static IEnumerable<ReportSection> Radii(Reproduction reproduction, ReproductionCharts charts)
    {
        Series[] best = [.. reproduction.Series.Where(series => !series.IsUndefended).GroupBy(series => series.Name).Select(group => group.MaxBy(series => series.Curve.MedianRadius)!)];
        if (best.Length > 0)
            yield return RadiiSection.Of([.. best.Select(series => (series.Title, charts.Style(series), series.Curve))], hasTruth: true, RadiusUnit.Flips, best.Max(series => series.Curve.LargestRadius));
    }

    private static ReportSection Notes(Reproduction reproduction) => new("made", "How it was made", "How these numbers were made", Html.Of($"""
        <ul>
        {reproduction.Notes.Select(note => Html.Of($"<li>{note}</li>\n"))}</ul>

        """));

    private static IEnumerable<ReportSection> Files(ReproductionResult result)
    {
        if (result.Files.Count > 0)
        {
            yield return Table(
                new HtmlTable("files", "Raw data.", ["file", "SHA-256", "the copy of the documented numbers"], result.Files.Select(file => (file.File.Path, (IReadOnlyList<string>)[$"{file.Sha256[..16]}…", file.IsKnown ? "yes" : "no"]))),
                "Data",
                "The data");
        }
    }

    private static ReportSection Table(HtmlTable table, string name, string heading) => new(table.Id, name, heading, table.ToHtml());
}
