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
    private readonly PlainVote _plain;

    private TrainedPart(int index, IHead head, ClassLabels labels, AllowedFlips allowed)
    {
        (_index, _head, _labels, Allowed) = (index, head, labels, allowed);
        _plain = new PlainVote(labels, head.TwoClassRule);
    }

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
            if (!LiftingHead.Knows(head, labels.Classes))
                throw new HeadException(LiftingHead.Refusal);
            return new TrainedPart(index, head, ownLabels, allowed.Among(rows, ownLabels));
        }
        catch (HeadException exception)
        {
            throw new HeadException($"Part {index} (counting from 0), of {rows.Length} rows: {exception.Message}");
        }
    }

    /// <summary>A vote of this part's labels, without weights yet.</summary>
    public Vote NewVote() => new(_labels, _head.TwoClassRule, KernelSet.Best, Allowed);

    /// <summary>Room for the weights of so many test rows, of this part or any that has no more rows.</summary>
    public PartWeights NewWeights(int rows) => new(
        new double[checked(Tile.PadHeight(rows) * Stride)], new double[_labels.Classes.Shares.Count > 0 ? rows : 0]);

    /// <summary>
    /// Computes the label weights of a few test rows, each <see cref="Stride"/> after the one before, and lifts.
    /// </summary>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, PartWeights weights) =>
        _head.Compute(
            tests, firstRow, rowCount, weights.Weights, Stride, weights.Lifts.AsSpan(0, Math.Min(rowCount, weights.Lifts.Length)));

    /// <summary>Gives a vote the weights of one of these rows.</summary>
    /// <param name="vote">A vote of this part.</param>
    /// <param name="weights">The weights of the rows.</param>
    /// <param name="row">Which of them, from 0.</param>
    /// <returns>Whether the weights are in range.</returns>
    public bool TryLoad(Vote vote, PartWeights weights, int row)
    {
        try
        {
            vote.Load(weights.Weights.AsMemory(row * Stride, Rows), weights.LiftOf(row));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// What the part votes for on one of these rows: what <see cref="Vote.HeadPrediction"/> says, in less time.
    /// </summary>
    /// <param name="weights">The weights of the rows.</param>
    /// <param name="row">Which of them, from 0.</param>
    /// <param name="prediction">The class.</param>
    /// <returns>Whether the weights are in range.</returns>
    public bool TryPredict(PartWeights weights, int row, out int prediction)
    {
        if (_plain.TryPredict(weights.Weights.AsSpan(row * Stride, Rows), out prediction, weights.LiftOf(row)))
            return true;
        Vote vote = NewVote();
        bool isInRange = TryLoad(vote, weights, row);
        prediction = isInRange ? vote.HeadPrediction : 0;
        return isInRange;
    }

    /// <summary>What there is to say where they are not.</summary>
    /// <param name="testRow">Index of the test row.</param>
    public HeadException Overflow(int testRow) => new(
        $"Test row {testRow} (counting from 0) is so far from the training rows of part {_index} that its label weights overflow. " +
        "Check its features' units.");
}

/// <summary>Label weights of a few test rows, and their lifts where shares of classes are stated.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Lifts">The lift of each row; none elsewhere.</param>
internal sealed record PartWeights(double[] Weights, double[] Lifts)
{
    /// <summary>The lift of a row; null where there is none.</summary>
    public double? LiftOf(int row) => Lifts.Length > 0 ? Lifts[row] : null;
}

/// <summary>
/// The class that wins a vote, by one plain sum for each class, where that tells: rounding is far smaller than what the
/// winner leads by.
/// </summary>
internal sealed class PlainVote
{
    private const double Huge = 1e300;

    private readonly int[] _classes;
    private readonly double[] _prior;
    private readonly IReadOnlyList<double> _shares;
    private readonly double? _threshold;
    private readonly int _constants; // How large the numbers are that sums are compared with.

    public PlainVote(ClassLabels labels, TwoClassRule rule)
    {
        _classes = [.. Enumerable.Range(0, labels.Count).Select(row => labels[row])];
        IReadOnlyList<double> prior = labels.Classes.Prior;
        _prior = prior.Count > 0 ? [.. prior] : new double[labels.ClassCount];
        _shares = labels.Classes.Shares;
        if (labels.ClassCount == 2 && rule == TwoClassRule.Half)
            _threshold = prior.Count > 0 ? prior[1] : Vote.PaperThreshold;
        _constants = prior.Count > 0 || _threshold is not null ? 1 : 0;
    }

    /// <summary>Tells the winner.</summary>
    /// <param name="weights">The label weights of one test row (length n).</param>
    /// <param name="winner">The class that wins.</param>
    /// <param name="lift">The row's lift, where shares of classes are stated.</param>
    /// <returns>Whether the winner is certain.</returns>
    public bool TryPredict(ReadOnlySpan<double> weights, out int winner, double? lift = null)
    {
        winner = 0;

        // A sum of at most n terms, less a number that is at most 1 or the lift, is off by less than this; a difference
        // of two by twice as much.
        double magnitude = Elementwise.SumOfMagnitudes(weights), constants = lift is { } given ? Math.Abs(given) : _constants;
        double error = (weights.Length + 4) * Rounding.Epsilon * (magnitude + constants);
        if (!(magnitude < Huge && constants < Huge))
            return false;
        Span<double> scores = _prior.Length <= 64 ? stackalloc double[_prior.Length] : new double[_prior.Length];
        scores.Clear();
        ReadOnlySpan<int> classes = _classes.AsSpan(0, weights.Length);
        for (int row = 0; row < classes.Length; row++)
            scores[classes[row]] += weights[row];
        if (_threshold is { } threshold)
        {
            winner = scores[1] > threshold ? 1 : 0;
            return Math.Abs(scores[1] - threshold) > 2 * error;
        }

        double largest = double.NegativeInfinity, second = double.NegativeInfinity;
        for (int c = 0; c < scores.Length; c++)
        {
            double score = lift is { } more ? scores[c] + _shares[c] * more : scores[c] - _prior[c];
            second = Math.Max(second, Math.Min(score, largest));
            if (score > largest)
                (largest, winner) = (score, c);
        }

        return largest - second > 2 * error;
    }
}
