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
        var audited = new IAuditedRow[training.Rows];
        ForEachLeftOut(training, second: null, (row, vote) => audited[row] = AuditedOf(vote), progress, cancellationToken);
        return Conclude(LeaveOut(training, progress, cancellationToken), audited, training.Rows, cancellationToken);
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
        var audited = new IAuditedRow?[tests.Rows];
        RowVotes.WeightsOfRows compute = (first, rows, weights) => _head.ComputeWeights(tests, first, rows, weights, _votes.Stride);
        _votes.ForEach(tests.Rows, "Test row", compute, (row, vote) =>
        {
            if (truth.Count == 0 || vote.HeadPrediction == truth[row])
                audited[row] = AuditedOf(vote);
        }, Parallelism(cancellationToken), progress);
        LeftOutRow[] leftOut = LeaveOut(training, progress, cancellationToken);
        return Conclude(leftOut, [.. audited.OfType<IAuditedRow>()], tests.Rows, cancellationToken);
    }

    private void CheckTraining(FeatureMatrix training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Rows != _labels.Count)
            throw new ArgumentException($"There are {training.Rows} training rows, but {_labels.Count} labels.", nameof(training));
    }

    private IAuditedRow AuditedOf(Vote vote) =>
        _allowed.HasUnitCosts ? AuditedRow.Of(vote, Removals) : new PricedAuditedRow(vote, _head.TwoClassRule, _options.Adversary);

    private LeftOutRow[] LeaveOut(FeatureMatrix training, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var leftOut = new LeftOutRow[training.Rows];
        Action<int, Vote> look = (row, vote) => leftOut[row] = LeftOutRow.Of(vote, row);
        ForEachLeftOut(training, _options.SecondOpinion, look, progress, cancellationToken);
        return leftOut;
    }

    /// <summary>
    /// Looks at every training row as the others see it, with what is in doubt about their label weights.
    /// </summary>
    private void ForEachLeftOut(
        FeatureMatrix training, ILeaveOneOutHead? second, Action<int, Vote> look, IProgress<int>? progress,
        CancellationToken cancellationToken) =>
        _votes.ForEachLeftOut(
            training.Rows,
            (first, rows, weights, errors) =>
                Opinions.ComputeLeaveOneOutWeights(_head, second, training, first, rows, weights, _votes.Stride, errors),
            look, Parallelism(cancellationToken), progress);

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
    /// Computes it as <see cref="ILeaveOneOutHead.ComputeLeaveOneOutWeights"/> does a head's; without a second head,
    /// the first one's to the bit.
    /// </summary>
    public static void ComputeLeaveOneOutWeights(
        ILeaveOneOutHead first, ILeaveOneOutHead? second, FeatureMatrix training, int firstRow, int rowCount, Span<double> weights,
        int stride, Span<double> errors)
    {
        first.ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors);
        if (second is null)
            return;
        double[] others = new double[weights.Length], otherErrors = new double[rowCount];
        second.ComputeLeaveOneOutWeights(training, firstRow, rowCount, others, stride, otherErrors);
        for (int row = 0; row < rowCount; row++)
        {
            double sum = 0;
            for (int j = row * stride; j < row * stride + first.TrainingRows; j++)
            {
                (double own, double other) = ((1 - ShareOfSecond) * weights[j], ShareOfSecond * others[j]);
                sum += Math.Abs(own) + Math.Abs(other);
                weights[j] = own + other;
            }

            // Both shares, both products and the sum round, and so may the weights of the head that is fitted again.
            errors[row] = (1 - ShareOfSecond) * errors[row] + ShareOfSecond * otherErrors[row] + 8 * Rounding.Epsilon * sum;
        }
    }
}
