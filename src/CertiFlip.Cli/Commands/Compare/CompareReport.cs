using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>The report of <c>compare</c>.</summary>
internal static class CompareReport
{
    public static void Write(TextWriter writer, CompareResult result, RowViews views) => new ReportPage
    {
        Title = $"Certificates compared: {result.Data.ClassesInWords}",
        Subject = result.Data.NameInWords,
        Heading = result.Curves.Unit.Question,
        Lead = Lead(result),
        ConditionalOnLambda = result.Settings.Any(setting => setting.ConditionalOnLambda),
        Notes = [.. Verdicts.Warning(result.Verdicts) is { } failed ? [failed] : (string[])[], .. result.Curves.Warnings()],
        Remarks = result.Data.Remarks,
        Sections =
        [
            .. ConditionSection.Of(result.Verdicts),

            // As many classifiers as there are methods: their accuracies are in the table.
            AccuracySection.Of(result.Curves, []),
            .. ClassSection.Of(result.Curves, result.Main.Curve),
            Fragile(result, views),
            RadiiSection.Of(
                [.. result.Curves.Curves.Select(curve => (curve.Name, curve.Style, (AccuracyCurve)curve.Accuracy))], result.Data.HasTruth,
                result.Curves.Unit, result.Curves.LargestDrawn),
            SettingSection.Of(
                result.Data, result.Settings,
                [
                    .. result.Entries.Select(entry => entry.Contestant).DistinctBy(contestant => contestant.Family)
                        .Select(contestant => (contestant.Family, contestant.InWords(result.Data.Adversary))),
                ]),
            GuaranteeSection.Of(result.Data, result.Settings),
        ],
    }.Write(writer);

    private static ReportSection Fragile(CompareResult result, RowViews views)
    {
        CompareResult.Entry entry = result.Main;
        return new FragileSection(result.Data, entry.Outcome, entry.Contestant.Kind, entry.Contestant.Name, views).Section();
    }

    private static string Lead(CompareResult result)
    {
        Curve best = result.Curves.Curves.MaxBy(curve => curve.Accuracy.MedianRadius)!;
        string all = result.Curves.Unit.IsCost || double.IsInfinity(best.Accuracy.MedianRadius)
            ? ""
            : $" of {result.Data.Training.Features.Rows:N0} training {(result.Data.RowAdversary is null ? "labels" : "rows")}";
        string adversary = AdversaryWording.Sentence(result.Data) is { } sentence ? $" {sentence}" : "";
        return $"{Wording.Count(result.Entries.Count, "certificate")} for the same "
            + $"{Wording.Count(result.Data.Test.Features.Rows, result.Data.RowName.ToLowerInvariant())}, side by side. "
                + $"The largest median radius is "
            + $"{Format.Median(best.Accuracy.MedianRadius, "N1")}{all}, by {best.Name}.{adversary}";
    }
}
