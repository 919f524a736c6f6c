using CertiFlip.Certification;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>The report of <c>certify</c>.</summary>
internal static class CertifyReport
{
    public static void Write(TextWriter writer, CertifyResult result) => new ReportPage
    {
        Lead = Lead(result),
        Curves = result.Curves,
        CleanLines = result.Problem.HasTruth
            ? [.. result.Curves.Curves.DistinctBy(curve => curve.Accuracy.Kind.Subject()).Select(curve => (curve.Style, curve.Accuracy.Accuracy))]
            : [],
        Settings = [result.Setting],
        Certificates = [.. result.Method.Certificates.Select(kind => (kind.Name(), GuaranteeText.Of(kind)))],
    }.Write(writer);

    private static string Lead(CertifyResult result)
    {
        CertifiedAccuracy best = result.Curves.Curves[^1].Accuracy;
        Problem problem = result.Problem;
        string condition = result.Setting.ConditionalOnLambda ? ", for a λ that is held fixed" : "";
        string confidence = result.Setting.Confidence is { } c ? $", each with confidence {c}" : "";
        string proved = $"(certificate: {best.Kind.Name()}{condition}{confidence})";
        string rows = $"{problem.Test.Features.Rows:N0} test predictions";
        string correct = problem.HasTruth ? "are correct and " : "";
        int radius = (int)Math.Floor(best.MedianRadius);

        // A median of 0 may mean that the rows in the middle are wrong: then only the count itself is true.
        return radius > 0
            ? $"At least half of the {rows} {correct}survive any {Wording.Count(radius, "wrong label")} among the {problem.Training.Features.Rows:N0} training labels {proved}."
            : $"Of the {rows}, {Format.Percent(best.At(0))} {correct}are certified, and {Format.Percent(best.At(1))} survive any one wrong label among the {problem.Training.Features.Rows:N0} training labels {proved}.";
    }
}
