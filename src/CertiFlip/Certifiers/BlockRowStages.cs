using CertiFlip.Blocks;
using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Matrices;
using CertiFlip.Smoothed;

namespace CertiFlip;

/// <summary>
/// The stages that certify test rows with training rows in blocks: histograms of label weights (coarse), what they
/// leave open (choose), a finer look at that (fine, narrow, last).
/// </summary>
/// <param name="rows">Number of training rows, n.</param>
/// <param name="tests">Number of test rows, m.</param>
/// <param name="classes">The K classes.</param>
/// <param name="options">The certificates, and the noise of those that need it.</param>
/// <param name="sizes">How training rows are divided.</param>
internal sealed class BlockRowStages(int rows, int tests, ClassList classes, CertifierOptions options, BlockSizes sizes)
{
    /// <summary>Test rows whose histograms are kept at a time.</summary>
    public const int TileRows = 1024;

    // Test rows of which label weights are computed together.
    private const int GroupRows = 16;

    private static readonly BlockStage Coarse = new("coarse", BlockStageItems.TrainingBlocks);
    private static readonly BlockStage Choose = new("choose", BlockStageItems.TestRows);
    private static readonly BlockStage Fine = new("fine", BlockStageItems.TrainingBlocks);
    private static readonly BlockStage Narrow = new("narrow", BlockStageItems.TestRows);
    private static readonly BlockStage Last = new("last", BlockStageItems.TrainingBlocks);

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<BlockStage> All { get; } = [Coarse, Choose, Fine, Narrow, Last];

    private Noise? Noise => options.Certificates.Any(kind => kind.NeedsNoise) ? options.Noise : null;

    /// <summary>Does one part of one of these stages.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="first">The first block or test row of this part.</param>
    /// <param name="count">How many.</param>
    /// <param name="state">The fitted head.</param>
    /// <param name="input">The rows.</param>
    /// <param name="earlier">Opens the parts of an earlier stage.</param>
    /// <param name="output">Receives the part.</param>
    /// <param name="parallel">How many threads work.</param>
    public void Run(
        BlockStage stage, int first, int count, Func<RidgeHeadState> state, BlockInput input,
        Func<BlockStage, IEnumerable<Stream>> earlier, Stream output, ParallelOptions parallel)
    {
        if (stage == Coarse)
            RunCoarse(first, count, new BlockRidge(state(), rows), input, output, parallel);
        else if (stage == Choose)
            RunChoose(first, count, earlier, output, parallel);
        else if (stage == Narrow)
            RunNarrow(first, count, earlier, output);
        else
            RunAnswers(stage, first, count, new BlockRidge(state(), rows), input, earlier, output, parallel);
    }

    /// <summary>The certificates, once every part of every stage is there.</summary>
    public IReadOnlyList<RowCertificates> Finish(Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        Radius kept = RadiusOfClasses(earlier);
        var tight = Noise is null ? null : new TightCertificate(Noise, rows);
        var states = new RowState[tests];
        foreach ((int first, int count) in Tiles(0, tests))
        {
            RowState[] narrow = ReadStates(Narrow, first, count, earlier);
            RowAnswers[] answers = ReadAnswers(Last, first, narrow, earlier);
            for (int i = 0; i < count; i++)
                states[first + i] = narrow[i].With(answers[i], Noise, sizes.RunRows);
        }

        return [.. states.Select(state => Certificates(state, tight, kept))];
    }

    private static IEnumerable<(int First, int Count)> Tiles(int first, int count)
    {
        for (int tile = first; tile < first + count; tile += TileRows)
            yield return (tile, Math.Min(TileRows, first + count - tile));
    }

    private void RunCoarse(
        int firstBlock, int blocks, BlockRidge ridge, BlockInput input, Stream output, ParallelOptions parallel)
    {
        long[] counts = new long[classes.Count];
        ForEachRun(input, firstBlock, blocks, labels =>
        {
            for (int c = 0; c < counts.Length; c++)
                counts[c] += labels.CountOf(c);
        });
        var writer = new BinaryWriter(output);
        Array.ForEach(counts, writer.Write);
        writer.Flush();
        var blobs = new RowBlobWriter(output, firstRow: 0, counts.Length * sizeof(long));
        foreach ((int first, int count) in Tiles(0, tests))
        {
            WeightHistogram[] histograms = [.. Enumerable.Range(0, count).Select(_ => new WeightHistogram(classes.Count))];
            ForEachWeights(ridge, input, firstBlock, blocks, first, count, _ => true, parallel, (row, c, weights, _) =>
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
            WeightHistogram[] histograms = [.. Enumerable.Range(0, count).Select(_ => new WeightHistogram(classes.Count))];
            parts.Read(first, count, (row, reader) => histograms[row - first].Read(reader));
            var states = new RowState[count];
            bool isExactWanted = options.Certificates.Contains(CertificateKind.Exact);
            Parallel.For(0, count, parallel, i =>
            {
                var vote = new BlockVote(classes, histograms[i]);
                states[i] = double.IsFinite(vote.Magnitude) ? RowState.Of(vote, isExactWanted, Noise, rows) : throw Overflow(first + i);
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
                blobs.Add(chosen[i].With(answers[i], Noise, sizes.RunRows).Write);
        }

        blobs.Finish();
    }

    /// <summary>Answers what the stage before has left open.</summary>
    private void RunAnswers(
        BlockStage stage, int firstBlock, int blocks, BlockRidge ridge, BlockInput input,
        Func<BlockStage, IEnumerable<Stream>> earlier, Stream output, ParallelOptions parallel)
    {
        var blobs = new RowBlobWriter(output, firstRow: 0);
        foreach ((int first, int count) in Tiles(0, tests))
        {
            RowState[] states = ReadStates(stage == Fine ? Choose : Narrow, first, count, earlier);
            RowAnswers[] answers = NewAnswers(stage, states);
            ForEachWeights(
                ridge, input, firstBlock, blocks, first, count, row => states[row].IsOpen, parallel,
                (row, c, weights, room) => answers[row].Add(states[row], c, weights, Noise, room));
            foreach (RowAnswers answer in answers)
                blobs.Add(answer.Write);
        }

        blobs.Finish();
    }

    private RowAnswers[] NewAnswers(BlockStage stage, RowState[] states) =>
        [.. states.Select(state => new RowAnswers(state, stage == Last ? int.MaxValue : sizes.FewMoves))];

    private RowAnswers[] ReadAnswers(BlockStage stage, int first, RowState[] states, Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        RowAnswers[] answers = NewAnswers(stage, states);
        using var parts = new RowBlobs(earlier(stage));
        parts.Read(first, states.Length, (row, reader) => answers[row - first].Read(reader));
        return states.Index().Any(state => state.Item.IsOpen && answers[state.Index].Rows != rows)
            ? throw new InvalidDataException($"The parts of the stage {stage.Name} are not those of all {rows} training rows.")
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
        BlockRidge ridge, BlockInput input, int firstBlock, int blocks, int firstTest, int testCount,
        Func<int, bool> isWanted, ParallelOptions parallel, WeightsOfClass look)
    {
        int groups = (testCount + GroupRows - 1) / GroupRows, stride = Tile.PadWidth(sizes.RunRows);
        int CountIn(int group) => Math.Min(GroupRows, testCount - group * GroupRows);
        int[] wanted = [.. Enumerable.Range(0, groups).Where(group =>
            Enumerable.Range(group * GroupRows, CountIn(group)).Any(isWanted))];
        if (wanted.Length == 0)
            return;
        double[][] z = new double[groups][];
        Parallel.ForEach(wanted, parallel, group => z[group] = ridge.Solve(input.Tests, firstTest + group * GroupRows, CountIn(group)));
        ForEachRun(input, firstBlock, blocks, labels => { }, (firstRow, labels) =>
        {
            PackedRows packed = ridge.Pack(input.Training, firstRow, labels.Count, parallel);
            Parallel.ForEach(wanted, parallel, () => new Room(stride), (group, _, room) =>
            {
                ridge.ComputeWeights(packed, z[group], room.Weights, stride);
                for (int i = 0; i < CountIn(group); i++)
                {
                    int row = group * GroupRows + i;
                    if (!isWanted(row))
                        continue;
                    Scatter(room.Weights.AsSpan(i * stride, labels.Count), labels.PlacesByClass, room.ByClass);
                    for (int c = 0; c < classes.Count; c++)
                        look(row, c, room.ByClass.AsSpan(0, labels.Count)[labels.RangeOf(c)], room.Collected);
                }

                return room;
            }, static _ => { });
        });
    }

    /// <summary>Goes over the training rows in short runs, which end where a block does.</summary>
    private void ForEachRun(BlockInput input, int firstBlock, int blocks, Action<ClassLabels> look, Action<int, ClassLabels>? work = null)
    {
        int end = (int)Math.Min(rows, (firstBlock + (long)blocks) * sizes.BlockRows);
        for (int first = firstBlock * sizes.BlockRows; first < end; first += sizes.RunRows)
        {
            int[] own = new int[Math.Min(sizes.RunRows, end - first)];
            input.Labels(first, own);
            var labels = new ClassLabels(own, classes);
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
        long[] counts = new long[classes.Count];
        foreach (Stream part in earlier(Coarse))
        {
            using (part)
            {
                var reader = new BinaryReader(part);
                for (int c = 0; c < counts.Length; c++)
                    counts[c] += reader.ReadInt64();
            }
        }

        if (counts.Sum() != rows)
            throw new InvalidDataException($"The parts of the stage {Coarse.Name} are not those of all {rows} training rows.");
        return classes.IsStated
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
            kind == CertificateKind.Kl ? KlCertificate.Radius(state.LogFailure, Noise!, rows) : tight!.Radius(state.LogFailure), rows);
        Certificate[] certificates = [.. options.Certificates.Select(Of)
            .Select(certificate => certificate with { AssumesClasses = certificate.IsCertified && certificate.Radius > kept })];
        return new RowCertificates(certificates, state.LogFailure)
        {
            LogChange = Noise is null ? double.NaN : ChernoffBound.LogChange(state.LogFailure, classes.Count),
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
