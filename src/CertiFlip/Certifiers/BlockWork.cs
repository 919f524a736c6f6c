using System.Text;
using CertiFlip.Blocks;
using CertiFlip.Heads;
using CertiFlip.Matrices;

namespace CertiFlip;

/// <summary>
/// Certificates of a ridge head whose training rows are more than one machine holds: what each stage does with its
/// blocks of training rows or its test rows, and what it writes for the next.
/// </summary>
/// <remarks>
/// <para>
/// A part is a function of its stage, its range and the parts of earlier stages, so it may be done again, anywhere.
/// However a stage is divided, the certificates are the same to the bit.
/// </para>
/// <para>
/// Predictions and exact radii are those of <see cref="Certifier"/>. <see cref="RowCertificates.LogFailure"/> is a
/// Chernoff bound at a t that follows from a histogram of label weights, where <see cref="Certifier"/> uses all of
/// them: both are valid, and they differ by about a part in 10⁵. docs/soundness.md derives all of this.
/// </para>
/// </remarks>
public sealed class BlockWork
{
    private readonly int _rows, _columns, _tests;
    private readonly ClassList _classes;
    private readonly CertifierOptions _options;
    private readonly RidgeHeadChoice _choice;
    private readonly BlockSizes _sizes;
    private readonly BlockFitStages _fit;
    private readonly BlockRowStages _certification;

    /// <summary>Work on training rows of which only the numbers are known.</summary>
    /// <param name="rows">Number of training rows, n, at least k.</param>
    /// <param name="columns">Number of features, k.</param>
    /// <param name="tests">Number of test rows, m.</param>
    /// <param name="classes">The K classes.</param>
    /// <param name="options">
    /// The head, which must be ridge with a λ that comes from no label, and the certificates: exact, kl and tight. The
    /// adversary must have no limits.
    /// </param>
    /// <exception cref="ArgumentException">The options ask for what cannot be done in blocks.</exception>
    public BlockWork(int rows, int columns, int tests, ClassList classes, CertifierOptions options)
        : this(rows, columns, tests, classes, options, new BlockSizes())
    {
    }

    internal BlockWork(int rows, int columns, int tests, ClassList classes, CertifierOptions options, BlockSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(tests);
        (_rows, _columns, _tests, _classes, _options, _sizes) = (rows, columns, tests, classes, options, sizes);
        _choice = options.Head as RidgeHeadChoice
            ?? throw new ArgumentException($"Training rows in blocks need the head ridge, not {options.Head.Name}.", nameof(options));
        if (classes.Shares.Count > 0)
            throw new ArgumentException("Training rows in blocks need classes without shares: ridge lifts none.", nameof(classes));
        if (_choice.DependsOnLabels)
        {
            throw new ArgumentException(
                "Training rows in blocks need a λ that comes from no label: relative:C or fixed:L.", nameof(options));
        }

        if (rows < columns)
        {
            throw new ArgumentException(
                $"There are fewer training rows ({rows}) than features ({columns}): nothing is gained by blocks of rows.", nameof(rows));
        }

        if (options.Certificates.FirstOrDefault(kind => !IsPossible(kind)) is { } stranger)
        {
            throw new ArgumentException(
                $"The certificate '{stranger}' cannot be computed in blocks: its gains are sorted anew for every t. "
                + "Ask for exact, kl or tight.", nameof(options));
        }

        if (options.Certificates.FirstOrDefault(kind => kind.NeedsNoise) is { } smoothed)
        {
            if (options.Noise is null)
                throw new ArgumentException($"The certificate '{smoothed}' needs a smoothing noise.", nameof(options));
            if (options.Noise.Classes != classes.Count)
            {
                throw new ArgumentException(
                    $"There are {classes.Count} classes, but the noise is for {options.Noise.Classes}.", nameof(options));
            }
        }

        if (!options.Adversary.IsUnlimited)
            throw new ArgumentException("Training rows in blocks need an adversary without limits.", nameof(options));
        _fit = new BlockFitStages(rows, columns, _choice, sizes.BlockRows);
        _certification = new BlockRowStages(rows, tests, classes, options, sizes);
    }

    /// <summary>
    /// The stages in their order: four sums over training rows, the fit, then histograms of label weights (coarse),
    /// what they leave open (choose), a finer look at that (fine, narrow, last).
    /// </summary>
    public static IReadOnlyList<BlockStage> Stages { get; } = [.. BlockFitStages.All, .. BlockRowStages.All];

    /// <summary>Number of blocks of training rows: 65,536 rows each, the last with what is left.</summary>
    public int Blocks => BlockSums.CountOf(_rows, _sizes.BlockRows);

    /// <summary>
    /// About how many seconds one thread needs for a block in the longest stage: k multiplications and a place in a
    /// histogram for every training row and test row, and k² multiplications for every training row.
    /// </summary>
    public double SecondsOfBlock
    {
        get
        {
            const double Multiplication = 4e-10, Place = 1e-8;
            return _sizes.BlockRows * (_columns * Multiplication * (_tests + _columns) + _tests * Place);
        }
    }

    /// <summary>
    /// About how many bytes a part needs beside what the process takes anyway: XᵀX or a run of training rows, and the
    /// histograms of the test rows that are looked at together.
    /// </summary>
    public long Memory
    {
        get
        {
            const int Buckets = 128, BytesOfBucket = 24;
            long histograms = (long)Math.Min(BlockRowStages.TileRows, _tests) * 2 * _classes.Count * Buckets * BytesOfBucket;
            return sizeof(double) * (4L * _columns * _columns + (long)(_sizes.RunRows + BlockRowStages.TileRows) * _columns) + histograms;
        }
    }

    /// <summary>Whether a certificate can be computed in blocks.</summary>
    /// <param name="kind">The certificate.</param>
    public static bool IsPossible(CertificateKind kind) =>
        kind == CertificateKind.Exact || kind == CertificateKind.Kl || kind == CertificateKind.Tight;

    /// <summary>What the parts of a stage divide among themselves: blocks, test rows, or 1.</summary>
    /// <param name="stage">One of <see cref="Stages"/>.</param>
    public int CountOf(BlockStage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.Of switch
        {
            BlockStageItems.TrainingBlocks => Blocks,
            BlockStageItems.TestRows => _tests,
            BlockStageItems.Nothing => 1,
            _ => throw new ArgumentException($"There are no stages of {stage.Of}.", nameof(stage)),
        };
    }

    /// <summary>Does one part of a stage.</summary>
    /// <param name="stage">One of <see cref="Stages"/>.</param>
    /// <param name="first">The first block or test row of this part.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="rows">The rows, of which no others are read than the part needs.</param>
    /// <param name="earlier">
    /// Opens the parts of an earlier stage, each a stream that can seek. They are closed after use.
    /// </param>
    /// <param name="output">Receives the part; it starts where the stream stands, and the stream stays open.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stage has no such part.</exception>
    /// <exception cref="InvalidDataException">An earlier part is not what it should be.</exception>
    /// <exception cref="InvalidOperationException">An earlier part is missing.</exception>
    /// <exception cref="HeadException">The head cannot be fitted, or label weights overflow.</exception>
    public void Run(
        BlockStage stage, int first, int count, BlockInput rows, Func<BlockStage, IEnumerable<Stream>> earlier, Stream output,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, CountOf(stage), nameof(count));
        ParallelOptions parallel = _options.Parallelism(cancellationToken);
        if (BlockFitStages.All.Contains(stage))
        {
            using var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true);
            _fit.Run(stage, first, count, rows.Training, earlier, writer, parallel);
        }
        else
            _certification.Run(stage, first, count, () => _fit.Read(earlier), rows, earlier, output, parallel);
    }

    /// <summary>The certificates, once every part of every stage is there.</summary>
    /// <param name="earlier">Opens the parts of a stage.</param>
    /// <returns>m results, in the order of the rows.</returns>
    /// <exception cref="InvalidDataException">A part is not what it should be.</exception>
    public IReadOnlyList<RowCertificates> Finish(Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return _certification.Finish(earlier);
    }

    /// <summary>
    /// The fitted head, once that stage is done. When label weights are asked of it, it reads all training rows.
    /// </summary>
    /// <param name="training">The training rows.</param>
    /// <param name="earlier">Opens the parts of a stage.</param>
    public RidgeHead Head(FeatureMatrix training, Func<BlockStage, IEnumerable<Stream>> earlier) =>
        RidgeHead.OfState(training, _choice.Ridge.LabelFreeRule!, ReadFit(earlier));

    internal RidgeHeadState ReadFit(Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return _fit.Read(earlier);
    }
}
