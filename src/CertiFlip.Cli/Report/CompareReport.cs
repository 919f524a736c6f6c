using CertiFlip.Cli.Comparing;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>The report of <c>compare</c>.</summary>
internal static class CompareReport
{
    public static void Write(TextWriter writer, CompareResult result) => new ReportPage
    {
        Lead = Lead(result),
        Curves = result.Curves,

        // As many classifiers as there are methods: their accuracies are in the table.
        CleanLines = [],
        Settings = result.Settings,
        Certificates = [.. result.Entries.Select(entry => entry.Contestant).DistinctBy(contestant => contestant.Family).Select(contestant => (contestant.Family, GuaranteeText.Of(contestant)))],
    }.Write(writer);

    private static string Lead(CompareResult result)
    {
        Curve best = result.Curves.Curves.MaxBy(curve => curve.Accuracy.MedianRadius)!;
        return $"{result.Entries.Count} certificates of the same {result.Problem.Test.Features.Rows:N0} test rows, side by side. The largest median radius is {best.Accuracy.MedianRadius:N1} of {result.Problem.Training.Features.Rows:N0} training labels, by {best.Name}.";
    }
}
