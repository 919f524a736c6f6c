using System.Text.Encodings.Web;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Paper.Results;

namespace CertiFlip.Cli.Reproducing;

/// <summary><c>NAME.html</c>: one file that needs nothing else, the same bytes for the same data and options.</summary>
internal static class ReproductionPage
{
    private static readonly int[] Digits = [1, 2, 5];

    public static void Write(TextWriter writer, ReproductionResult result)
    {
        Reproduction reproduction = result.Reproduction;
        writer.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encode(result.Experiment.Title)}</title>
            <style>
            {Resource.Read("report.css")}</style>
            </head>
            <body>
            <main>
            <h1>{Encode(result.Experiment.Title)}</h1>
            <p class="lead">{Encode(reproduction.Lead)}</p>
            {(reproduction.ConditionalOnLambda ? ConditionalNote : "")}{string.Concat(new ReproductionCharts(reproduction).Draw().Select(Figure))}{Claims(reproduction)}{Numbers(reproduction)}{Notes(reproduction)}{Files(result)}</main>
            </body>
            </html>

            """);
    }

    private static string ConditionalNote =>
        "<p class=\"note\"><strong>Conditional on λ.</strong> The ridge λ was computed from the labels (the paper’s rule). An adversary who flips labels moves λ too, and no radius on this page covers that.</p>\n";

    private static string Figure((string Title, string Svg) chart) => $"""
        <figure>
        <h2>{Encode(chart.Title)}</h2>
        {chart.Svg}
        </figure>

        """;

    private static string Claims(Reproduction reproduction) => reproduction.Claims.Count == 0 ? "" : Table(
        "The paper’s numbers and these",
        ["", "paper", "here"],
        reproduction.Claims.Select(claim => (claim.What, (string[])[claim.Paper, claim.Here])),
        "words");

    private static string Numbers(Reproduction reproduction)
    {
        if (reproduction.Series.Count == 0)
            return "";
        int largest = reproduction.Series.Where(series => series.Name != "undefended").Max(series => series.Curve.LargestRadius);
        int[] flips = [0, .. from decade in Enumerable.Range(0, 10) from digit in Digits let r = digit * Math.Pow(10, decade) where r <= largest select (int)r];
        return Table(
            "In numbers: accuracy at r flips",
            ["", "clean", .. flips.Select(r => $"{r:N0}"), "median"],
            reproduction.Series.Select(series => (series.Title, (string[])[
                Format.Percent(series.Curve.Accuracy), .. flips.Select(r => Format.Percent(series.Curve.At(r))), $"{series.Curve.MedianRadius:N1}"])));
    }

    private static string Notes(Reproduction reproduction) => $"""
        <h2>How these numbers were made</h2>
        <ul>
        {string.Concat(reproduction.Notes.Select(note => $"<li>{Encode(note)}</li>\n"))}</ul>

        """;

    private static string Files(ReproductionResult result) => result.Files.Count == 0 ? "" : Table(
        "The data",
        ["", "SHA-256", "the copy of the documented numbers"],
        result.Files.Select(file => (file.File.Path, (string[])[$"{file.Sha256[..16]}…", file.IsKnown ? "yes" : "no"])));

    private static string Table(string title, string[] header, IEnumerable<(string Name, string[] Cells)> rows, string style = "numbers") => $"""
        <h2>{Encode(title)}</h2>
        <div class="scroll">
        <table class="{style}">
        <thead><tr>{string.Concat(header.Select(cell => $"<th scope=\"col\">{Encode(cell)}</th>"))}</tr></thead>
        <tbody>
        {string.Concat(rows.Select(row => $"<tr><th scope=\"row\">{Encode(row.Name)}</th>{string.Concat(row.Cells.Select(cell => $"<td>{Encode(cell)}</td>"))}</tr>\n"))}</tbody>
        </table>
        </div>

        """;

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
