using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CertiFlip.Heads;
using CertiFlip.Kernels;

namespace CertiFlip;

/// <summary>
/// Certifies numbers that are linear in numeric training labels, which an adversary may have changed within their
/// ranges: predictions αᵀy of any head, coefficients of ridge, means of groups and the gaps between them. Nothing
/// tighter is true: radii and intervals are exact, but for what rounding takes.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class RegressionCertifier
{
    private const int MostTileRows = 16;
    private const int MostTileWeights = 1 << 23;

    private readonly IHead _head;
    private readonly NumericLabels _labels;
    private readonly RegressionOptions _options;

    /// <summary>A certifier of a head's predictions.</summary>
    /// <param name="head">A head over n training rows.</param>
    /// <param name="labels">Their n labels, which may be wrong, and what they may be.</param>
    /// <param name="options">What is asked, and against whom; the defaults if not given.</param>
    /// <exception cref="ArgumentException">
    /// The number of labels is not the head's number of training rows, the head looks at labels, a range is too wide,
    /// or the adversary's limits are for other labels or are directions.
    /// </exception>
    public RegressionCertifier(IHead head, NumericLabels labels, RegressionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != head.TrainingRows)
        {
            throw new ArgumentException(
                $"There are {labels.Count} labels, but the head has {head.TrainingRows} training rows.", nameof(labels));
        }

        if (head.DependsOnLabels)
            throw new ArgumentException("The head was computed from labels: no interval covers that.", nameof(head));
        (_head, _labels, _options) = (head, labels, options ?? new RegressionOptions());
        _ = NewMoves();
    }

    private int Stride => Tile.PadWidth(_labels.Count);

    /// <summary>
    /// Fits a head to training rows and certifies its predictions: ridge, unless the options say otherwise.
    /// </summary>
    /// <param name="features">n × k features. They must not have been made by looking at the labels.</param>
    /// <param name="labels">n labels, which may be wrong, and what they may be.</param>
    /// <param name="options">What is asked, and against whom; the defaults if not given.</param>
    /// <exception cref="HeadException">The head cannot be fitted to these features.</exception>
    /// <exception cref="ArgumentException">
    /// The number of labels is not that of the rows, the head looks at labels, a range is too wide, or the adversary's
    /// limits are for other labels or are directions.
    /// </exception>
    public static RegressionCertifier Fit(FeatureMatrix features, NumericLabels labels, RegressionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        options ??= new RegressionOptions();
        if (options.Head.DependsOnLabels)
            throw new ArgumentException("The head is computed from labels: no interval covers that.", nameof(options));
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("fit").Of(features.Rows);
        return new(options.Head.Fit(features, options.Parallelism(CancellationToken.None)), labels, options);
    }

    /// <summary>Certifies the predictions for many rows, in parallel.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="truth">Their m true labels; if empty, they are not known.</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <returns>m results, in the order of the rows.</returns>
    /// <exception cref="ArgumentException">There are true labels, but not m of them, or one is not finite.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or a row is so far from them that its prediction
    /// overflows.
    /// </exception>
    public IReadOnlyList<NumericCertificate> CertifyBatch(
        FeatureMatrix tests, IReadOnlyList<double>? truth = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        truth ??= [];
        if (truth.Count != 0 && (truth.Count != tests.Rows || !truth.All(double.IsFinite)))
            throw new ArgumentException($"There are {truth.Count} true labels for {tests.Rows} rows; each must be finite.", nameof(truth));
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify").Of(tests.Rows);
        var results = new NumericCertificate[tests.Rows];
        ForEachRow(tests, (row, moves) =>
        {
            NumericCertificate certificate = Certify(moves, _options.Kept);
            if (truth.Count > 0 && _options.Tolerance is { } tolerance)
            {
                Radius survived = moves.Survived(KeptRange.Around(truth[row], tolerance), out bool isNear, out _);
                certificate = certificate with { ErrorRadius = isNear ? survived : null };
            }

            results[row] = certificate;
        }, progress, cancellationToken);
        CertiFlipTelemetry.Count(results.Length);
        return results;
    }

    /// <summary>Finds the cheapest allowed changes that move a prediction out of where it should stay.</summary>
    /// <param name="features">The row's k features, finite.</param>
    /// <param name="witness">The changes, where the result is true.</param>
    /// <returns>
    /// Whether there are any: not where nothing that is allowed does it, or where it is not there anyway.
    /// </returns>
    public bool TryFindWitness(ReadOnlySpan<double> features, [NotNullWhen(true)] out NumericWitness? witness)
    {
        NumericWitness? found = null;
        ForEachRow(new FeatureMatrix(1, features.Length, features.ToArray()), (_, moves) =>
        {
            moves.Survived(_options.Kept, out bool _, out LabelMoves.BreakingChanges? broken);
            found = broken is null ? null : moves.WitnessOf(broken);
        }, null, CancellationToken.None);
        witness = found;
        return witness is not null;
    }

    /// <summary>
    /// For each training row, how many predictions its label is relied on by: how often it is among the cheapest
    /// changes that move one out of where it should stay.
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <returns>n numbers.</returns>
    /// <exception cref="HeadException">
    /// A row is so far from the training rows that its prediction overflows.
    /// </exception>
    public IReadOnlyList<int> CountReliance(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        return CountReliance(FindReliance(tests, progress, cancellationToken));
    }

    /// <summary>For each test row, the training rows whose labels its prediction relies on.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <returns>
    /// m lists: the cheapest changes that move the prediction out of where it should stay; none where nothing does.
    /// </returns>
    /// <exception cref="HeadException">
    /// A row is so far from the training rows that its prediction overflows.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<int>> FindReliance(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var found = new IReadOnlyList<int>[tests.Rows];
        ForEachRow(tests, (row, moves) =>
        {
            moves.Survived(_options.Kept, out bool _, out LabelMoves.BreakingChanges? broken);
            found[row] = [.. broken?.Rows ?? []];
        }, progress, cancellationToken);
        return found;
    }

    /// <summary>For each training row, in how many lists it is.</summary>
    /// <param name="reliance">The training rows that each prediction relies on.</param>
    /// <returns>n numbers.</returns>
    /// <exception cref="ArgumentException">There is no such training row.</exception>
    public IReadOnlyList<int> CountReliance(IReadOnlyList<IReadOnlyList<int>> reliance)
    {
        ArgumentNullException.ThrowIfNull(reliance);
        int[] counts = new int[_labels.Count];
        foreach (int row in reliance.SelectMany(rows => rows))
        {
            if (row < 0 || row >= counts.Length)
                throw new ArgumentException($"There is no training row {row}.", nameof(reliance));
            counts[row]++;
        }

        return counts;
    }

    /// <summary>
    /// Each training label beside what the head predicts that is fitted to the other rows: the prediction, and the
    /// fewest of the other labels, or what they cost, that would have to be wrong for the label to be within the
    /// tolerance of it.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <exception cref="InvalidOperationException">
    /// There is no tolerance, or the head cannot leave a row out.
    /// </exception>
    /// <exception cref="HeadException">A row cannot be left out.</exception>
    public IReadOnlyList<LeftOutLabel> LeaveOut(
        FeatureMatrix training, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        LeaveOut(training, 0, training?.Rows ?? 0, progress, cancellationToken);

    /// <inheritdoc cref="LeaveOut(FeatureMatrix, IProgress{int}?, CancellationToken)"/>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="firstRow">The first row that is left out.</param>
    /// <param name="rows">How many are, one after the other.</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <exception cref="ArgumentException">There are no such rows.</exception>
    public IReadOnlyList<LeftOutLabel> LeaveOut(
        FeatureMatrix training, int firstRow, int rows, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (_options.Tolerance is not { } tolerance)
            throw new InvalidOperationException("Labels are held against a tolerance.");
        var labels = new LeftOutLabel[rows];
        ForEachLeftOut(training, firstRow, rows, (row, moves, isCertain) =>
        {
            // What is outside the tolerance must be brought back into it.
            (double label, double value) = (_labels[firstRow + row], moves.Value);
            bool isOutside = false;
            Radius survived = default;
            if (isCertain)
                survived = moves.Survived(KeptRange.Beyond(value, label, tolerance), out isOutside, out _);
            labels[row] = new LeftOutLabel(label, value, isOutside ? survived : null);
        }, progress, cancellationToken);
        return labels;
    }

    /// <summary>
    /// For each training row, how many predictions of training rows its label is relied on by, each by the head that is
    /// fitted without that row: how often it is among the cheapest changes that move one out of where it should stay.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <returns>n numbers.</returns>
    /// <exception cref="InvalidOperationException">The head cannot leave a row out.</exception>
    /// <exception cref="HeadException">A row cannot be left out.</exception>
    public IReadOnlyList<int> CountRelianceLeftOut(
        FeatureMatrix training, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        return CountReliance(FindRelianceLeftOut(training, 0, training.Rows, progress, cancellationToken));
    }

    /// <summary>
    /// For some training rows, the other rows whose labels the prediction relies on of the head that is fitted without
    /// the row.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="firstRow">The first row that is left out.</param>
    /// <param name="rows">How many are, one after the other.</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <returns>A list for each row, as of <see cref="FindReliance"/>.</returns>
    /// <exception cref="ArgumentException">There are no such rows.</exception>
    /// <exception cref="InvalidOperationException">The head cannot leave a row out.</exception>
    /// <exception cref="HeadException">A row cannot be left out.</exception>
    public IReadOnlyList<IReadOnlyList<int>> FindRelianceLeftOut(
        FeatureMatrix training, int firstRow, int rows, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        var found = new IReadOnlyList<int>[rows];
        ForEachLeftOut(training, firstRow, rows, (row, moves, isCertain) =>
        {
            LabelMoves.BreakingChanges? broken = null;
            if (isCertain)
                moves.Survived(_options.Kept, out bool _, out broken);
            found[row] = [.. broken?.Rows ?? []];
        }, progress, cancellationToken);
        return found;
    }

    /// <summary>
    /// Certifies the coefficients of ridge, in the units of the features: whether each stays on its side of 0.
    /// </summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>k results, in the order of the features.</returns>
    /// <exception cref="InvalidOperationException">The head has no coefficients: it is not ridge.</exception>
    /// <exception cref="HeadException">A coefficient overflows.</exception>
    public IReadOnlyList<NumericCertificate> CertifyCoefficients(CancellationToken cancellationToken = default)
    {
        if (_head is not RidgeHead ridge)
            throw new InvalidOperationException("Only ridge has a coefficient for each feature.");
        var results = new NumericCertificate[ridge.Features];
        ForEach(
            ridge.Features, "Coefficient", (first, count, weights) => ridge.ComputeCoefficientWeights(first, count, weights, Stride),
            (row, weights, moves) =>
            {
                moves.Load(weights);
                results[row] = Certify(moves, KeptRange.Sign(moves.Value));
            }, null, cancellationToken);
        return results;
    }

    /// <summary>
    /// Certifies the mean prediction of each group of test rows, and for every two groups the gap between their means:
    /// whether the gap stays on its side of 0.
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="groupOf">The group of each, from 0 (length m).</param>
    /// <param name="groupCount">The number of groups, each of which has a row.</param>
    /// <param name="cancellationToken">Stops the work between rows.</param>
    /// <exception cref="ArgumentException">The groups are not those of m rows, or one is empty.</exception>
    /// <exception cref="HeadException">
    /// A row is so far from the training rows that its prediction overflows.
    /// </exception>
    public GroupMeans CertifyMeans(
        FeatureMatrix tests, IReadOnlyList<int> groupOf, int groupCount, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        ArgumentNullException.ThrowIfNull(groupOf);
        int[] sizes = new int[groupCount];
        foreach (int group in groupOf)
            sizes[group >= 0 && group < groupCount ? group : throw new ArgumentException("There is no such group.", nameof(groupOf))]++;
        if (groupOf.Count != tests.Rows || sizes.Contains(0))
            throw new ArgumentException($"There are {groupOf.Count} groups for {tests.Rows} rows, or a group has none.", nameof(groupOf));
        double[][] means = [.. sizes.Select(_ => new double[_labels.Count])], magnitudes =
            [.. sizes.Select(_ => new double[_labels.Count])];

        // In the order of the rows, so that the sums are the same for any number of threads.
        int rowsAtOnce = Math.Max(Tile.Height, Math.Min(tests.Rows, MostTileWeights / Stride / Tile.Height * Tile.Height));
        double[] weights = new double[Tile.PadHeight(rowsAtOnce) * Stride];
        ParallelOptions parallel = _options.Parallelism(cancellationToken);
        for (int first = 0; first < tests.Rows; first += rowsAtOnce)
        {
            int start = first, count = Math.Min(rowsAtOnce, tests.Rows - first);
            int parts = (count + MostTileRows - 1) / MostTileRows, bands = (Stride + 4095) / 4096;
            Parallel.For(0, parts, parallel, part =>
            {
                int row = part * MostTileRows, rows = Math.Min(MostTileRows, count - row);
                _head.ComputeWeights(tests, start + row, rows, weights.AsSpan(row * Stride, Tile.PadHeight(rows) * Stride), Stride);
            });
            Parallel.For(0, bands, parallel, band =>
            {
                for (int row = 0; row < count; row++)
                {
                    (double[] mean, double[] magnitude) = (means[groupOf[start + row]], magnitudes[groupOf[start + row]]);
                    for (int j = band * 4096; j < Math.Min(mean.Length, (band + 1) * 4096); j++)
                    {
                        mean[j] += weights[row * Stride + j];
                        magnitude[j] += Math.Abs(weights[row * Stride + j]);
                    }
                }
            });
        }

        double reach = LargestLabel();
        double[] doubts = new double[groupCount];
        for (int group = 0; group < groupCount; group++)
        {
            double size = sizes[group];
            for (int j = 0; j < _labels.Count; j++)
                means[group][j] /= size;

            // Sums, the quotient and this bound itself round.
            doubts[group] = 2 * reach * (size + 8) * Rounding.Epsilon * (magnitudes[group].Sum() / size) * (1 + 1e-9);
        }

        LabelMoves moves = NewMoves();
        return new GroupMeans(
            [.. means.Select((mean, group) => Certified(moves, mean, doubts[group], _options.Kept))],
            [
                .. from one in Enumerable.Range(0, groupCount)
                   from other in Enumerable.Range(one + 1, groupCount - one - 1)
                   select new GroupGap(one, other, GapOf(one, other)),
            ]);

        NumericCertificate GapOf(int one, int other)
        {
            double[] gap = [.. means[one].Zip(means[other], (a, b) => a - b)];
            double doubt = doubts[one] + doubts[other] + (2 * reach * Rounding.Epsilon * gap.Sum(Math.Abs) * (1 + 1e-9));
            return Certified(moves, gap, doubt, null);
        }
    }

    /// <summary>Certifies any number that is linear in the labels: whether it stays where the options say.</summary>
    /// <param name="weights">Its n weights.</param>
    /// <exception cref="ArgumentException">
    /// There are not n weights, one is not finite, or the number overflows.
    /// </exception>
    public NumericCertificate CertifyNumber(ReadOnlyMemory<double> weights)
    {
        LabelMoves moves = NewMoves();
        moves.Load(weights);
        return Certify(moves, _options.Kept);
    }

    /// <summary>Certifies a mean or a gap; a gap keeps its sign.</summary>
    private NumericCertificate Certified(LabelMoves moves, double[] weights, double doubt, KeptRange? kept)
    {
        moves.Load(weights, double.IsFinite(doubt) ? doubt : throw Overflow("A test row"));
        return Certify(moves, kept ?? KeptRange.Sign(moves.Value));
    }

    private NumericCertificate Certify(LabelMoves moves, KeptRange range)
    {
        Radius radius = moves.Survived(range, out bool isKept, out _);
        return new NumericCertificate(moves.Value, isKept, radius, [.. _options.Budgets.Select(moves.Within)]);
    }

    private LabelMoves NewMoves() => new(_labels, _options.Adversary);

    private double LargestLabel() =>
        Enumerable.Range(0, _labels.Count).Max(row => Math.Max(Math.Abs(_labels.LowOf(row)), Math.Abs(_labels.HighOf(row))));

    private static HeadException Overflow(string what) => new(
        $"{what} is so far from the training rows that what it makes of labels overflows. Check its features' units.");

    private void ForEachRow(FeatureMatrix tests, Action<int, LabelMoves> look, IProgress<int>? progress, CancellationToken cancellation) =>
        ForEach(
            tests.Rows, "Test row", (first, rows, weights) => _head.ComputeWeights(tests, first, rows, weights, Stride),
            (row, weights, moves) =>
            {
                moves.Load(weights);
                look(row, moves);
            }, progress, cancellation);

    /// <summary>
    /// Looks at the prediction of every training row without it, and whether the doubt about its weights is finite.
    /// </summary>
    private void ForEachLeftOut(
        FeatureMatrix training, int firstRow, int rows, Action<int, LabelMoves, bool> look, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        if (_head is not ILeaveOneOutHead head)
            throw new InvalidOperationException("The head cannot leave a row out.");
        if (firstRow < 0 || rows < 0 || firstRow > training.Rows - rows)
            throw new ArgumentException($"Rows are numbered 0 to {training.Rows - 1}.", nameof(firstRow));
        double reach = LargestLabel();
        double[] errors = new double[rows];
        ForEach(
            rows, "Training row",
            (first, count, weights) =>
                head.ComputeLeaveOneOutWeights(training, firstRow + first, count, weights, Stride, errors.AsSpan(first, count)),
            (row, weights, moves) =>
            {
                double doubt = 2 * errors[row] * reach * (1 + 4 * Rounding.Epsilon);
                moves.Load(weights, double.IsFinite(doubt) ? doubt : 0);
                look(row, moves, double.IsFinite(doubt));
            },
            progress, cancellation);
    }

    /// <summary>Computes weights of a few rows at a time, in parallel, and looks at each row's once.</summary>
    private void ForEach(
        int rows, string name, ComputeRowWeights compute, Action<int, ReadOnlyMemory<double>, LabelMoves> look, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        int tileRows = Math.Clamp(MostTileWeights / Stride / Tile.Height * Tile.Height, Tile.Height, MostTileRows);
        int tiles = (rows + tileRows - 1) / tileRows;
        var failures = new HeadException?[tiles];
        var idle = new ConcurrentBag<(LabelMoves Moves, double[] Weights)>();
        Parallel.For(0, tiles, _options.Parallelism(cancellation), tile =>
        {
            if (!idle.TryTake(out (LabelMoves Moves, double[] Weights) workspace))
                workspace = (NewMoves(), new double[checked(tileRows * Stride)]);
            int first = tile * tileRows, count = Math.Min(tileRows, rows - first), row = 0;
            try
            {
                compute(first, count, workspace.Weights);
                for (; row < count; row++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    look(first + row, workspace.Weights.AsMemory(row * Stride, _labels.Count), workspace.Moves);
                }
            }
            catch (HeadException exception)
            {
                failures[tile] = exception;
            }
            catch (ArgumentException)
            {
                failures[tile] = Overflow($"{name} {first + row} (counting from 0)");
            }

            progress?.Report(count);
            idle.Add(workspace);
        });

        // Not the first to happen but the first in the data, so that the message does not depend on the threads.
        if (Array.Find(failures, failure => failure is not null) is { } firstFailure)
            throw firstFailure;
    }

    private delegate void ComputeRowWeights(int firstRow, int rowCount, Span<double> weights);
}

/// <summary>The means of groups of test rows, and the gaps between them.</summary>
/// <param name="Means">For each group, its mean prediction: whether that stays where the options say.</param>
/// <param name="Gaps">For every two groups, the gap: whether it keeps its sign.</param>
public sealed record GroupMeans(IReadOnlyList<NumericCertificate> Means, IReadOnlyList<GroupGap> Gaps);

/// <summary>How far the mean of one group is above that of another.</summary>
/// <param name="One">The one group.</param>
/// <param name="Other">The other, whose mean is taken from that of the first.</param>
/// <param name="Gap">The difference: whether it keeps its sign.</param>
public sealed record GroupGap(int One, int Other, NumericCertificate Gap);

/// <summary>A training label as the head sees it that is fitted to the other rows.</summary>
/// <param name="Label">The label.</param>
/// <param name="Prediction">What the others predict.</param>
/// <param name="Contradiction">
/// Where the label is further from that than the tolerance, the largest budget within which no changes of the other
/// labels bring it within the tolerance; null where it is not further, or rounding leaves it open.
/// </param>
public readonly record struct LeftOutLabel(double Label, double Prediction, Radius? Contradiction)
{
    /// <summary>By how much the label is above the prediction.</summary>
    public double Residual => Label - Prediction;
}
