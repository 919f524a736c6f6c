using System.Buffers;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// Tells which training labels to check first: those that the head contradicts, and those that certified predictions
/// depend on.
/// </summary>
public sealed class Auditor
{
    private readonly ILeaveOneOutHead _head;
    private readonly ClassLabels _labels;
    private readonly AuditOptions _options;
    private readonly AllowedFlips _allowed;
    private readonly RowVotes _votes;

    /// <summary>An auditor of a head's labels.</summary>
    /// <param name="head">A head over n training rows.</param>
    /// <param name="labels">Their n labels, which may be wrong.</param>
    /// <param name="options">How many labels to suggest; 20 if not given.</param>
    /// <exception cref="ArgumentException">
    /// The number of labels is not the head's number of training rows, or not the second opinion's; or the adversary's
    /// limits are for other labels.
    /// </exception>
    public Auditor(ILeaveOneOutHead head, ClassLabels labels, AuditOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(labels);
        (_head, _labels, _options) = (head, labels, options ?? new AuditOptions());
        if (labels.Count != head.TrainingRows)
        {
            throw new ArgumentException(
                $"There are {labels.Count} labels, but the head has {head.TrainingRows} training rows.", nameof(labels));
        }

        if (_options.SecondOpinion is { } second && second.TrainingRows != head.TrainingRows)
        {
            throw new ArgumentException(
                $"The second opinion has {second.TrainingRows} training rows, but the head has {head.TrainingRows}.", nameof(options));
        }

        _allowed = new AllowedFlips(labels, _options.Adversary);
        _votes = new RowVotes(labels, head.TwoClassRule, KernelSet.Best, _allowed);
    }

    // One more than is suggested: the gain of a label is looked up before the last one is verified.
    private int Removals => (int)Math.Min(_labels.Count, _options.Budget + 1L);

    /// <summary>
    /// Audits the labels for the predictions of the training rows themselves, each by the head that is fitted without
    /// it.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="progress">
    /// Is told, from any thread and in any order, how many more rows are done: 2n in all.
    /// </param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <exception cref="HeadException">A row cannot be left out.</exception>
    public LabelAudit Audit(FeatureMatrix training, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckTraining(training);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("audit").Of(training.Rows);
        var audited = new IAuditedRow[training.Rows];
        Action<int, Vote> look = (row, vote) => audited[row] = AuditedOf(vote, () => VoteAgain((weights, errors) =>
            _head.ComputeLeaveOneOutWeights(training, row, 1, weights, _votes.Stride, errors)));
        LeftOutRow[] leftOut = LeaveOut(training, look, progress, cancellationToken);
        return Conclude(leftOut, audited, training.Rows, cancellationToken);
    }

    /// <summary>Audits the labels for the predictions of test rows.</summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="truth">
    /// Their m classes; a row that is predicted wrongly is not counted then. If empty, every row is counted.
    /// </param>
    /// <param name="progress">
    /// Is told, from any thread and in any order, how many more rows are done: n + m in all.
    /// </param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <exception cref="ArgumentException">There are true classes, but not m of them.</exception>
    /// <exception cref="HeadException">
    /// A row cannot be left out, or a test row is so far from the training rows that its label weights overflow.
    /// </exception>
    public LabelAudit Audit(
        FeatureMatrix training, FeatureMatrix tests, IReadOnlyList<int> truth, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckTraining(training);
        ArgumentNullException.ThrowIfNull(tests);
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Count != 0 && truth.Count != tests.Rows)
            throw new ArgumentException($"There are {truth.Count} true classes for {tests.Rows} rows.", nameof(truth));
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("audit").Of(training.Rows);
        var audited = new IAuditedRow?[tests.Rows];
        RowVotes.WeightsOfRows compute = (first, rows, weights) => _head.ComputeWeights(tests, first, rows, weights, _votes.Stride);
        _votes.ForEach(tests.Rows, "Test row", compute, (row, vote) =>
        {
            if (truth.Count == 0 || vote.HeadPrediction == truth[row])
                audited[row] = AuditedOf(vote, () => VoteAgain((weights, _) => compute(row, 1, weights)));
        }, Parallelism(cancellationToken), progress);
        LeftOutRow[] leftOut = LeaveOut(training, null, progress, cancellationToken);
        return Conclude(leftOut, [.. audited.OfType<IAuditedRow>()], tests.Rows, cancellationToken);
    }

    private void CheckTraining(FeatureMatrix training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Rows != _labels.Count)
            throw new ArgumentException($"There are {training.Rows} training rows, but {_labels.Count} labels.", nameof(training));
    }

    private IAuditedRow AuditedOf(Vote vote, Func<Vote> again) =>
        _allowed.HasUnitCosts ? AuditedRow.Of(vote, Removals, again) : new PricedAuditedRow(vote, _head.TwoClassRule, _options.Adversary);

    /// <summary>
    /// The vote of a row as it was: weights do not depend on which rows they are computed with.
    /// </summary>
    private Vote VoteAgain(Action<double[], double[]> compute)
    {
        double[] weights = new double[Tile.PadHeight(1) * _votes.Stride], errors = new double[1];
        compute(weights, errors);
        var vote = new Vote(_labels, _head.TwoClassRule, KernelSet.Best, _allowed);
        vote.Load(weights.AsMemory(0, _labels.Count));
        vote.Doubt = errors[0];
        return vote;
    }

    /// <summary>
    /// Looks at every training row as the others see it: what the head says of it alone, and then with the second
    /// opinion whether its label is contradicted.
    /// </summary>
    private LeftOutRow[] LeaveOut(
        FeatureMatrix training, Action<int, Vote>? lookAtHead, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var leftOut = new LeftOutRow[training.Rows];
        Action<int, Vote> look = (row, vote) => leftOut[row] = LeftOutRow.Of(vote, row);
        RowVotes.WeightsWithoutRows head = (first, rows, weights, errors) =>
            _head.ComputeLeaveOneOutWeights(training, first, rows, weights, _votes.Stride, errors);
        RowVotes.WeightsWithoutRows both = (first, rows, weights, errors) =>
        {
            if (lookAtHead is null)
                head(first, rows, weights, errors);
            Opinions.Add(_options.SecondOpinion, training, first, rows, weights, _votes.Stride, errors);
        };
        (RowVotes.WeightsWithoutRows, Action<int, Vote>)[] looks = lookAtHead is null ? [(both, look)] : [(head, lookAtHead), (both, look)];
        _votes.ForEachLeftOut(training.Rows, looks, Parallelism(cancellationToken), progress);
        return leftOut;
    }

    private LabelAudit Conclude(LeftOutRow[] leftOut, IAuditedRow[] counted, int audited, CancellationToken cancellationToken)
    {
        var contradictions = Contradictions.Of(leftOut, _labels.ClassCount);
        var order = new SuggestionOrder(counted, _labels.Count, _allowed, Parallelism(cancellationToken));
        long total = order.TotalRadius;
        IReadOnlyList<Suggestion> suggestions = order.Suggest(_labels, leftOut, contradictions, _options.Budget);
        (int clear, int doubtful) = (contradictions.Clear.Count, contradictions.Doubtful.Count);
        return new LabelAudit(suggestions, audited, counted.Length, total, clear + doubtful, clear);
    }

    private ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellationToken };
}

/// <summary>The weighted mean of two heads' label weights: linear in the labels, as each of them is.</summary>
internal static class Opinions
{
    // docs/audit.md says what it was chosen on.
    private const double ShareOfSecond = 0.2;

    /// <summary>
    /// Adds a second head's part to the first one's weights without rows (<see cref="ILeaveOneOutHead"/>); without a
    /// second head they stay as they are to the bit.
    /// </summary>
    public static void Add(
        ILeaveOneOutHead? second, FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors)
    {
        if (second is null)
            return;
        double[] others = ArrayPool<double>.Shared.Rent(weights.Length);
        double[] otherErrors = new double[rowCount];
        second.ComputeLeaveOneOutWeights(training, firstRow, rowCount, others, stride, otherErrors);
        for (int row = 0; row < rowCount; row++)
        {
            Span<double> own = weights.Slice(row * stride, training.Rows);
            ReadOnlySpan<double> other = others.AsSpan(row * stride, training.Rows);
            double sum = (1 - ShareOfSecond) * Elementwise.SumOfMagnitudes(own)
                + ShareOfSecond * Elementwise.SumOfMagnitudes(other);
            for (int j = 0; j < own.Length; j++)
                own[j] = (1 - ShareOfSecond) * own[j] + ShareOfSecond * other[j];

            // Both shares, both products and the sum round, and so may the weights of the head that is fitted again.
            errors[row] = (1 - ShareOfSecond) * errors[row] + ShareOfSecond * otherErrors[row] + 8 * Rounding.Epsilon * sum;
        }

        ArrayPool<double>.Shared.Return(others);
    }
}
