using System.Globalization;
using CertiFlip.Auditing;
using CertiFlip.Cli.Output;
using CsvHelper;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>The file that <c>audit --out</c> names: a row for each suggested label. Other programs read these columns.</summary>
internal static class AuditCsv
{
    public static void Write(TextWriter writer, AuditResult result)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        RunData data = result.Data;
        csv.WriteRecord(["rank", "row", "label", "reason", "suggested_label", "lead", "contradiction_radius", "witness_count", "radius_gain", "total_radius"]);
        foreach ((int index, Suggestion suggestion) in result.Audit.Suggestions.Index())
        {
            bool isContradicted = suggestion.IsContradicted();
            csv.WriteRecord(
            [
                Text(index + 1),
                Text(suggestion.Row),
                data.Training.Labels[suggestion.Row],
                suggestion.Reason.InWords(),
                isContradicted ? data.Classes[suggestion.SuggestedClass] : "",
                isContradicted ? Text(Math.Round(suggestion.Lead, 6)) : "",
                isContradicted ? Text(suggestion.ContradictionRadius) : "",
                Text(Math.Round(suggestion.WitnessCount, 3)),
                Text(suggestion.RadiusGain),
                Text(suggestion.TotalRadius),
            ]);
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
