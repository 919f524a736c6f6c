using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>What <c>certify --json</c> prints: the table's numbers, as fractions, for programs. docs/command.md describes it.</summary>
internal static class SummaryJson
{
    public static void Write(IAnsiConsole console, CertifyResult result, TimeSpan elapsed)
    {
        (Problem problem, Setting setting) = (result.Problem, result.Setting);
        JsonText.Write(console, new Summary(
            problem.Training.Features.Rows,
            problem.Training.Features.Columns,
            problem.Test.Features.Rows,
            problem.Classes,
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
            AdversaryJson.Of(problem),
            problem.HasTruth,
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
