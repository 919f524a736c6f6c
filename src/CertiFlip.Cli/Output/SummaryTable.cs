using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Cli.Certifying;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>What <c>certify</c> prints: accuracy, certified accuracy at a few numbers of flips, median radius, time.</summary>
internal static class SummaryTable
{
    public static void Write(IAnsiConsole console, CertifyResult result, TimeSpan elapsed)
    {
        WriteHeading(console, result);
        console.Write(TableOf(result));
        console.WriteLine(Legend(result));
        console.WriteLine($"Time: {elapsed.TotalSeconds:F2} s with {result.Request.Threads} thread{(result.Request.Threads == 1 ? "" : "s")}.");
    }

    private static void WriteHeading(IAnsiConsole console, CertifyResult result)
    {
        console.WriteLine($"{result.Training.Features.Rows:N0} training rows, {result.Training.Features.Columns:N0} features, {result.Test.Features.Rows:N0} test rows; {result.ClassesInWords}.");
        string intercept = result.Request.Intercept == Intercept.Fitted ? "with intercept" : "without intercept";
        console.WriteLine($"Noise q = {result.Request.Noise}; ridge {result.Request.Ridge.Text}, λ = {result.Head.Lambda:G6}, {intercept}.");
        if (result.IsConditionalOnLambda)
            console.WriteLine("Conditional on λ: it was computed from the labels, and no radius covers an adversary who moves it.");
        if (!result.HasTruth)
            console.WriteLine("The test data have no labels: the table shows how many predictions are certified, right or wrong.");
        console.WriteLine();
    }

    private static Table TableOf(CertifyResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("flips r").RightAligned());
        foreach (CertifiedAccuracy curve in result.Curves)
            table.AddColumn(new TableColumn(curve.Kind.Name()).RightAligned());

        if (result.HasTruth)
            table.AddRow(["accuracy", .. result.Curves.Select(curve => Percent(curve.Accuracy))]);
        foreach (int flips in result.FlipsToShow())
            table.AddRow([$"{flips:N0}", .. result.Curves.Select(curve => Percent(curve.At(flips)))]);
        table.AddRow(["median r", .. result.Curves.Select(curve => $"{curve.MedianRadius:N1}")]);
        return table;
    }

    private static string Legend(CertifyResult result)
    {
        string what = result.HasTruth ? "classified correctly and certified" : "certified";
        bool any(bool exact) => result.Curves.Any(curve => curve.Kind == CertificateKind.Exact == exact);
        string whose = (any(exact: false), any(exact: true)) switch
        {
            (true, true) => "exact speaks of the head, the others of its smoothed vote",
            (true, false) => "the classifier is the head's smoothed vote",
            _ => "the classifier is the head itself",
        };
        return $"Rows {what} not to change under any r flips; {whose}. In the median, a row that is wrong or not certified counts as 0.";
    }

    private static string Percent(double fraction) => $"{100 * fraction:F1} %";
}
