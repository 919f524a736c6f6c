using CertiFlip.Features;
using CertiFlip.Features.Text;
using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Matrices;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Matrices;

/// <summary>Fits by blocks: the same bits, whoever sums up which blocks.</summary>
public class BlockFitTests
{
    private const int BlockRows = 16;

    private static readonly ParallelOptions OneThread = new() { MaxDegreeOfParallelism = 1 };

    public static TheoryData<int, int> Workers => new MatrixTheoryData<int, int>([1, 15, 16, 17, 33, 100, 250], [1, 2, 3, 5, 16]);

    [Theory]
    [MemberData(nameof(Workers))]
    public void Any_number_of_workers_sums_to_the_same_bits(int rows, int workers)
    {
        FeatureMatrix features = SomeFeatures.Of(rows, 3, seed: rows, (row, column, value) => value * Math.Exp(row % 7 * column));
        var one = new BlockFit(rows, 3, ColumnUnit.Own, Intercept.Fitted, BlockRows);
        one.Run(features, OneThread);

        var many = new BlockFit(rows, 3, ColumnUnit.Own, Intercept.Fitted, BlockRows);
        while (many.Pass != BlockPass.Done)
        {
            // Written by workers, each of which sees its rows alone, and read in another order.
            byte[][] parts = [.. Shares(many.Blocks, workers).Select(share =>
                Written(many.Sum(Only(features, share.First * BlockRows, share.Count * BlockRows), share.First, share.Count, new())))];
            BlockSums whole = many.NewSums();
            foreach (byte[] part in parts.Reverse())
                whole.Read(new BinaryReader(new MemoryStream(part)));
            many.Take(whole);
        }

        Assert.Equal(one.Scaling(Intercept.Fitted).Scales, many.Scaling(Intercept.Fitted).Scales);
        Assert.Equal(one.Scaling(Intercept.Fitted).Means, many.Scaling(Intercept.Fitted).Means);
        Assert.Equal(one.Scaling(Intercept.Fitted).CentredSquares, many.Scaling(Intercept.Fitted).CentredSquares);
        Assert.Equal(one.Gram().Values, many.Gram().Values);
    }

    /// <summary>Rows in memory are summed up some columns at a time, rows from elsewhere all at once.</summary>
    [Theory]
    [InlineData(45)]
    [InlineData(64)]
    [InlineData(71)]
    public void Columns_in_pieces_sum_to_the_same_bits(int columns)
    {
        const int Rows = 1_500;
        FeatureMatrix features =
            SomeFeatures.Of(Rows, columns, seed: columns, (row, column, value) => value * Math.Exp(row % 7 * column % 5));
        var elsewhere = new FeatureMatrix(Rows, columns, features.CopyRow);
        var pieces = new BlockFit(Rows, columns, ColumnUnit.Own, Intercept.Fitted);
        var whole = new BlockFit(Rows, columns, ColumnUnit.Own, Intercept.Fitted);
        ColumnScaling one = pieces.Run(features).Scaling(Intercept.Fitted), other = whole.Run(elsewhere).Scaling(Intercept.Fitted);
        Assert.Equal(other.Scales, one.Scales);
        Assert.Equal(other.Means, one.Means);
        Assert.Equal(other.CentredSquares, one.CentredSquares);
        Assert.Equal(whole.Gram().Values, pieces.Gram().Values);
    }

    [Fact]
    public void What_a_row_that_is_read_throws_comes_out_as_it_is() => Assert.Throws<HeadException>(() =>
        new BlockFit(100_000, 3, ColumnUnit.Own).Run(new FeatureMatrix(100_000, 3, (_, _) => throw new HeadException("gone"))));

    [Theory]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public void Fits_in_memory_are_the_tree_of_blocks(int rows)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, 3, seed: rows);
        var fit = new BlockFit(rows, 3, ColumnUnit.Own, Intercept.Fitted);
        while (fit.Pass != BlockPass.Done)
        {
            BlockSums whole = fit.NewSums();
            for (int block = fit.Blocks - 1; block >= 0; block--)
                whole.Add(fit.Sum(features, block, 1, OneThread));
            fit.Take(whole);
        }

        ColumnScaling scaling = fit.Scaling(Intercept.Fitted);
        RidgeHeadState head = RidgeHead.Fit(features).GetState();
        Assert.Equal(scaling.Means, head.Means);
        Assert.Equal(GramMatrix.Of(features, scaling, new ParallelOptions(), KernelSet.Best).Values, fit.Gram().Values);
        Assert.Equal(StandardScaler.Fit(features).Scales, StandardScaler.Of(scaling, rows).Scales);
        foreach (int threads in (int[])[1, 3])
        {
            RidgeHeadState other = RidgeHead.Fit(features, parallel: new() { MaxDegreeOfParallelism = threads }).GetState();
            Assert.Equal(head.Factor, other.Factor);
            Assert.Equal(head.Lambda, other.Lambda);
        }
    }

    [Fact]
    public void Principal_components_of_summed_blocks_are_those_in_memory()
    {
        FeatureMatrix inputs = SomeFeatures.Generic(70_000, 4, seed: 2);
        BlockFit fit = new BlockFit(inputs.Rows, 4, ColumnUnit.Common, Intercept.Fitted).Run(inputs);
        FeatureMatrix none = new(inputs.Rows, 4, (_, _) => throw new InvalidOperationException("No row is needed any more."));
        var options = new PrincipalComponentsOptions { Components = 3 };
        PrincipalComponents summed = PrincipalComponents.Fit(none, fit.Scaling(Intercept.Fitted), new(fit.Gram()), options, OneThread);
        PrincipalComponents inMemory = PrincipalComponents.Fit(inputs, options);
        Assert.Equal(inMemory.Directions, summed.Directions);
        Assert.Equal(inMemory.Variances, summed.Variances);
        Assert.Equal(inMemory.TotalVariance, summed.TotalVariance);
    }

    /// <summary>One block is a plain sum; two are the sum of their sums, four that of two pairs.</summary>
    [Fact]
    public void Blocks_are_added_up_as_a_tree()
    {
        double[] terms = [1, 1e-16, 1e-16, 1e-16, 1e-16];
        var sums = new BlockSums(5, 1);
        foreach (int block in (int[])[3, 0, 4, 2, 1])
            sums.Add(block, [terms[block]]);
        Assert.Equal((terms[0] + terms[1] + (terms[2] + terms[3])) + terms[4], sums.Total()[0]);
        Assert.NotEqual(terms.Aggregate((sum, term) => sum + term), sums.Total()[0]);
    }

    [Fact]
    public void Missing_repeated_and_foreign_blocks_are_refused()
    {
        var sums = new BlockSums(5, 2);
        for (int block = 0; block < 4; block++)
            sums.Add(block, [1, 2]);
        Assert.Throws<InvalidOperationException>(sums.Total);
        Assert.Throws<ArgumentException>(() => sums.Add(2, [1, 2]));
        Assert.Throws<ArgumentException>(() => sums.Add(5, [1, 2]));
        Assert.Throws<ArgumentException>(() => sums.Add(4, [1]));
        Assert.Throws<ArgumentException>(() => sums.Add(new BlockSums(6, 2)));
        byte[] written = Written(sums);
        Assert.Throws<InvalidDataException>(() => sums.Read(new BinaryReader(new MemoryStream(written))));
        Assert.Throws<InvalidDataException>(() => new BlockSums(5, 1).Read(new BinaryReader(new MemoryStream(written))));
        Assert.Throws<EndOfStreamException>(() => new BlockSums(5, 2).Read(new BinaryReader(new MemoryStream(written[..^1]))));
    }

    [Fact]
    public void Terms_that_are_counted_apart_weigh_the_same()
    {
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"word{i % 3} word{i % 5} and word{i % 7} and more")];
        var options = new TfIdfOptions { MostTerms = 12 };
        var counts = new TermCounts();
        foreach (string[] part in texts.Chunk(7).Reverse())
        {
            using var stream = new MemoryStream();
            TermCounts.Of(part, options.LongestTerm, CancellationToken.None).Write(new BinaryWriter(stream));
            stream.Position = 0;
            counts.Read(new BinaryReader(stream));
        }

        TfIdf apart = TfIdf.Fit(counts, texts.Length, options), whole = TfIdf.Fit(texts, options, CancellationToken.None);
        Assert.Equal(whole.Terms, apart.Terms);
        Assert.Equal(whole.Weights, apart.Weights);
    }

    private static FeatureMatrix Only(FeatureMatrix features, int first, int count) =>
        new(features.Rows, features.Columns, (row, numbers) =>
        {
            Assert.InRange(row, first, first + count - 1);
            features.CopyRow(row, numbers);
        });

    private static IEnumerable<(int First, int Count)> Shares(int blocks, int workers)
    {
        for (int worker = 0; worker < workers; worker++)
        {
            int first = blocks * worker / workers;
            yield return (first, blocks * (worker + 1) / workers - first);
        }
    }

    private static byte[] Written(BlockSums sums)
    {
        using var stream = new MemoryStream();
        sums.Write(new BinaryWriter(stream));
        return stream.ToArray();
    }
}
