using CertiFlip.Partition;
using CertiFlip.Poisoning;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>
/// Certifies the predictions of a vote of heads, each fitted to parts of the training rows, for rows that an adversary
/// may have inserted, removed or changed: Deep Partition Aggregation, and Finite Aggregation where the partition has a
/// spread.
/// </summary>
/// <remarks>
/// <para>
/// The classifier: every head predicts, and the class with the most votes wins, ties going to the smaller class. A head
/// without rows casts no vote. Nothing but its own rows may reach a head. Features must not have been made by looking
/// at the training rows, not even at their features alone: rows that are inserted would move such features everywhere.
/// </para>
/// <para>
/// A head is fitted, asked about every row of a batch and forgotten, so that memory does not grow with the number of
/// heads. Safe to use from several threads at once.
/// </para>
/// </remarks>
public sealed class AggregationCertifier : ICertifier
{
    private const int TileRows = 64;

    // Votes are kept until all heads have voted: two bytes each.
    private const int MostVotes = 1 << 28;

    private readonly TrainingSet _training;
    private readonly RowPartition _partition;
    private readonly Func<FeatureMatrix, IHead> _fitHead;
    private readonly RowCertifierOptions _options;
    private readonly AllowedFlips _allowed;

    /// <summary>A certifier of a vote.</summary>
    /// <param name="training">Rows, any of which may be wrong or missing, with a stated list of classes.</param>
    /// <param name="partition">The same rows in parts.</param>
    /// <param name="fitHead">
    /// Fits a head to the features of the rows that it learns from, and to nothing else. Called from several threads at
    /// once.
    /// </param>
    /// <param name="options">Against whom; any insertion or removal if not given.</param>
    /// <exception cref="ArgumentException">
    /// The numbers of rows differ, the list of classes was read off the labels, or there are more than 30,000 classes.
    /// </exception>
    public AggregationCertifier(
        TrainingSet training, RowPartition partition, Func<FeatureMatrix, IHead> fitHead, RowCertifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentNullException.ThrowIfNull(fitHead);
        if (partition.Rows != training.Features.Rows)
            throw new ArgumentException(
                $"The partition has {partition.Rows} rows, but there are {training.Features.Rows} training rows.", nameof(partition));
        if (!training.Classes.IsStated)
            throw new ArgumentException("The list of classes must be stated: rows could make it another.", nameof(training));
        if (training.Classes.Count > 30_000)
            throw new ArgumentException($"There are {training.Classes.Count} classes: 30,000 at most.", nameof(training));
        (_training, _partition, _fitHead, _options) = (training, partition, fitHead, options ?? new RowCertifierOptions());
        _allowed = new AllowedFlips(training.Labels, LabelFlipAdversary.Unlimited);
        Certificates = [partition.Spread == 1 ? CertificateKind.Dpa : CertificateKind.FiniteAggregation];
    }

    /// <summary>One: that of the partition's kind.</summary>
    public IReadOnlyList<CertificateKind> Certificates { get; }

    /// <summary>False: a head that is fitted with the help of labels is refused.</summary>
    public bool IsConditional => false;

    /// <inheritdoc/>
    /// <exception cref="HeadException">
    /// A head cannot be fitted to its rows, looks at labels, or a test row is so far from them that label weights
    /// overflow.
    /// </exception>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify").Of(tests.Rows);
        var results = new RowCertificates[tests.Rows];
        int most = Math.Max(1, MostVotes / _partition.Count);
        for (int first = 0; first < tests.Rows; first += most)
            CertifySome(tests, first, results.AsMemory(first, Math.Min(most, tests.Rows - first)), progress, cancellationToken);
        CertiFlipTelemetry.Count(results);
        return results;
    }

    private void CertifySome(
        FeatureMatrix tests, int first, Memory<RowCertificates> results, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ParallelOptions parallel = _options.Parallelism(cancellationToken);
        int heads = _partition.Count, rows = results.Length, done = 0;
        short[] votes = new short[rows * heads]; // Those of a test row side by side.
        var failures = new HeadException?[heads];
        Parallel.For(0, heads, parallel, head =>
        {
            try
            {
                Cast(head, tests, first, votes);
            }
            catch (HeadException exception)
            {
                failures[head] = exception;
            }

            // In test rows, of which there are as many as anybody waits for.
            long finished = Interlocked.Increment(ref done);
            progress?.Report((int)(finished * rows / heads - (finished - 1) * rows / heads));
        });
        if (Array.Find(failures, failure => failure is not null) is { } failed)
            throw failed;
        var counting = new AggregatedVotes(_partition, _training.Classes.Count);
        Parallel.For(0, rows, parallel, row =>
        {
            (int winner, int? parts) = counting.Count(votes.AsSpan(row * heads, heads));
            Radius radius = parts is { } least && _options.Adversary.PriceOfParts(least) is { } price ? Radius.Below(price) : Radius.Any;
            results.Span[row] = new RowCertificates([new Certificate(Certificates[0], winner, radius, IsCertified: true)]);
        });
    }

    private void Cast(int head, FeatureMatrix tests, int firstTest, short[] votes)
    {
        int heads = _partition.Count, count = votes.Length / heads;
        int[] rows = [.. _partition.RowsOf(head)];
        if (rows.Length == 0)
        {
            for (int row = 0; row < count; row++)
                votes[row * heads + head] = AggregatedVotes.NoVote;
            return;
        }

        var part = TrainedPart.Fit(head, _training.Features, _training.Labels, _allowed, rows, (own, _) => _fitHead(own));
        if (part.DependsOnLabels)
            throw new HeadException($"Part {head} (counting from 0): a head of a vote against changed rows must not look at labels.");
        PartWeights weights = part.NewWeights(TileRows);
        for (int row = 0; row < count; row++)
        {
            if (row % TileRows == 0)
                part.ComputeWeights(tests, firstTest + row, Math.Min(TileRows, count - row), weights);
            if (!part.TryPredict(weights, row % TileRows, out int prediction))
                throw part.Overflow(firstTest + row);
            votes[row * heads + head] = (short)prediction;
        }
    }
}
