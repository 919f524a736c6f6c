using System.Globalization;

namespace CertiFlip.Paper.Tests.Experiments;

/// <summary>Runs an experiment on made-up data in a small setting.</summary>
internal static class SmallRun
{
    public static IReadOnlyList<IExperiment> All => AllExperiments.List;

    public static ExperimentOptions Options(IExperiment experiment) => experiment.Defaults with
    {
        Noises = [.. experiment.Defaults.Noises.Take(2)],
        Components = 4,
        TestRows = 20,
        AttackedRows = 8,
        Epochs = 1,
        Threads = 2,
    };

    public static Reproduction Of(IExperiment experiment, ExperimentOptions options, string data, string stages) =>
        Told(experiment, options, data, stages, new Narration(), TestContext.Current.CancellationToken);

    /// <summary>The same with somebody to tell, who may stop it.</summary>
    public static Reproduction Told(
        IExperiment experiment, ExperimentOptions options, string data, string stages, IStageProgress progress,
        CancellationToken cancellation) =>
        experiment.Run(new ExperimentRun(new DataFolder(data), options, new StageStore(stages), progress, cancellation));

    /// <summary>All numbers that a reproduction gives out, as text.</summary>
    public static string Numbers(Reproduction reproduction) => string.Join('\n',
    [
        .. reproduction.Series.Select(series => $"{series.Title}: {series.Curve.Accuracy:R} {string.Join(',', series.Curve.Radii)}"),
        .. reproduction.Margins.Select(curve => $"{curve.Name} {curve.Noise}: {string.Join(',', curve.Margins.Select(Exact))}"),
        .. reproduction.Claims.Select(claim => $"{claim.What}: {claim.Paper} | {claim.Here}"),
    ]);

    private static string Exact(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
