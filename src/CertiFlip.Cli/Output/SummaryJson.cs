using System.Text.Encodings.Web;
using System.Text.Json;
using CertiFlip.Cli.Certifying;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>What <c>certify --json</c> prints: the table's numbers, as fractions, for programs. docs/command.md describes it.</summary>
internal static class SummaryJson
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",

        // Class names are shown as they are; nothing here goes into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(IAnsiConsole console, CertifyResult result, TimeSpan elapsed)
    {
        var summary = new Summary(
            result.Training.Features.Rows,
            result.Training.Features.Columns,
            result.Test.Features.Rows,
            result.Classes,
            result.Request.Noise,
            result.Request.Ridge.Text,
            result.Head.Lambda,
            result.IsConditionalOnLambda,
            result.Request.Intercept == Intercept.Fitted,
            result.HasTruth,
            [.. result.Curves.Select(curve => new CertificateSummary(
                curve.Kind.Name(),
                result.HasTruth ? curve.Accuracy : null,
                curve.MedianRadius,
                [.. result.FlipsToShow().Select(flips => new CertifiedAt(flips, curve.At(flips)))]))],
            elapsed.TotalSeconds);

        // Not console.WriteLine, which wraps at the width of a terminal.
        console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(summary, Format));
    }

    private sealed record Summary(
        int TrainingRows,
        int Features,
        int TestRows,
        IReadOnlyList<string> Classes,
        double Noise,
        string Ridge,
        double Lambda,
        bool ConditionalOnLambda,
        bool Intercept,
        bool TestLabelsKnown,
        IReadOnlyList<CertificateSummary> Certificates,
        double Seconds);

    private sealed record CertificateSummary(
        string Name, double? Accuracy, double MedianRadius, IReadOnlyList<CertifiedAt> CertifiedAccuracy);

    private sealed record CertifiedAt(int Flips, double Value);
}
