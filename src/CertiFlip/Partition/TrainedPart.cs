using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Partition;

/// <summary>
/// One part of the training rows, not empty: its labels, and the head that was fitted to its features.
/// </summary>
internal sealed class TrainedPart
{
    private readonly int _index;
    private readonly IHead _head;
    private readonly ClassLabels _labels;

    private TrainedPart(int index, IHead head, ClassLabels labels, AllowedFlips allowed) =>
        (_index, _head, _labels, Allowed) = (index, head, labels, allowed);

    /// <summary>What an adversary may do to the part's labels.</summary>
    public AllowedFlips Allowed { get; }

    /// <summary>Number of training rows of the part.</summary>
    public int Rows => _labels.Count;

    /// <summary>Whether the head was fitted with the help of labels.</summary>
    public bool DependsOnLabels => _head.DependsOnLabels;

    /// <summary>How far apart the label weights of two test rows stand.</summary>
    public int Stride => Tile.PadWidth(Rows);

    public static TrainedPart Fit(
        int index, FeatureMatrix features, ClassLabels labels, AllowedFlips allowed, ReadOnlySpan<int> rows,
        Func<FeatureMatrix, ClassLabels, IHead> fitHead)
    {
        int[] classes = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            classes[i] = labels[rows[i]];
        var ownLabels = new ClassLabels(classes, labels.Classes);
        try
        {
            IHead head = fitHead(features.SelectRows(rows), ownLabels);
            if (head.TrainingRows != rows.Length)
                throw new HeadException($"The head has {head.TrainingRows} training rows, but the part has {rows.Length}.");
            return new TrainedPart(index, head, ownLabels, allowed.Among(rows, ownLabels));
        }
        catch (HeadException exception)
        {
            throw new HeadException($"Part {index} (counting from 0), of {rows.Length} rows: {exception.Message}");
        }
    }

    /// <summary>A vote of this part's labels, without weights yet.</summary>
    public Vote NewVote() => new(_labels, _head.TwoClassRule, KernelSet.Best, Allowed);

    /// <summary>
    /// Computes the label weights of a few test rows, each <see cref="Stride"/> after the one before.
    /// </summary>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, double[] weights) =>
        _head.ComputeWeights(tests, firstRow, rowCount, weights, Stride);

    /// <summary>Gives a vote the weights of one of these rows.</summary>
    /// <param name="vote">A vote of this part.</param>
    /// <param name="weights">The weights of the rows.</param>
    /// <param name="row">Which of them, from 0.</param>
    /// <returns>Whether the weights are in range.</returns>
    public bool TryLoad(Vote vote, double[] weights, int row)
    {
        try
        {
            vote.Load(weights.AsMemory(row * Stride, Rows));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>What there is to say where they are not.</summary>
    /// <param name="testRow">Index of the test row.</param>
    public HeadException Overflow(int testRow) => new(
        $"Test row {testRow} (counting from 0) is so far from the training rows of part {_index} that its label weights overflow. " +
        "Check its features' units.");
}
