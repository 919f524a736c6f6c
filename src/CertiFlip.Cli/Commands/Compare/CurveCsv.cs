using System.Globalization;
using CsvHelper;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>The file that <c>compare --out</c> names: every curve as its steps. Between two rows of a series the lower one, the later, holds.</summary>
internal static class CurveCsv
{
    public static void Write(TextWriter writer, CompareResult result)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["series", "noise", "flips", "certified_accuracy"]);
        foreach (CompareResult.Entry entry in result.Entries)
        {
            CertifiedAccuracy curve = entry.Curve.Accuracy;
            string noise = entry.Setting.Noise?.ToString("R", CultureInfo.InvariantCulture) ?? "";
            foreach (int flips in curve.Steps)
                csv.WriteRecord([entry.Curve.Name, noise, flips.ToString(CultureInfo.InvariantCulture), curve.At(flips).ToString("R", CultureInfo.InvariantCulture)]);
        }
    }
}
