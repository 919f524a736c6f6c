using System.Globalization;
using CertiFlip.Cli.Output;
using CsvHelper;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>The file that <c>attack --out</c> names: a row for each test row and classifier. Other programs read these columns.</summary>
internal static class AttackCsv
{
    public static void Write(TextWriter writer, AttackResult result)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        RunData data = result.Data;
        csv.WriteRecord(["row", "label", "classifier", "prediction", "attack", "source", "flips", "flipped_rows", "flipped_to"]);
        foreach (AttackedMethod method in result.Methods)
        {
            foreach ((int row, Finding finding) in method.Findings.Index())
            {
                csv.WriteRecord(
                [
                    Number(row),
                    data.HasTruth ? data.Test.Labels[row] : "",
                    method.Name,
                    data.Classes[finding.Prediction],
                    finding.Attack,
                    finding.IsBroken ? Number(finding.Source) : "",
                    finding.IsBroken ? Number(finding.Flips.Count) : "",
                    string.Join(' ', finding.Flips.Select(flip => Number(flip.Row))),
                    FlippedTo(finding, data),
                ]);
            }
        }
    }

    /// <summary>The label that all flipped rows get, or where they get different ones, all of those in the order of the rows.</summary>
    private static string FlippedTo(Finding finding, RunData data)
    {
        string[] labels = [.. finding.Flips.Select(flip => data.Classes[flip.To])];
        return labels.Distinct().Count() == 1 ? labels[0] : string.Join(' ', labels);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
