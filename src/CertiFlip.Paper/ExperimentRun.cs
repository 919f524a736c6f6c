using CertiFlip.Paper.Sources;
using CertiFlip.Paper.Stages;

namespace CertiFlip.Paper.Experiments;

/// <summary>What an experiment works with.</summary>
/// <param name="Data">The raw data.</param>
/// <param name="Options">What was chosen.</param>
/// <param name="Stages">Where intermediate results are kept.</param>
/// <param name="Progress">Is told where it is.</param>
/// <param name="Cancellation">Stops it.</param>
public sealed record ExperimentRun(DataFolder Data, ExperimentOptions Options, StageStore Stages, IStageProgress Progress, CancellationToken Cancellation)
{
    /// <summary>Threads and cancellation for what works in parallel.</summary>
    public ParallelOptions Parallel => new() { MaxDegreeOfParallelism = Options.Threads, CancellationToken = Cancellation };

    /// <summary>A stage whose result is features of training and test rows.</summary>
    internal LabelledSplit Split(string stage, IReadOnlyList<string> key, Func<LabelledSplit> compute) =>
        LabelledSplit.Restore(Stages.Get(stage, [.. key, .. Data.Used.Select(file => file.Sha256)], () =>
        {
            var stored = new Data.Models.StoredModel("labelled-split");
            compute().Store(stored);
            return stored;
        }));
}
