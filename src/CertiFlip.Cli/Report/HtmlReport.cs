using System.Text.Encodings.Web;
using CertiFlip.Certification;
using CertiFlip.Cli.Certifying;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Report;

/// <summary>The page that <c>--report</c> names: one file that needs nothing else, the same bytes for the same data and options.</summary>
internal static class HtmlReport
{
    public static void Write(TextWriter writer, CertifyResult result)
    {
        writer.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Certified predictions: {Classes(result)}</title>
            <style>
            {Resource.Read("report.css")}</style>
            </head>
            <body>
            <main>
            <h1>How many wrong training labels do these predictions survive?</h1>
            <p class="lead">{Encode(Lead(result))}</p>
            {ConditionalNote(result)}<figure>
            {CertifiedAccuracyChart.Draw(result)}
            <figcaption>{Encode(Caption(result))}</figcaption>
            </figure>
            {Table(result)}
            {Setting(result)}
            {Guarantee(result)}
            </main>
            </body>
            </html>

            """);
    }

    private static string Lead(CertifyResult result)
    {
        CertifiedAccuracy best = result.Curves[^1];
        string proved = $"(certificate: {best.Kind.Name()}{(result.IsConditionalOnLambda ? ", for a λ that is held fixed" : "")})";
        string rows = $"{result.Test.Features.Rows:N0} test predictions";
        string correct = result.HasTruth ? "are correct and " : "";
        int radius = (int)Math.Floor(best.MedianRadius);

        // A median of 0 may mean that the rows in the middle are wrong: then only the count itself is true.
        return radius > 0
            ? $"At least half of the {rows} {correct}survive any {radius:N0} wrong labels among the {result.Training.Features.Rows:N0} training labels {proved}."
            : $"Of the {rows}, {Percent(best.At(0))} {correct}are certified, and {Percent(best.At(1))} survive any one wrong label among the {result.Training.Features.Rows:N0} training labels {proved}.";
    }

    private static string ConditionalNote(CertifyResult result) => result.IsConditionalOnLambda
        ? "<p class=\"note\"><strong>Conditional on λ.</strong> The ridge λ was computed from the labels (the paper’s rule). An adversary who flips labels moves λ too, and no radius on this page covers that.</p>\n"
        : "";

    private static string Caption(CertifyResult result) => result.HasTruth
        ? "Fraction of test rows that are classified correctly and certified not to change under any r label flips. Dashed: accuracy without a guarantee. Dotted: always answering the commonest class."
        : "Fraction of test rows whose prediction is certified not to change under any r label flips. The test rows have no labels, so nothing is said about accuracy.";

    private static string Table(CertifyResult result)
    {
        string Row(string name, Func<CertifiedAccuracy, string> value) =>
            $"<tr><th scope=\"row\">{name}</th>{string.Concat(result.Curves.Select(curve => $"<td>{value(curve)}</td>"))}</tr>\n";

        return $"""
            <h2>The same in numbers</h2>
            <div class="scroll">
            <table>
            <caption>In the median, a row that is wrong or not certified counts as radius 0.</caption>
            <thead><tr><th scope="col">flips r</th>{string.Concat(result.Curves.Select(curve => $"<th scope=\"col\">{curve.Kind.Name()}</th>"))}</tr></thead>
            <tbody>
            {(result.HasTruth ? Row("accuracy", curve => Percent(curve.Accuracy)) : "")}{string.Concat(result.FlipsToShow().Select(flips => Row($"{flips:N0}", curve => Percent(curve.At(flips)))))}{Row("median radius", curve => $"{curve.MedianRadius:N1}")}</tbody>
            </table>
            </div>
            """;
    }

    private static string Setting(CertifyResult result) => $"""
        <h2>What was certified</h2>
        <p>Labels: {Classes(result)}. {result.Training.Features.Rows:N0} training rows with {result.Training.Features.Columns:N0} features from {Encode(Path.GetFileName(result.Training.Source))}; {result.Test.Features.Rows:N0} test rows from {Encode(Path.GetFileName(result.Test.Source))}.
        Ridge regression {(result.Request.Intercept == Intercept.Fitted ? "with" : "without")} intercept, λ = {result.Head.Lambda:G6} (rule {Encode(result.Request.Ridge.Text)}). Smoothing noise q = {result.Request.Noise}.</p>
        <dl>
        {string.Concat(result.Curves.Select(curve => $"<dt>{curve.Kind.Name()}</dt><dd>{GuaranteeText.Of(curve.Kind)}</dd>\n"))}</dl>
        """;

    private static string Guarantee(CertifyResult result) => $"""
        <h2>What the guarantee says, and what it does not</h2>
        <p>For each test row on its own: whichever r training labels an adversary changes, and however they are chosen, the prediction stays what it is. It is a proof, not a statistical estimate.</p>
        <ul>
        <li>It covers changed labels, not changed, added or removed training inputs, and not a changed test input.</li>
        <li>It does not say that a prediction is right: only that this many labels cannot change it.</li>
        <li>The features, {(result.IsConditionalOnLambda ? "and q" : "λ and q")}, must have been chosen without these labels. If somebody tuned them on the labels, the proof does not cover that choice.</li>
        </ul>
        """;

    private static string Classes(CertifyResult result) => Encode(result.ClassesInWords);

    private static string Percent(double fraction) => $"{100 * fraction:F1} %";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
