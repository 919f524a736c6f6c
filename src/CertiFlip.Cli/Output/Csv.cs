using System.Globalization;
using CsvHelper;

namespace CertiFlip.Cli.Output;

/// <summary>
/// How <c>.csv</c> files are written: a header and records, lines that end in a line feed, numbers that read back
/// exactly.
/// </summary>
internal static class Csv
{
    public static void Write(TextWriter writer, string[] header, IEnumerable<string[]> records)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(header);
        foreach (string[] record in records)
            csv.WriteRecord(record);
    }

    /// <summary>A number, or an empty field where there is none.</summary>
    public static string Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
