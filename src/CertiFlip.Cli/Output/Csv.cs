using System.Globalization;
using CertiFlip.Data;
using CsvHelper;

namespace CertiFlip.Cli.Output;

/// <summary>
/// How <c>.csv</c> files are written: a header and records, lines that end in a line feed, numbers that read back
/// exactly. Texts stand as they are, between quotes where they need them.
/// </summary>
/// <param name="writer">Where to.</param>
internal sealed class Csv(TextWriter writer)
{
    // What Excel, LibreOffice and Google Sheets take for a formula, and its forms in East Asian input.
    private const string Formula = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>
    /// Whether texts that a spreadsheet would run as formulas get an apostrophe before them. Programs would then read
    /// another text.
    /// </summary>
    public bool MarksFormulas { get; init; }

    public void Write(string[] header, IEnumerable<string[]> records)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(header);
        foreach (string[] record in records)
            csv.WriteRecord(MarksFormulas ? Array.ConvertAll(record, Marked) : record);
    }

    /// <summary>What the column is called that names rows: by their ids, or by their numbers.</summary>
    public static string RowHeader(Dataset data) => data.Ids.Count > 0 ? "id" : "row";

    /// <summary>A number, or an empty field where there is none.</summary>
    public static string Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static string Marked(string field) =>
        field.TrimStart(' ') is [var first, ..] && Formula.Contains(first, StringComparison.Ordinal)
            && !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? $"'{field}"
            : field;
}
