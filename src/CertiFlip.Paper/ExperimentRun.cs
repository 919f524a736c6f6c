using CertiFlip.Data;

namespace CertiFlip.Paper;

/// <summary>What an experiment works with.</summary>
/// <param name="Data">The raw data.</param>
/// <param name="Options">The user's choices.</param>
/// <param name="Stages">Where intermediate results are saved.</param>
/// <param name="Progress">Receives progress.</param>
/// <param name="CancellationToken">Stops the experiment.</param>
public sealed record ExperimentRun(
    DataFolder Data, ExperimentOptions Options, StageStore Stages, IStageProgress Progress, CancellationToken CancellationToken)
{
    /// <summary>Threads and cancellation for what works in parallel.</summary>
    public ParallelOptions Parallel => new() { MaxDegreeOfParallelism = Options.Threads, CancellationToken = CancellationToken };

    /// <summary>The result of a stage, saved or else computed, for the data files that were used so far.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="key">All else that the result depends on.</param>
    /// <param name="compute">Computes it.</param>
    internal StoredModel Stage(string stage, IReadOnlyList<string> key, Func<StoredModel> compute) =>
        Stages.Get(stage, [.. key, .. Data.Used.Select(file => file.Sha256)], compute);

    /// <summary>A stage whose result is features of training and test rows.</summary>
    internal LabelledSplit Split(string stage, IReadOnlyList<string> key, Func<LabelledSplit> compute) =>
        LabelledSplit.Restore(Stage(stage, key, () => compute().Store()));
}

/// <summary>Receives the progress of an experiment.</summary>
public interface IStageProgress
{
    /// <summary>A stage begins.</summary>
    /// <param name="stage">What it does, in a few words.</param>
    void Report(string stage);

    /// <summary>A stage of many pieces begins.</summary>
    /// <param name="stage">What it does, in a few words.</param>
    /// <param name="count">The number of pieces.</param>
    /// <param name="what">What the pieces are.</param>
    /// <returns>Receives, from any thread, how many more pieces are done.</returns>
    IProgress<int> ReportCount(string stage, int count, string what);
}
