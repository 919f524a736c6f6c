using CertiFlip.Partition;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>
/// Certifies the predictions of a vote of heads, each fitted to a part of the training rows of its own (SS-DPA, Levine and Feizi 2021), for
/// labels that an adversary may have flipped. A flipped label changes one part's vote and no other.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class PartitionCertifier
{
    // Enough rows that solving for their weights pays in parts of a few dozen training rows.
    private const int TileRows = 64;

    private readonly TrainedPart?[] _parts;
    private readonly AllowedFlips _allowed;
    private readonly ClassLabels _labels;
    private readonly int _features;
    private readonly PartitionCertifierOptions _options;

    private PartitionCertifier(TrainedPart?[] parts, AllowedFlips allowed, ClassLabels labels, int features, PartitionCertifierOptions options) =>
        (_parts, _allowed, _labels, _features, _options) = (parts, allowed, labels, features, options);

    /// <summary>Whether any part's head was fitted with the help of labels, so that radii hold only for heads that are held fixed.</summary>
    public bool IsConditional => _parts.Any(part => part is { DependsOnLabels: true });

    /// <summary>Fits a head to every part, in parallel.</summary>
    /// <param name="features">Training features (n × k), which must not have been made by looking at the labels.</param>
    /// <param name="labels">Their n labels, which may be wrong.</param>
    /// <param name="partition">The same features in P parts. An empty part votes for class 0 and has no head.</param>
    /// <param name="fitHead">
    /// Fits a head to the features of a part. It is given the part's labels too, for rules that need them; a head that it lets them into must
    /// say so (<see cref="IHead.DependsOnLabels"/>). Called from several threads at once.
    /// </param>
    /// <param name="options">Which certificates to compute; all of them if not given.</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more parts are fitted.</param>
    /// <param name="cancellation">Stops the work between parts.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, or the adversary's limits are for other labels.</exception>
    /// <exception cref="HeadException">A head cannot be fitted; the message names the first such part.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public static PartitionCertifier Fit(
        FeatureMatrix features,
        ClassLabels labels,
        FeaturePartition partition,
        Func<FeatureMatrix, ClassLabels, IHead> fitHead,
        PartitionCertifierOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(fitHead);
        if (labels.Count != features.Rows)
            throw new ArgumentException($"There are {labels.Count} labels for {features.Rows} training rows.", nameof(labels));
        if (partition.Rows != features.Rows)
            throw new ArgumentException($"The partition has {partition.Rows} rows, but there are {features.Rows} training rows.", nameof(partition));

        options ??= new PartitionCertifierOptions();
        var allowed = new AllowedFlips(labels, options.Adversary);
        var parts = new TrainedPart?[partition.Count];
        var failures = new HeadException?[partition.Count];
        Parallel.For(0, parts.Length, Parallelism(options, cancellation), part =>
        {
            ReadOnlySpan<int> rows = partition.RowsOf(part);
            try
            {
                if (rows.Length > 0)
                    parts[part] = TrainedPart.Fit(part, features, labels, allowed, rows, fitHead);
            }
            catch (HeadException exception)
            {
                failures[part] = exception;
            }

            progress?.Report(1);
        });
        ThrowFirst(failures);
        return new PartitionCertifier(parts, allowed, labels, features.Columns, options);
    }

    /// <summary>Certifies the prediction for one row.</summary>
    /// <param name="features">The row's k features, finite.</param>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not the heads', or the row is so far from a part's training rows that its label weights overflow.
    /// </exception>
    public RowCertificates Certify(ReadOnlySpan<double> features) => CertifyBatch(new FeatureMatrix(1, features.Length, features.ToArray()))[0];

    /// <summary>Certifies the predictions for many rows, in parallel. A row gets the same answer as it would alone, to the bit.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellation">Stops the work between parts.</param>
    /// <returns>m results, in the order of the rows. The vote has no noise, so <see cref="RowCertificates.LogFailure"/> is NaN.</returns>
    /// <exception cref="HeadException">
    /// The number of features is not the heads', or a row is so far from a part's training rows that its label weights overflow.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != _features)
            throw new HeadException($"The heads were fitted to {_features} features, but the test rows have {tests.Columns}.");
        var results = new RowCertificates[tests.Rows];
        var failures = new HeadException?[tests.Rows];
        Parallel.For(0, (tests.Rows + TileRows - 1) / TileRows, Parallelism(_options, cancellation), tile =>
        {
            int first = tile * TileRows;
            var ballots = new Ballots(Math.Min(TileRows, tests.Rows - first), _parts, _allowed, _labels, _options.Certificates);
            try
            {
                ballots.CastAll(tests, first, failures.AsSpan(first), cancellation);
                for (int row = 0; row < ballots.Rows; row++)
                {
                    if (failures[first + row] is null)
                        results[first + row] = ballots.Certify(row);
                }
            }
            catch (HeadException exception)
            {
                failures[first] ??= exception;
            }

            progress?.Report(ballots.Rows);
        });
        ThrowFirst(failures);
        return results;
    }

    private static ParallelOptions Parallelism(PartitionCertifierOptions options, CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };

    /// <summary>Not the first to happen but the first in the data, so that the message does not depend on the threads.</summary>
    private static void ThrowFirst(HeadException?[] failures)
    {
        if (Array.Find(failures, failure => failure is not null) is { } first)
            throw first;
    }
}
