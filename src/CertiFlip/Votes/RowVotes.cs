using System.Collections.Concurrent;
using CertiFlip.Kernels;

namespace CertiFlip.Votes;

/// <summary>
/// The votes of many rows: label weights are computed for a few rows at a time, in parallel, and each row's vote is
/// looked at once.
/// </summary>
internal sealed class RowVotes
{
    // Few enough rows that their label weights stay in the cache between the product and Newton's passes, or at least
    // do not fill the memory.
    private const int MostTileRows = 16;
    private const int MostTileWeights = 1 << 20;

    // Kept from call to call: a workspace is large, and a service asks for single rows. The loop starts more workers
    // than run at a time.
    private readonly ConcurrentBag<Workspace> _idle = [];
    private readonly ClassLabels _labels;
    private readonly TwoClassRule _rule;
    private readonly KernelSet _kernels;
    private readonly AllowedFlips _allowed;

    /// <summary>The votes of rows by a head.</summary>
    /// <param name="labels">The n training labels.</param>
    /// <param name="head">The head: how two classes are decided, and whether it lifts scores.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="allowed">What an adversary may do to the labels.</param>
    /// <exception cref="ArgumentException">Shares of classes are stated, and the head has no lift.</exception>
    public RowVotes(ClassLabels labels, IHead head, KernelSet kernels, AllowedFlips allowed)
    {
        if (!LiftingHead.Knows(head, labels.Classes))
            throw new ArgumentException(LiftingHead.Refusal, nameof(labels));
        (_labels, _rule, _kernels, _allowed) = (labels, head.TwoClassRule, kernels, allowed);
    }

    /// <summary>
    /// Computes the label weights of a few rows, each <see cref="Stride"/> after the one before, and their lifts where
    /// shares are stated: there is no room for any elsewhere.
    /// </summary>
    internal delegate void WeightsOfRows(int firstRow, int rowCount, Span<double> weights, Span<double> lifts);

    /// <summary>The same of training rows without them, with errors (<see cref="ILeaveOneOutHead"/>).</summary>
    internal delegate void WeightsWithoutRows(
        int firstRow, int rowCount, Span<double> weights, Span<double> errors, Span<double> lifts);

    /// <summary>How far apart the label weights of two rows stand.</summary>
    public int Stride => Tile.PadWidth(_labels.Count);

    private bool Lifts => _labels.Classes.Shares.Count > 0;

    private int TileRows => Math.Clamp(MostTileWeights / Stride / Tile.Height * Tile.Height, Tile.Height, MostTileRows);

    /// <summary>Looks at the vote of every row.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="name">What to call one in a message.</param>
    /// <param name="compute">Computes label weights.</param>
    /// <param name="look">
    /// Is given each row's index and its vote, from any thread and in any order. The vote is another row's as soon as
    /// it returns.
    /// </param>
    /// <param name="parallel">How many threads may work, and when to stop.</param>
    /// <param name="progress">Is told how many more rows are done.</param>
    /// <exception cref="HeadException">Label weights overflow, or cannot be computed.</exception>
    public void ForEach(
        int rows, string name, WeightsOfRows compute, Action<int, Vote> look, ParallelOptions parallel, IProgress<int>? progress) =>
        Visit(rows, name, [(compute, look)], parallel, progress);

    private void Visit(
        int rows, string name, (WeightsOfRows Compute, Action<int, Vote> Look)[] looks, ParallelOptions parallel, IProgress<int>? progress)
    {
        int tileRows = TileRows, tiles = (rows + tileRows - 1) / tileRows;
        var failures = new HeadException?[tiles];
        if (tiles == 1)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            _idle.Add(LookAt(0, TakeWorkspace()));
        }
        else
        {
            // A tile takes a millisecond or more, and Parallel.For gives out up to 16 at once: threads would wait for
            // the last one.
            OrderablePartitioner<int> oneByOne =
                Partitioner.Create(Enumerable.Range(0, tiles), EnumerablePartitionerOptions.NoBuffering);
            Parallel.ForEach(oneByOne, parallel, TakeWorkspace, (tile, _, workspace) => LookAt(tile, workspace), _idle.Add);
        }

        // Not the first to happen but the first in the data, so that the message does not depend on the threads.
        if (Array.Find(failures, failure => failure is not null) is { } firstFailure)
            throw firstFailure;

        Workspace LookAt(int tile, Workspace workspace)
        {
            int first = tile * tileRows, count = Math.Min(tileRows, rows - first);
            try
            {
                foreach ((WeightsOfRows compute, Action<int, Vote> look) in looks)
                {
                    Span<double> lifts = workspace.Lifts.AsSpan(0, Lifts ? count : 0);
                    compute(first, count, workspace.Weights, lifts);
                    for (int row = 0; row < count; row++)
                    {
                        parallel.CancellationToken.ThrowIfCancellationRequested();
                        ReadOnlyMemory<double> weights = workspace.Weights.AsMemory(row * Stride, _labels.Count);
                        Load(workspace.Vote, weights, Lifts ? workspace.Lifts[row] : null, name, first + row);
                        look(first + row, workspace.Vote);
                    }

                    progress?.Report(count);
                }
            }
            catch (HeadException exception)
            {
                failures[tile] = exception;
            }

            return workspace;
        }
    }

    /// <summary>
    /// Looks at every training row as the others see it, with what is in doubt about their label weights.
    /// </summary>
    /// <param name="rows">How many training rows there are.</param>
    /// <param name="compute">Computes label weights without a row, and what is in doubt about them.</param>
    /// <param name="look">Is given each row's vote, as for rows that are not left out.</param>
    /// <param name="parallel">How many threads may work, and when to stop.</param>
    /// <param name="progress">Is told how many more rows are done.</param>
    /// <exception cref="HeadException">A row cannot be left out.</exception>
    public void ForEachLeftOut(
        int rows, WeightsWithoutRows compute, Action<int, Vote> look, ParallelOptions parallel, IProgress<int>? progress) =>
        ForEachLeftOut(rows, [(compute, look)], parallel, progress);

    /// <summary>The same with several looks, each at what the next computation makes of the weights before.</summary>
    public void ForEachLeftOut(
        int rows, (WeightsWithoutRows Compute, Action<int, Vote> Look)[] looks, ParallelOptions parallel, IProgress<int>? progress)
    {
        double[] errors = new double[rows];
        Visit(rows, "Training row", [.. looks.Select(it => (
            new WeightsOfRows((first, count, weights, lifts) =>
                it.Compute(first, count, weights, errors.AsSpan(first, count), lifts)),
            new Action<int, Vote>((row, vote) =>
            {
                vote.Doubt = errors[row];
                it.Look(row, vote);
            })))], parallel, progress);
    }

    private static void Load(Vote vote, ReadOnlyMemory<double> weights, double? lift, string name, int row)
    {
        try
        {
            vote.Load(weights, lift);
        }
        catch (ArgumentException)
        {
            throw new HeadException(
                $"{name} {row} (counting from 0) is so far from the training rows that its label weights overflow. "
                + $"Check its features' units.");
        }
    }

    private Workspace TakeWorkspace() => _idle.TryTake(out Workspace? workspace)
        ? workspace
        : new Workspace(
            new Vote(_labels, _rule, _kernels, _allowed), new double[checked(TileRows * Stride)], new double[Lifts ? TileRows : 0]);

    /// <summary>What one thread at a time works in.</summary>
    private sealed record Workspace(Vote Vote, double[] Weights, double[] Lifts);
}
