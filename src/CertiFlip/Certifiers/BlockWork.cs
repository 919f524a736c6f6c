using CertiFlip.Blocks;
using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Matrices;
using CertiFlip.Smoothed;

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
    // Test rows whose histograms are kept at a time, and of which label weights are computed together.
    private const int TileRows = 1024, GroupRows = 16;

    private static readonly BlockStage Fit = new("fit", BlockStageItems.Nothing);
    private static readonly BlockStage Coarse = new("coarse", BlockStageItems.TrainingBlocks);
    private static readonly BlockStage Choose = new("choose", BlockStageItems.TestRows);
    private static readonly BlockStage Fine = new("fine", BlockStageItems.TrainingBlocks);
    private static readonly BlockStage Narrow = new("narrow", BlockStageItems.TestRows);
    private static readonly BlockStage Last = new("last", BlockStageItems.TrainingBlocks);

    // One for each pass of a fit over the rows.
    private static readonly BlockStage[] Sums =
        [.. ((string[])["largest", "means", "residuals", "products"]).Select(name => new BlockStage(name, BlockStageItems.TrainingBlocks))];

    private readonly int _rows, _columns, _tests;
    private readonly ClassList _classes;
    private readonly CertifierOptions _options;
    private readonly RidgeHeadChoice _choice;
    private readonly BlockSizes _sizes;

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
    }

    /// <summary>
    /// The stages in their order: four sums over training rows, the fit, then histograms of label weights (coarse),
    /// what they leave open (choose), a finer look at that (fine, narrow, last).
    /// </summary>
    public static IReadOnlyList<BlockStage> Stages { get; } = [.. Sums, Fit, Coarse, Choose, Fine, Narrow, Last];

    /// <summary>How many of the stages come before the first that needs test rows.</summary>
    internal static int FitStages => Sums.Length + 1;

    /// <summary>Number of blocks of training rows: 65,536 rows each, the last with what is left.</summary>
    public int Blocks => BlockSums.CountOf(_rows, _sizes.BlockRows);

    private Noise? Noise => _options.Certificates.Any(kind => kind.NeedsNoise) ? _options.Noise : null;

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
            long histograms = (long)Math.Min(TileRows, _tests) * 2 * _classes.Count * Buckets * BytesOfBucket;
            return sizeof(double) * (4L * _columns * _columns + (long)(_sizes.RunRows + TileRows) * _columns) + histograms;
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
        if (Array.IndexOf(Sums, stage) is >= 0 and int pass)
        {
            BlockFit fit = FitAfter(pass, earlier);
            Write(output, writer => fit.Sum(rows.Training, first, count, parallel).Write(writer));
        }
        else if (stage == Fit)
        {
            RidgeHeadState state =
                RidgeHead.StateOf(_rows, _choice.Ridge.LabelFreeRule!, _choice.Intercept, FitAfter(Sums.Length, earlier));
            Write(output, writer => Write(writer, state));
        }
        else if (stage == Coarse)
            RunCoarse(first, count, rows, earlier, output, parallel);
        else if (stage == Choose)
            RunChoose(first, count, earlier, output, parallel);
        else if (stage == Narrow)
            RunNarrow(first, count, earlier, output);
        else
            RunAnswers(stage, first, count, rows, earlier, output, parallel);
    }

    /// <summary>The certificates, once every part of every stage is there.</summary>
    /// <param name="earlier">Opens the parts of a stage.</param>
    /// <returns>m results, in the order of the rows.</returns>
    /// <exception cref="InvalidDataException">A part is not what it should be.</exception>
    public IReadOnlyList<RowCertificates> Finish(Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        Radius kept = RadiusOfClasses(earlier);
        var tight = Noise is null ? null : new TightCertificate(Noise, _rows);
        var states = new RowState[_tests];
        foreach ((int first, int count) in Tiles(0, _tests))
        {
            RowState[] narrow = ReadStates(Narrow, first, count, earlier);
            RowAnswers[] answers = ReadAnswers(Last, first, narrow, earlier);
            for (int i = 0; i < count; i++)
                states[first + i] = narrow[i].With(answers[i], Noise, _sizes.RunRows);
        }

        return [.. states.Select(state => Certificates(state, tight, kept))];
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
        using Stream part = earlier(Fit).Single();
        var reader = new BinaryReader(part);
        double[] Numbers(long count) => [.. Enumerable.Range(0, checked((int)count)).Select(_ => reader.ReadDouble())];
        return new RidgeHeadState
        {
            Intercept = _choice.Intercept,
            Lambda = reader.ReadDouble(),
            Scales = Numbers(_columns),
            Means = Numbers(_columns),
            Factor = Numbers(_columns * (_columns + 1L) / 2),
            Multiplied = [],
        };
    }

    private static void Write(BinaryWriter writer, RidgeHeadState state)
    {
        foreach (double number in (IEnumerable<double>)[state.Lambda, .. state.Scales, .. state.Means, .. state.Factor])
            writer.Write(number);
    }

    private static void Write(Stream output, Action<BinaryWriter> write)
    {
        var writer = new BinaryWriter(output);
        write(writer);
        writer.Flush();
    }

    private static IEnumerable<(int First, int Count)> Tiles(int first, int count)
    {
        for (int tile = first; tile < first + count; tile += TileRows)
            yield return (tile, Math.Min(TileRows, first + count - tile));
    }

    /// <summary>The fit when so many passes are over.</summary>
    private BlockFit FitAfter(int passes, Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        var fit = new BlockFit(_rows, _columns, ColumnUnit.Own, _choice.Intercept, _sizes.BlockRows);
        for (int pass = 0; pass < passes; pass++)
        {
            BlockSums sums = fit.NewSums();
            foreach (Stream part in earlier(Sums[pass]))
            {
                using (part)
                    sums.Read(new BinaryReader(part));
            }

            fit.Take(sums);
        }

        return fit;
    }

    private void RunCoarse(
        int firstBlock, int blocks, BlockInput rows, Func<BlockStage, IEnumerable<Stream>> earlier, Stream output, ParallelOptions parallel)
    {
        var ridge = new BlockRidge(ReadFit(earlier), _rows);
        long[] counts = new long[_classes.Count];
        ForEachRun(rows, firstBlock, blocks, labels =>
        {
            for (int c = 0; c < counts.Length; c++)
                counts[c] += labels.CountOf(c);
        });
        Write(output, writer => Array.ForEach(counts, writer.Write));
        var blobs = new RowBlobWriter(output, firstRow: 0, counts.Length * sizeof(long));
        foreach ((int first, int count) in Tiles(0, _tests))
        {
            WeightHistogram[] histograms = [.. Enumerable.Range(0, count).Select(_ => new WeightHistogram(_classes.Count))];
            ForEachWeights(ridge, rows, firstBlock, blocks, first, count, _ => true, parallel, (row, c, weights, _) =>
            {
                try
                {
                    histograms[row].Add(c, weights);
                }
                catch (ArgumentException)
                {
                    throw Overflow(first + row);
                }
            });
            foreach (WeightHistogram histogram in histograms)
                blobs.Add(histogram.Write);
        }

        blobs.Finish();
    }

    private void RunChoose(
        int firstRow, int rowCount, Func<BlockStage, IEnumerable<Stream>> earlier, Stream output, ParallelOptions parallel)
    {
        using var parts = new RowBlobs(earlier(Coarse));
        var blobs = new RowBlobWriter(output, firstRow);
        foreach ((int first, int count) in Tiles(firstRow, rowCount))
        {
            WeightHistogram[] histograms = [.. Enumerable.Range(0, count).Select(_ => new WeightHistogram(_classes.Count))];
            parts.Read(first, count, (row, reader) => histograms[row - first].Read(reader));
            var states = new RowState[count];
            bool isExactWanted = _options.Certificates.Contains(CertificateKind.Exact);
            Parallel.For(0, count, parallel, i =>
            {
                var vote = new BlockVote(_classes, histograms[i]);
                states[i] = double.IsFinite(vote.Magnitude) ? RowState.Of(vote, isExactWanted, Noise, _rows) : throw Overflow(first + i);
            });
            foreach (RowState state in states)
                blobs.Add(state.Write);
        }

        blobs.Finish();
    }

    private void RunNarrow(int firstRow, int rowCount, Func<BlockStage, IEnumerable<Stream>> earlier, Stream output)
    {
        var blobs = new RowBlobWriter(output, firstRow);
        foreach ((int first, int count) in Tiles(firstRow, rowCount))
        {
            RowState[] chosen = ReadStates(Choose, first, count, earlier);
            RowAnswers[] answers = ReadAnswers(Fine, first, chosen, earlier);
            for (int i = 0; i < count; i++)
                blobs.Add(chosen[i].With(answers[i], Noise, _sizes.RunRows).Write);
        }

        blobs.Finish();
    }

    /// <summary>Answers what the stage before has left open.</summary>
    private void RunAnswers(
        BlockStage stage, int firstBlock, int blocks, BlockInput rows, Func<BlockStage, IEnumerable<Stream>> earlier, Stream output,
        ParallelOptions parallel)
    {
        var ridge = new BlockRidge(ReadFit(earlier), _rows);
        var blobs = new RowBlobWriter(output, firstRow: 0);
        foreach ((int first, int count) in Tiles(0, _tests))
        {
            RowState[] states = ReadStates(stage == Fine ? Choose : Narrow, first, count, earlier);
            RowAnswers[] answers = NewAnswers(stage, states);
            ForEachWeights(
                ridge, rows, firstBlock, blocks, first, count, row => states[row].IsOpen, parallel,
                (row, c, weights, room) => answers[row].Add(states[row], c, weights, Noise, room));
            foreach (RowAnswers answer in answers)
                blobs.Add(answer.Write);
        }

        blobs.Finish();
    }

    private RowAnswers[] NewAnswers(BlockStage stage, RowState[] states) =>
        [.. states.Select(state => new RowAnswers(state, stage == Last ? int.MaxValue : _sizes.FewMoves))];

    private RowAnswers[] ReadAnswers(BlockStage stage, int first, RowState[] states, Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        RowAnswers[] answers = NewAnswers(stage, states);
        using var parts = new RowBlobs(earlier(stage));
        parts.Read(first, states.Length, (row, reader) => answers[row - first].Read(reader));
        return states.Index().Any(state => state.Item.IsOpen && answers[state.Index].Rows != _rows)
            ? throw new InvalidDataException($"The parts of the stage {stage.Name} are not those of all {_rows} training rows.")
            : answers;
    }

    private static RowState[] ReadStates(BlockStage stage, int first, int count, Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        var states = new RowState[count];
        using var parts = new RowBlobs(earlier(stage));
        parts.Read(first, count, (row, reader) => states[row - first] = RowState.Read(reader));
        return Array.IndexOf(states, null) is >= 0 and int missing
            ? throw new InvalidOperationException($"Test row {first + missing} is in no part of the stage {stage.Name}.")
            : states;
    }

    /// <summary>Goes over the label weights of some test rows, class by class.</summary>
    private void ForEachWeights(
        BlockRidge ridge, BlockInput rows, int firstBlock, int blocks, int firstTest, int tests, Func<int, bool> isWanted,
        ParallelOptions parallel, WeightsOfClass look)
    {
        int groups = (tests + GroupRows - 1) / GroupRows, stride = Tile.PadWidth(_sizes.RunRows);
        int CountIn(int group) => Math.Min(GroupRows, tests - group * GroupRows);
        int[] wanted = [.. Enumerable.Range(0, groups).Where(group =>
            Enumerable.Range(group * GroupRows, CountIn(group)).Any(isWanted))];
        if (wanted.Length == 0)
            return;
        double[][] z = new double[groups][];
        Parallel.ForEach(wanted, parallel, group => z[group] = ridge.Solve(rows.Tests, firstTest + group * GroupRows, CountIn(group)));
        ForEachRun(rows, firstBlock, blocks, labels => { }, (firstRow, labels) =>
        {
            PackedRows packed = ridge.Pack(rows.Training, firstRow, labels.Count, parallel);
            Parallel.ForEach(wanted, parallel, () => new Room(stride), (group, _, room) =>
            {
                ridge.ComputeWeights(packed, z[group], room.Weights, stride);
                for (int i = 0; i < CountIn(group); i++)
                {
                    int row = group * GroupRows + i;
                    if (!isWanted(row))
                        continue;
                    Scatter(room.Weights.AsSpan(i * stride, labels.Count), labels.PlacesByClass, room.ByClass);
                    for (int c = 0; c < _classes.Count; c++)
                        look(row, c, room.ByClass.AsSpan(0, labels.Count)[labels.RangeOf(c)], room.Collected);
                }

                return room;
            }, static _ => { });
        });
    }

    /// <summary>Goes over the training rows in short runs, which end where a block does.</summary>
    private void ForEachRun(BlockInput rows, int firstBlock, int blocks, Action<ClassLabels> look, Action<int, ClassLabels>? work = null)
    {
        int end = (int)Math.Min(_rows, (firstBlock + (long)blocks) * _sizes.BlockRows);
        for (int first = firstBlock * _sizes.BlockRows; first < end; first += _sizes.RunRows)
        {
            int[] classes = new int[Math.Min(_sizes.RunRows, end - first)];
            rows.Labels(first, classes);
            var labels = new ClassLabels(classes, _classes);
            look(labels);
            work?.Invoke(first, labels);
        }
    }

    private static void Scatter(ReadOnlySpan<double> weights, ReadOnlySpan<int> places, Span<double> byClass)
    {
        for (int i = 0; i < weights.Length; i++)
            byClass[places[i]] = weights[i];
    }

    private static HeadException Overflow(int row) => new(
        $"Test row {row} (counting from 0) is so far from the training rows that its label weights overflow. Check its features' units.");

    private Radius RadiusOfClasses(Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        long[] counts = new long[_classes.Count];
        foreach (Stream part in earlier(Coarse))
        {
            using (part)
            {
                var reader = new BinaryReader(part);
                for (int c = 0; c < counts.Length; c++)
                    counts[c] += reader.ReadInt64();
            }
        }

        if (counts.Sum() != _rows)
            throw new InvalidDataException($"The parts of the stage {Coarse.Name} are not those of all {_rows} training rows.");
        return _classes.IsStated
            ? Radius.Any
            : counts.Where(count => count > 0).Select(count => Radius.Of((int)(count - 1))).DefaultIfEmpty(Radius.Any).Min();
    }

    private RowCertificates Certificates(RowState state, TightCertificate? tight, Radius kept)
    {
        Certificate Of(CertificateKind kind) => kind == CertificateKind.Exact
            ? new Certificate(kind, state.Prediction,
                state.Survived == PairQuestion.Any ? Radius.Any : Radius.Of((int)state.Survived), true)
            : new Certificate(kind, state.SmoothedPrediction, Smoothed(kind), state.IsCertified);
        Radius Smoothed(CertificateKind kind) => !state.IsCertified ? Radius.Of(0) : Radius.Of(
            kind == CertificateKind.Kl ? KlCertificate.Radius(state.LogFailure, Noise!, _rows) : tight!.Radius(state.LogFailure), _rows);
        Certificate[] certificates = [.. _options.Certificates.Select(Of)
            .Select(certificate => certificate with { AssumesClasses = certificate.IsCertified && certificate.Radius > kept })];
        return new RowCertificates(certificates, state.LogFailure)
        {
            LogChange = Noise is null ? double.NaN : ChernoffBound.LogChange(state.LogFailure, _classes.Count),
        };
    }

    private delegate void WeightsOfClass(int row, int c, ReadOnlySpan<double> weights, Span<double> room);

    /// <summary>What one thread at a time works in.</summary>
    private sealed class Room(int stride)
    {
        public double[] Weights { get; } = new double[GroupRows * stride];

        public double[] ByClass { get; } = new double[stride];

        public double[] Collected { get; } = new double[stride + Tile.Width];
    }
}
