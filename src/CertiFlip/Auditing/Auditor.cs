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
        _votes = new RowVotes(labels, head, KernelSet.Best, _allowed);
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
        return ConcludeFrom(LeaveOut(training, 0, training.Rows, true, progress, cancellationToken), null, cancellationToken);
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
        AuditRow[] audited = LookAt(tests, truth, 0, tests.Rows, progress, cancellationToken);
        return ConcludeFrom(LeaveOut(training, 0, training.Rows, false, progress, cancellationToken), audited, cancellationToken);
    }

    /// <summary>
    /// Looks at some training rows as the others see them: a part of an audit. A row does not depend on which others
    /// are looked at with it.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="areAudited">Whether these rows are also those whose predictions are audited.</param>
    /// <param name="progress">
    /// Is told how many more rows are done: <paramref name="rows"/> in all, and as many again where they are audited.
    /// </param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <exception cref="ArgumentException">There are not n rows, or not these.</exception>
    /// <exception cref="HeadException">A row cannot be left out.</exception>
    public IReadOnlyList<AuditRow> LookAtTraining(
        FeatureMatrix training, int firstRow, int rows, bool areAudited, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckTraining(training);
        CheckRange(training.Rows, firstRow, rows);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("audit").Of(rows);
        return LeaveOut(training, firstRow, rows, areAudited, progress, cancellationToken);
    }

    /// <summary>Looks at the predictions of some test rows: a part of an audit.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="truth">
    /// Their m classes; a row that is predicted wrongly is not counted then. If empty, every row is counted.
    /// </param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="progress">Is told how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <exception cref="ArgumentException">There are true classes, but not m of them, or not these rows.</exception>
    /// <exception cref="HeadException">
    /// A row is so far from the training rows that its label weights overflow.
    /// </exception>
    public IReadOnlyList<AuditRow> LookAtTests(
        FeatureMatrix tests, IReadOnlyList<int> truth, int firstRow, int rows, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Count != 0 && truth.Count != tests.Rows)
            throw new ArgumentException($"There are {truth.Count} true classes for {tests.Rows} rows.", nameof(truth));
        CheckRange(tests.Rows, firstRow, rows);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("audit").Of(rows);
        return LookAt(tests, truth, firstRow, rows, progress, cancellationToken);
    }

    /// <summary>
    /// Puts the parts of an audit together: the same as <see cref="Audit(FeatureMatrix, IProgress{int}?,
    /// CancellationToken)"/>, or where there are test rows its overload. The rows are used up by it.
    /// </summary>
    /// <param name="training">All n training rows, in order.</param>
    /// <param name="tests">All test rows; null where the predictions of the training rows are audited.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">These are not the rows of an audit.</exception>
    public LabelAudit Conclude(
        IReadOnlyList<AuditRow> training, IReadOnlyList<AuditRow>? tests = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Count != _labels.Count || training.Index().Any(row => row.Item.LeftOut?.Label != _labels[row.Index])
            || (tests is null && training.Any(row => row.Audited is null)))
            throw new ArgumentException("These are not the training rows of this audit.", nameof(training));
        return ConcludeFrom(training, tests, cancellationToken);
    }

    /// <summary>Reads a row that an auditor with the same head, labels and options has looked at.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    /// <exception cref="EndOfStreamException">There is less than a row.</exception>
    public AuditRow ReadRow(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return AuditRow.Read(reader, _labels.ClassCount, () => _allowed.HasUnitCosts
            ? AuditedRow.Read(reader, _labels, _allowed)
            : PricedAuditedRow.Read(reader, _labels, _head.TwoClassRule, _options.Adversary));
    }

    private static void CheckRange(int all, int firstRow, int rows)
    {
        if (firstRow < 0 || rows < 0 || firstRow > all - rows)
            throw new ArgumentException($"Rows are numbered 0 to {all - 1}.", nameof(firstRow));
    }

    private void CheckTraining(FeatureMatrix training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Rows != _labels.Count)
            throw new ArgumentException($"There are {training.Rows} training rows, but {_labels.Count} labels.", nameof(training));
    }

    private IAuditedRow AuditedOf(Vote vote) =>
        _allowed.HasUnitCosts ? AuditedRow.Of(vote, Removals) : new PricedAuditedRow(vote, _head.TwoClassRule, _options.Adversary);

    private AuditRow[] LookAt(
        FeatureMatrix tests, IReadOnlyList<int> truth, int firstRow, int rows, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var audited = new AuditRow[rows];
        _votes.ForEach(
            rows, "Test row",
            (first, count, weights, lifts) => _head.Compute(tests, firstRow + first, count, weights, _votes.Stride, lifts),
            (row, vote) =>
            {
                bool isCounted = truth.Count == 0 || vote.HeadPrediction == truth[firstRow + row];
                audited[row] = new AuditRow(null, isCounted ? AuditedOf(vote) : null);
            },
            Parallelism(cancellationToken), progress);
        return audited;
    }

    /// <summary>
    /// Looks at training rows as the others see them: what the head says of each alone, and then with the second
    /// opinion whether its label is contradicted.
    /// </summary>
    private AuditRow[] LeaveOut(
        FeatureMatrix training, int firstRow, int rows, bool areAudited, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var found = new AuditRow[rows];
        var audited = new IAuditedRow?[areAudited ? rows : 0];
        Action<int, Vote> look = (row, vote) =>
            found[row] = new AuditRow(LeftOutRow.Of(vote, firstRow + row), areAudited ? audited[row] : null);
        RowVotes.WeightsWithoutRows head = (first, count, weights, errors, lifts) =>
            _head.ComputeLeftOut(training, firstRow + first, count, weights, _votes.Stride, errors, lifts);
        RowVotes.WeightsWithoutRows both = (first, count, weights, errors, lifts) =>
        {
            if (!areAudited)
                head(first, count, weights, errors, lifts);
            Opinions.Add(_options.SecondOpinion, training, firstRow + first, count, weights, _votes.Stride, errors, lifts);
        };
        _votes.ForEachLeftOut(
            rows, areAudited ? [(head, (row, vote) => audited[row] = AuditedOf(vote)), (both, look)] : [(both, look)],
            Parallelism(cancellationToken), progress);
        return found;
    }

    private LabelAudit ConcludeFrom(
        IReadOnlyList<AuditRow> training, IReadOnlyList<AuditRow>? tests, CancellationToken cancellationToken)
    {
        LeftOutRow[] leftOut = [.. training.Select(row => row.LeftOut!.Value)];
        IAuditedRow[] counted = [.. (tests ?? training).Select(row => row.Audited).OfType<IAuditedRow>()];
        var contradictions = Contradictions.Of(leftOut, _labels.ClassCount);
        var order = new SuggestionOrder(counted, _labels.Count, _allowed, Parallelism(cancellationToken));
        long total = order.TotalRadius;
        IReadOnlyList<Suggestion> suggestions = order.Suggest(_labels, leftOut, contradictions, _options.Budget);
        (int clear, int doubtful) = (contradictions.Clear.Count, contradictions.Doubtful.Count);
        return new LabelAudit(suggestions, (tests ?? training).Count, counted.Length, total, clear + doubtful, clear);
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
    /// second head they stay as they are to the bit. A lift is the first one's, and so loses the second one's share.
    /// </summary>
    public static void Add(
        ILeaveOneOutHead? second, FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride,
        Span<double> errors, Span<double> lifts)
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
            (double sumOfOwn, double sumOfOther) = Elementwise.Combine(1 - ShareOfSecond, own, ShareOfSecond, other);
            double sum = (1 - ShareOfSecond) * sumOfOwn + ShareOfSecond * sumOfOther;

            // Both shares, both products and the sum round, and so may the weights of the head that is fitted again.
            errors[row] = (1 - ShareOfSecond) * errors[row] + ShareOfSecond * otherErrors[row] + 8 * Rounding.Epsilon * sum;
            if (!lifts.IsEmpty)
            {
                lifts[row] *= 1 - ShareOfSecond;
                errors[row] += 8 * Rounding.Epsilon * Math.Abs(lifts[row]);
            }
        }

        ArrayPool<double>.Shared.Return(others);
    }
}
