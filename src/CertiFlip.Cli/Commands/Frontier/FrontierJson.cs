using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>What <c>frontier --json</c> prints. docs/command.md describes it.</summary>
internal static class FrontierJson
{
    public static void Write(IAnsiConsole console, FrontierResult result, TimeSpan elapsed)
    {
        RunData data = result.Data;
        JsonText.Write(console, new Document(
            data.Training.Features.Rows,
            data.Training.Features.Columns,
            data.Test.Features.Rows,
            data.Classes,
            [.. result.Marked.Zip(CurveJson.Of(result.Curves), (marked, curve) => SettingOf(marked.Trial, marked.IsOnFrontier, curve))],
            [.. result.Failures.Select(failure => new Failure(failure.Candidate.Head.Text, RidgeOf(failure.Candidate), failure.Candidate.Components, failure.Reason))],
            elapsed.TotalSeconds));
    }

    private static Setting SettingOf(Trial trial, bool isOnFrontier, CurveJson curve) => new(
        trial.Candidate.Head.Text,
        RidgeOf(trial.Candidate),
        trial.Candidate.Head.HasSaturation ? trial.Candidate.Head.Saturation.Gain : null,
        trial.Candidate.Components,
        isOnFrontier,
        trial.Accuracy.Accuracy,
        trial.Accuracy.MedianRadius,
        curve.CertifiedAccuracy,
        trial.Elapsed.TotalSeconds);

    private static string? RidgeOf(Candidate candidate) => candidate.Head.HasRidge ? candidate.Ridge : null;

    private sealed record Document(
        int TrainingRows,
        int Features,
        int ValidationRows,
        IReadOnlyList<string> Classes,
        IReadOnlyList<Setting> Settings,
        IReadOnlyList<Failure> Failures,
        double Seconds);

    private sealed record Setting(
        string Head,
        string? Ridge,
        double? Gain,
        int Components,
        bool OnFrontier,
        double Accuracy,
        double MedianRadius,
        IReadOnlyList<CurveJson.Point> CertifiedAccuracy,
        double Seconds);

    private sealed record Failure(string Head, string? Ridge, int Components, string Reason);
}
