using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>What <c>certify --json</c> prints: the table's numbers, as fractions, for programs. docs/command.md describes it.</summary>
internal static class SummaryJson
{
    public static void Write(IAnsiConsole console, CertifyResult result, TimeSpan elapsed)
    {
        (RunData data, Setting setting) = (result.Data, result.Setting);
        JsonText.Write(console, new Summary(
            data.Training.Features.Rows,
            data.Training.Features.Columns,
            data.Test.Features.Rows,
            data.Classes,
            setting.Method,
            setting.Noise,
            setting.Head,
            setting.Ridge,
            setting.Lambda,
            setting.ConditionalOnLambda,
            setting.Intercept,
            setting.Gain,
            setting.Offset,
            setting.Neighbours,
            setting.Bandwidth,
            setting.Learner,
            setting.Samples,
            setting.Confidence,
            setting.Seed,
            setting.Abstentions,
            setting.Partitions,
            AdversaryJson.Of(data),
            data.HasTruth,
            CurveJson.Of(result.Curves),
            elapsed.TotalSeconds));
    }

    private sealed record Summary(
        int TrainingRows,
        int Features,
        int TestRows,
        IReadOnlyList<string> Classes,
        string Method,
        double? Noise,
        string? Head,
        string? Ridge,
        double? Lambda,
        bool ConditionalOnLambda,
        bool? Intercept,
        double? Gain,
        double? Offset,
        int? Neighbours,
        double? Bandwidth,
        string? Learner,
        int? Samples,
        double? Confidence,
        ulong? Seed,
        int? Abstentions,
        int? Partitions,
        AdversaryJson? Adversary,
        bool TestLabelsKnown,
        IReadOnlyList<CurveJson> Certificates,
        double Seconds);
}
