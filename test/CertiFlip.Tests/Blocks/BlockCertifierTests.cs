using CertiFlip.Blocks;
using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Blocks;

/// <summary>
/// Certificates over training rows in blocks against those of all rows at once, and one worker against many.
/// </summary>
public class BlockCertifierTests
{
    private static readonly BlockSizes Small = new(BlockRows: 32, RunRows: 16, FewMoves: 2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int, int, int> Cases => new MatrixTheoryData<int, int, int>([40, 97, 640], [2, 3, 5], [1, 2]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Radii_are_those_of_all_rows_at_once(int rows, int classes, int seed)
    {
        (TrainingSet training, FeatureMatrix tests) = Set(rows, classes, seed, copies: seed == 2);
        CertifierOptions options = Options(classes, 0.1);
        IReadOnlyList<RowCertificates> blocks = BlockCertifier.Fit(training, options, Small, Stop)
            .CertifyBatch(tests, cancellationToken: Stop);
        IReadOnlyList<RowCertificates> whole = Certifier.Fit(training, options).CertifyBatch(tests, cancellationToken: Stop);
        for (int row = 0; row < tests.Rows; row++)
        {
            Assert.Equal(whole[row].Exact, blocks[row].Exact);
            Assert.Equal(whole[row][CertificateKind.Tight].Prediction, blocks[row][CertificateKind.Tight].Prediction);
            Assert.InRange(blocks[row].LogFailure, whole[row].LogFailure * (1 + 1e-3) - 1e-9, whole[row].LogFailure * (1 - 2e-3) + 1e-9);
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(5, 3)]
    [InlineData(20, 1)]
    public void Any_number_of_workers_gets_the_same_bits(int workers, int threads)
    {
        (TrainingSet training, FeatureMatrix tests) = Set(640, 3, seed: 4, copies: true);
        CertifierOptions options = Options(3, 0.05) with { Threads = threads };
        IReadOnlyList<RowCertificates> expected = BlockCertifier.Fit(training, options with { Threads = 1 }, Small, Stop)
            .CertifyBatch(tests, cancellationToken: Stop);

        var work = new BlockWork(training.Features.Rows, 4, tests.Rows, training.Classes, options, Small);
        var parts = new Dictionary<BlockStage, byte[][]>();
        IEnumerable<Stream> Open(BlockStage stage) => parts[stage].Reverse().Select(part => new MemoryStream(part));
        foreach (BlockStage stage in BlockWork.Stages)
        {
            int count = work.CountOf(stage), shares = Math.Min(workers, count);
            parts[stage] = [.. Enumerable.Range(0, shares).Select(share =>
            {
                int first = count * share / shares, own = count * (share + 1) / shares - first;
                using var part = new MemoryStream();
                work.Run(stage, first, own, Only(training, tests, stage, first, own), Open, part, Stop);
                return part.ToArray();
            })];
        }

        IReadOnlyList<RowCertificates> found = work.Finish(Open);
        for (int row = 0; row < tests.Rows; row++)
        {
            Assert.Equal(expected[row].Certificates, found[row].Certificates);
            Assert.Equal(expected[row].LogFailure, found[row].LogFailure);
            Assert.Equal(expected[row].LogChange, found[row].LogChange);
        }
    }

    /// <summary>Rows that are left out, or counted twice, are moves that nobody makes, or makes twice.</summary>
    [Theory]
    [InlineData("coarse")]
    [InlineData("fine")]
    public void Parts_that_are_not_of_all_rows_are_refused(string damaged)
    {
        (TrainingSet training, FeatureMatrix tests) = Set(640, 3, seed: 4, copies: false);
        var work = new BlockWork(640, 4, tests.Rows, training.Classes, Options(3, 0.05), Small);
        foreach (int[] taken in (int[][])[[0], [0, 1, 1]])
        {
            var parts = new Dictionary<BlockStage, byte[][]>();
            IEnumerable<Stream> Open(BlockStage stage) =>
                (stage.Name == damaged ? taken.Select(part => parts[stage][part]) : parts[stage]).Select(part => new MemoryStream(part));
            void Work()
            {
                foreach (BlockStage stage in BlockWork.Stages)
                {
                    int count = work.CountOf(stage), half = stage.Of == BlockStageItems.TrainingBlocks ? count / 2 : count;
                    parts[stage] = half == count ? [Part(0, count)] : [Part(0, half), Part(half, count - half)];

                    byte[] Part(int first, int own)
                    {
                        using var part = new MemoryStream();
                        work.Run(stage, first, own, Only(training, tests, stage, first, own), Open, part, Stop);
                        return part.ToArray();
                    }
                }

                work.Finish(Open);
            }

            Assert.Throws<InvalidDataException>(Work);
        }
    }

    [Fact]
    public void The_fit_is_that_of_rows_in_memory()
    {
        (TrainingSet training, FeatureMatrix tests) = Set(50, 2, seed: 1, copies: false);
        var work = new BlockWork(50, 4, tests.Rows, training.Classes, Options(2, 0.1), new BlockSizes());
        var parts = new Dictionary<BlockStage, byte[]>();
        foreach (BlockStage stage in BlockFitStages.All)
        {
            using var part = new MemoryStream();
            work.Run(stage, 0, 1, Only(training, tests, stage, 0, 50), Open, part, Stop);
            parts[stage] = part.ToArray();
        }

        RidgeHeadState found = work.ReadFit(Open), expected = RidgeHead.Fit(training.Features).GetState();
        Assert.Equal(expected.Lambda, found.Lambda);
        Assert.Equal(expected.Means, found.Means);
        Assert.Equal(expected.Factor, found.Factor);

        IEnumerable<Stream> Open(BlockStage stage) => [new MemoryStream(parts[stage])];
    }

    [Fact]
    public void What_cannot_be_done_in_blocks_is_refused()
    {
        CertifierOptions options = Options(2, 0.1);
        ClassList classes = ClassList.Numbered(2);
        void Refuses(CertifierOptions refused, int rows = 100) =>
            Assert.ThrowsAny<ArgumentException>(() => new BlockWork(rows, 4, 1, classes, refused));
        Refuses(options with { Certificates = [CertificateKind.Structured] });
        Refuses(options with { Noise = null });
        Refuses(options with { Noise = new Noise(0.1, 3) });
        Refuses(options with { Adversary = new LabelFlipAdversary { TrustedRows = [1] } });
        Refuses(options with { Head = new RidgeHeadChoice { Ridge = RidgeChoice.TryParse("paper")! } });
        Refuses(options with { Head = new KernelHeadChoice() });
        Refuses(options, rows: 3);
    }

    private static (TrainingSet Training, FeatureMatrix Tests) Set(int rows, int classes, int seed, bool copies)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(rows, 4, classes, seed);
        if (copies)
        {
            // Rows that are the same have weights that are, so that moves tie.
            features = features.SelectRows([.. Enumerable.Range(0, rows).Select(row => row % 7)]);
            labels = [.. labels.Select((label, row) => row % 3 == 0 ? label : labels[row % 7])];
        }

        return (new TrainingSet(features, new ClassLabels(labels, classes)), SomeFeatures.Clouds(21, 4, classes, seed + 9).Features);
    }

    private static CertifierOptions Options(int classes, double noise) => new()
    {
        Certificates = [CertificateKind.Exact, CertificateKind.Kl, CertificateKind.Tight],
        Noise = new Noise(noise, classes),
    };

    /// <summary>Rows of which no others can be read than a part may read.</summary>
    private static BlockInput Only(TrainingSet training, FeatureMatrix tests, BlockStage stage, int first, int count)
    {
        (int from, int end) = stage.Of == BlockStageItems.TrainingBlocks
            ? (first * Small.BlockRows, (first + count) * Small.BlockRows)
            : (0, 0);
        return new BlockInput(
            new FeatureMatrix(training.Features.Rows, training.Features.Columns, (row, features) =>
            {
                Assert.InRange(row, from, end - 1);
                training.Features.CopyRow(row, features);
            }),
            (firstRow, classes) =>
            {
                Assert.InRange(firstRow, from, end - classes.Length);
                for (int i = 0; i < classes.Length; i++)
                    classes[i] = training.Labels[firstRow + i];
            },
            tests);
    }
}
