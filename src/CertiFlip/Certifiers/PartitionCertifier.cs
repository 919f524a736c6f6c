using CertiFlip.Partition;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>
/// Certifies the predictions of a vote of heads, each fitted to a part of the training rows of its own (SS-DPA, Levine
/// and Feizi 2021), for labels that an adversary may have flipped. A flipped label changes one part's vote and no
/// other.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class PartitionCertifier : ICertifier
{
    // Enough rows that solving for their weights pays in parts of a few dozen training rows.
    private const int TileRows = 128;

    private readonly TrainedPart[] _parts; // Those that have rows: an empty part casts no vote.
    private readonly AllowedFlips _allowed;
    private readonly ClassLabels _labels;
    private readonly ClassAssumption _classes;
    private readonly int _features;
    private readonly PartitionCertifierOptions _options;

    private PartitionCertifier(
        TrainedPart[] parts, AllowedFlips allowed, ClassLabels labels, int features, PartitionCertifierOptions options)
    {
        (_parts, _allowed, _labels, _features, _options) = (parts, allowed, labels, features, options);
        _classes = new ClassAssumption(labels, options.Adversary);
    }

    /// <inheritdoc/>
    public IReadOnlyList<CertificateKind> Certificates => _options.Certificates;

    /// <inheritdoc/>
    public bool IsConditional => _parts.Any(part => part.DependsOnLabels);

    /// <summary>Fits a head to every part, in parallel.</summary>
    /// <param name="training">
    /// Features and labels. The labels may be wrong; the features must not have been made by looking at them.
    /// </param>
    /// <param name="partition">The same features in P parts. An empty part has no head and casts no vote.</param>
    /// <param name="fitHead">
    /// Fits a head to the features of a part. It is given the part's labels too, for rules that need them; a head that
    /// it lets them into must say so (<see cref="IHead.DependsOnLabels"/>). Called from several threads at once.
    /// </param>
    /// <param name="options">Which certificates to compute; all of them if not given.</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more parts are fitted.</param>
    /// <param name="cancellationToken">Stops the work between parts.</param>
    /// <exception cref="ArgumentException">
    /// The numbers of rows differ, or the adversary's limits are for other labels.
    /// </exception>
    /// <exception cref="HeadException">A head cannot be fitted; the message names the first such part.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public static PartitionCertifier Fit(
        TrainingSet training,
        FeaturePartition partition,
        Func<FeatureMatrix, ClassLabels, IHead> fitHead,
        PartitionCertifierOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(fitHead);
        (FeatureMatrix features, ClassLabels labels) = (training.Features, training.Labels);
        if (partition.Rows != features.Rows)
            throw new ArgumentException(
                $"The partition has {partition.Rows} rows, but there are {features.Rows} training rows.", nameof(partition));

        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("fit").Of(features.Rows);
        options ??= new PartitionCertifierOptions();
        var allowed = new AllowedFlips(labels, options.Adversary);
        var parts = new TrainedPart?[partition.Count];
        var failures = new HeadException?[partition.Count];
        Parallel.For(0, parts.Length, options.Parallelism(cancellationToken), part =>
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
        return new PartitionCertifier([.. parts.OfType<TrainedPart>()], allowed, labels, features.Columns, options);
    }

    /// <inheritdoc/>
    public RowCertificates Certify(ReadOnlySpan<double> features) =>
        CertifyBatch(new FeatureMatrix(1, features.Length, features.ToArray()))[0];

    /// <inheritdoc/>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != _features)
            throw new HeadException($"The heads were fitted to {_features} features, but the test rows have {tests.Columns}.");
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify").Of(tests.Rows);
        var results = new RowCertificates[tests.Rows];
        var failures = new HeadException?[tests.Rows];
        Parallel.For(0, (tests.Rows + TileRows - 1) / TileRows, _options.Parallelism(cancellationToken), tile =>
        {
            int first = tile * TileRows;
            var ballots = new Ballots(Math.Min(TileRows, tests.Rows - first), _parts, _allowed, _labels, _options.Certificates);
            try
            {
                ballots.CastAll(tests, first, failures.AsSpan(first), cancellationToken);
                for (int row = 0; row < ballots.Rows; row++)
                {
                    if (failures[first + row] is null)
                        results[first + row] = Marked(ballots.Certify(row));
                }
            }
            catch (HeadException exception)
            {
                failures[first] ??= exception;
            }

            progress?.Report(ballots.Rows);
        });
        ThrowFirst(failures);
        CertiFlipTelemetry.Count(results);
        return results;
    }

    private RowCertificates Marked(RowCertificates row) => row with { Certificates = [.. row.Certificates.Select(_classes.Mark)] };

    /// <summary>
    /// Not the first to happen but the first in the data, so that the message does not depend on the threads.
    /// </summary>
    private static void ThrowFirst(HeadException?[] failures)
    {
        if (Array.Find(failures, failure => failure is not null) is { } first)
            throw first;
    }
}
