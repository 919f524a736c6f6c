using System.Text.Encodings.Web;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>
/// The page that <c>--report</c> names: one file that needs nothing else, the same bytes for the same data and options. What every command shows is here; the
/// rest is given.
/// </summary>
internal sealed record ReportPage
{
    /// <summary>The answer in a sentence.</summary>
    public required string Lead { get; init; }

    /// <summary>The curves of chart and table.</summary>
    public required CurveSet Curves { get; init; }

    /// <summary>Accuracies without a guarantee, to be drawn as dashed lines: a name of the classifier, in the style sheet, and its accuracy.</summary>
    public required IReadOnlyList<(string Style, double Accuracy)> CleanLines { get; init; }

    /// <summary>How certificates were made.</summary>
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>Certificates, each in a sentence.</summary>
    public required IReadOnlyList<(string Name, string Text)> Certificates { get; init; }

    private Problem Problem => Curves.Problem;

    private bool IsConditional => Settings.Any(setting => setting.ConditionalOnLambda);

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    public void Write(TextWriter writer) => writer.Write($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Certified predictions: {Encode(Problem.ClassesInWords)}</title>
        <style>
        {Resource.Read("report.css")}</style>
        </head>
        <body>
        <main>
        <h1>How many wrong training labels do these predictions survive?</h1>
        <p class="lead">{Encode(Lead)}</p>
        {ConditionalNote()}<figure>
        {CertifiedAccuracyChart.Draw(Curves, CleanLines)}
        <figcaption>{Encode(Caption())}</figcaption>
        </figure>
        {CurveTable.Html(Curves)}
        {Setting()}
        {GuaranteeText.WhatIsSaid(Settings)}
        </main>
        </body>
        </html>

        """);

    private string ConditionalNote() => IsConditional
        ? "<p class=\"note\"><strong>Conditional on λ.</strong> The ridge λ was computed from the labels (the paper’s rule). An adversary who flips labels moves λ too, and no radius on this page covers that.</p>\n"
        : "";

    private string Caption()
    {
        if (!Problem.HasTruth)
            return "Fraction of test rows whose prediction is certified not to change under any r label flips. The test rows have no labels, so nothing is said about accuracy.";
        string dashed = CleanLines.Count > 0 ? " Dashed: accuracy without a guarantee." : "";
        return $"Fraction of test rows that are classified correctly and certified not to change under any r label flips.{dashed} Dotted: always answering the commonest class.";
    }

    private string Setting() => $"""
        <h2>What was certified</h2>
        <p>Labels: {Encode(Problem.ClassesInWords)}. {Problem.Training.Features.Rows:N0} training rows with {Problem.Training.Features.Columns:N0} features from {Encode(Path.GetFileName(Problem.Training.Source))}; {Problem.Test.Features.Rows:N0} test rows from {Encode(Path.GetFileName(Problem.Test.Source))}.
        {string.Join(" ", Settings.Select(setting => Encode(setting.Sentence)).Distinct())}</p>
        <dl>
        {string.Concat(Certificates.Select(certificate => $"<dt>{certificate.Name}</dt><dd>{certificate.Text}</dd>\n"))}</dl>
        """;
}
