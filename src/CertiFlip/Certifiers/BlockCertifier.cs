using CertiFlip.Blocks;
using CertiFlip.Heads;

namespace CertiFlip;

/// <summary>
/// <see cref="BlockWork"/> in one process: certificates of a ridge head with the training rows read in blocks, never
/// all at once. Any number of workers gets the same results to the bit.
/// </summary>
/// <remarks>
/// Use <see cref="Certifier"/> where the training rows fit into memory, unless the results are to be compared with
/// those of many machines. Safe to use from several threads at once.
/// </remarks>
public sealed class BlockCertifier : ICertifier
{
    // So many test rows' histograms are kept, and the training rows are read three times for each such batch.
    private const int BatchRows = 1 << 12;

    private readonly TrainingSet _training;
    private readonly CertifierOptions _options;
    private readonly BlockSizes _sizes;
    private readonly Dictionary<BlockStage, byte[]> _fit = [];

    private BlockCertifier(TrainingSet training, CertifierOptions options, BlockSizes sizes) =>
        (_training, _options, _sizes) = (training, options, sizes);

    /// <inheritdoc/>
    public IReadOnlyList<CertificateKind> Certificates => _options.Certificates;

    /// <summary>False: λ comes from no label.</summary>
    public bool IsConditional => false;

    /// <summary>The fitted head.</summary>
    public RidgeHead Head => Work(tests: 0).Head(_training.Features, stage => [new MemoryStream(_fit[stage])]);

    /// <summary>Fits a ridge head to training rows, which may be read from elsewhere.</summary>
    /// <param name="training">Features and labels, at least as many rows as features.</param>
    /// <param name="options">The ridge rule and the certificates; the exact one if not given.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="HeadException">The head cannot be fitted to these features.</exception>
    /// <exception cref="ArgumentException">The options ask for what cannot be done in blocks.</exception>
    public static BlockCertifier Fit(
        TrainingSet training, CertifierOptions? options = null, CancellationToken cancellationToken = default) =>
        Fit(training, options ?? new CertifierOptions(), new BlockSizes(), cancellationToken);

    internal static BlockCertifier Fit(
        TrainingSet training, CertifierOptions options, BlockSizes sizes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        var certifier = new BlockCertifier(training, options, sizes);
        var none = new FeatureMatrix(0, training.Features.Columns, Array.Empty<double>());
        certifier.Run(certifier.Work(tests: 0), none, BlockFitStages.All, certifier._fit, cancellationToken);
        return certifier;
    }

    /// <inheritdoc/>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or a row is so far from them that its label weights
    /// overflow.
    /// </exception>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != _training.Features.Columns)
        {
            throw new HeadException(
                $"The head was fitted to {_training.Features.Columns} features, but the test rows have {tests.Columns}.");
        }

        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify").Of(tests.Rows);
        var results = new List<RowCertificates>(tests.Rows);
        for (int first = 0; first < tests.Rows; first += BatchRows)
        {
            int start = first, count = Math.Min(BatchRows, tests.Rows - first);
            var batch = new FeatureMatrix(count, tests.Columns, (row, features) => tests.CopyRow(start + row, features));
            BlockWork work = Work(count);
            var parts = new Dictionary<BlockStage, byte[]>(_fit);
            Run(work, batch, BlockRowStages.All, parts, cancellationToken);
            results.AddRange(work.Finish(done => [new MemoryStream(parts[done])]));
            progress?.Report(count);
        }

        CertiFlipTelemetry.Count(results);
        return results;
    }

    private BlockWork Work(int tests) =>
        new(_training.Features.Rows, _training.Features.Columns, tests, _training.Classes, _options, _sizes);

    private void Run(
        BlockWork work, FeatureMatrix tests, IEnumerable<BlockStage> stages, Dictionary<BlockStage, byte[]> parts,
        CancellationToken cancellation)
    {
        var rows = new BlockInput(_training.Features, ReadLabels, tests);
        foreach (BlockStage stage in stages)
        {
            using var part = new MemoryStream();
            work.Run(stage, 0, work.CountOf(stage), rows, done => [new MemoryStream(parts[done])], part, cancellation);
            parts[stage] = part.ToArray();
        }
    }

    private void ReadLabels(int firstRow, Span<int> classes)
    {
        for (int i = 0; i < classes.Length; i++)
            classes[i] = _training.Labels[firstRow + i];
    }
}
