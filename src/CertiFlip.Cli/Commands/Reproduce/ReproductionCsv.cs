using System.Globalization;
using CertiFlip.Paper;
using CsvHelper;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>The numbers of a reproduction: every curve as its steps, and a line for each. Fractions, not percent. docs/command.md describes both files.</summary>
internal static class ReproductionCsv
{
    /// <summary><c>NAME.curve.csv</c>. Between two rows of a series the later one holds. Where the figure is of margins, the last column is the margin that certifies so many flips.</summary>
    public static void WriteCurves(TextWriter writer, Reproduction reproduction) => Write(
        writer,
        ["series", "noise", "flips", "certified_accuracy"],
        [
            .. from series in reproduction.Series
               from flips in series.Curve.Steps
               select (string[])[series.Name, Text(series.Noise), Text(flips), Text(series.Curve.At(flips))],
            .. from curve in reproduction.Margins
               from flips in Enumerable.Range(0, curve.Margins.Count)
               select (string[])[curve.Name, Text(curve.Noise), Text(flips), Text(curve.Margins[flips])],
        ]);

    /// <summary><c>NAME.summary.csv</c>. A row that is wrong or not certified counts as radius 0.</summary>
    public static void WriteSummary(TextWriter writer, Reproduction reproduction) => Write(
        writer,
        ["series", "noise", "clean_accuracy", "median_radius"],
        [
            .. reproduction.Series.Select(series => (string[])[series.Name, Text(series.Noise), Text(series.Curve.Accuracy), Text(series.Curve.MedianRadius)]),
            .. reproduction.Margins.Select(curve => (string[])[curve.Name, Text(curve.Noise), "", ""]),
        ]);

    private static void Write(TextWriter writer, string[] header, IEnumerable<string[]> rows)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(header);
        foreach (string[] row in rows)
            csv.WriteRecord(row);
    }

    private static string Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
