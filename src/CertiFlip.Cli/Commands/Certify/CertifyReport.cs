using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>The report of <c>certify</c>.</summary>
internal static class CertifyReport
{
    public static void Write(TextWriter writer, CertifyResult result, RowViews views)
    {
        CurveSet set = result.Curves;
        bool hasTruth = result.Data.HasTruth;
        new ReportPage
        {
            Title = $"Certified predictions: {result.Data.ClassesInWords}",
            Subject = result.Data.NameInWords,
            Heading = set.Unit.Question,
            Lead = result.Data.IsLeaveOneOut ? $"{Lead(result)} Nobody has verified the given labels." : Lead(result),
            Facts = [.. Facts(set)],
            ConditionalOnLambda = result.Setting.ConditionalOnLambda,
            Notes = [.. Verdicts.Warning(result.Verdicts) is { } failed ? [failed] : (string[])[], .. set.Warnings()],
            Remarks = result.Data.Remarks,
            Sections =
            [
                .. ConditionSection.Of(result.Verdicts),
                AccuracySection.Of(set, [.. CleanLines(set)]),
                .. Attack(result),
                .. CollectiveRun.Section(result),
                .. ClassSection.Of(set, result.MainCurve),
                Fragile(result, views),
                RadiiSection.Of(
                    [.. set.Curves.Select(curve => (curve.Name, curve.Style, (AccuracyCurve)curve.Accuracy))], hasTruth, set.Unit,
                    set.LargestDrawn),
                SettingSection.Of(
                    result.Data, [result.Setting],
                    [.. result.Method.Certificates.Select(kind => (kind.Name, GuaranteeSection.InWords(kind, result.Data.Adversary)))]),
                .. result.Periods is { } periods ? [periods.Section()] : (ReportSection[])[],
                .. Noise(result.RandomNoise),
                GuaranteeSection.Of(result.Data, [result.Setting]),
            ],
        }.Write(writer);
    }

    /// <summary>What an attack leaves that removes rows, where there was one.</summary>
    private static IEnumerable<ReportSection> Attack(CertifyResult result)
    {
        if (result.Outcome.Attack is not { } attack)
            yield break;
        CurveSet set = result.Curves;
        string Left(int r) => Format.Percent(attack.LeftAt(r, result.Data.Truth, result.Rows));
        yield return new ReportSection("attack", "Attack", "How far the bound can be from the truth", Html.Of($"""
            <p>{attack.Legend}</p>
            {new HtmlTable(
                "attack-table",
                "What is proved, and what the attack leaves.",
                [set.Unit.Heading, .. set.Curves.Select(curve => curve.Name), "attack"],
                [.. set.FlipsToShow().Select(r =>
                    ($"{r:N0}", (IReadOnlyList<string>)[.. set.Curves.Select(curve => Format.Percent(curve.Accuracy.At(r))), Left(r)]))])
                .ToHtml()}
            """));
    }

    /// <summary>An accuracy for each classifier, where it is known.</summary>
    private static IEnumerable<(string Style, double Accuracy)> CleanLines(CurveSet set) =>
        from curve in set.Curves.DistinctBy(curve => curve.Accuracy.Kind.Classifier.Name)
        where set.Data.HasTruth
        select (curve.Style, curve.Accuracy.Accuracy);

    private static IEnumerable<Fact> Facts(CurveSet set)
    {
        CertifiedAccuracy best = set.Curves[^1].Accuracy;
        if (best.ByClass is { } figures)
        {
            yield return new Fact(Format.Percent(best.Accuracy), set.Data.IsLeaveOneOut ? "accuracy on given labels" : "accuracy");
            yield return new Fact(Format.Percent(figures.ConstantAccuracy), ClassFigures.Always(set.Data));
        }

        yield return new Fact(Format.Median(best.MedianRadius, "#,0.#"), $"{set.Unit.Fact}: median radius, {best.Kind.Name}");
        yield return new Fact(best.UnchangeableRows > 0 ? "any" : $"{best.LargestBudget:N0}", $"{set.Unit.Fact}: largest radius");
        yield return new Fact(
            $"{set.Data.Test.Features.Rows:N0}", set.Data.IsLeaveOneOut ? "training rows, each left out in turn" : "test rows");
    }

    private static ReportSection Fragile(CertifyResult result, RowViews views)
    {
        CertificateKind kind = result.MainCurve.Accuracy.Kind;
        return new FragileSection(result.Data, result.Outcome, kind, kind.Name, views) { Noise = result.RandomNoise }.Section();
    }

    /// <summary>What labels that are wrong at random do.</summary>
    private static IEnumerable<ReportSection> Noise(RandomNoise? noise)
    {
        if (noise is null)
            yield break;
        var table = new HtmlTable(
            "random-table",
            "Rows by the probability that labels wrong at random change their prediction.",
            ["probability", "share of rows"],
            RandomNoise.Powers.Select(power =>
                ($"below {RandomNoise.Power(power)}", (IReadOnlyList<string>)[Format.Percent(noise.ShareBelow(power))])));
        yield return new ReportSection(
            "random", "Random noise", "What labels do that are wrong at random", Html.Of($"<p>{noise.Sentence}</p>\n{table.ToHtml()}"));
    }

    private static string Lead(CertifyResult result)
    {
        CertifiedAccuracy best = result.Curves.Curves[^1].Accuracy;
        RunData data = result.Data;
        string condition = result.Setting.ConditionalOnLambda ? ", with λ held fixed" : "";
        string confidence = result.Setting.Confidence is { } c ? $", each with confidence {c}" : "";
        string proved = $"(certificate: {best.Kind.Name}{condition}{confidence})";
        string rows = $"{data.Test.Features.Rows:N0} {(data.IsLeaveOneOut ? "leave-one-out" : "test")} predictions";
        string correct = !data.HasTruth ? "" : data.IsLeaveOneOut ? "agree with the given label and " : "are correct and ";
        string among =
            $"among the {(data.CountsVotes ? "votes for the " : "")}{data.Training.Features.Rows:N0} training "
            + $"{(data.RowAdversary is null ? "labels" : "rows")}"
            + data.Adversary.WithinLimits();
        string adversary = AdversaryWording.Sentence(data) is { } sentence ? $" {sentence}" : "";
        string classes = ClassWording.NoteOnCurves(data, [best]);

        // A median of 0 may mean that the rows in the middle are wrong: then only the count itself is true.
        if (double.IsInfinity(best.MedianRadius))
            return $"At least half of the {rows} {correct}stay the same whatever this adversary does {proved}.{adversary}{classes}";
        (int radius, RadiusUnit unit) = ((int)Math.Floor(best.MedianRadius), result.Curves.Unit);
        return radius > 0
            ? $"At least half of the {rows} {correct}survive {unit.Any(radius)} {among} {proved}.{adversary}{classes}"
            : $"Of the {rows}, {Format.Percent(best.At(0))} {correct}are certified, and {Format.Percent(best.At(1))} survive "
                + $"{(unit.IsCost ? unit.Any(1) : $"any one {unit.Thing}{unit.After}")} {among} {proved}.{adversary}{classes}";
    }
}
