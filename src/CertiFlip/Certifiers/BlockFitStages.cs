using CertiFlip.Heads;
using CertiFlip.Matrices;

namespace CertiFlip;

/// <summary>
/// The stages that fit a ridge head to training rows in blocks: one for each pass over the rows, whose parts add up
/// sums of their blocks, and one that takes all sums together.
/// </summary>
/// <param name="rows">Number of training rows, n.</param>
/// <param name="columns">Number of features, k.</param>
/// <param name="choice">The head, whose λ comes from no label.</param>
/// <param name="blockRows">Rows of a block.</param>
internal sealed class BlockFitStages(int rows, int columns, RidgeHeadChoice choice, int blockRows)
{
    private static readonly BlockStage Fit = new("fit", BlockStageItems.Nothing);

    private static readonly BlockStage[] Sums =
        [.. ((string[])["largest", "means", "residuals", "products"]).Select(name => new BlockStage(name, BlockStageItems.TrainingBlocks))];

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<BlockStage> All { get; } = [.. Sums, Fit];

    /// <summary>Does one part of one of these stages.</summary>
    public void Run(
        BlockStage stage, int firstBlock, int blocks, FeatureMatrix training, Func<BlockStage, IEnumerable<Stream>> earlier,
        BinaryWriter output, ParallelOptions parallel)
    {
        if (stage == Fit)
            Write(output, RidgeHead.StateOf(rows, choice.Ridge.LabelFreeRule!, choice.Intercept, After(Sums.Length, earlier)));
        else
            After(Array.IndexOf(Sums, stage), earlier).Sum(training, firstBlock, blocks, parallel).Write(output);
    }

    /// <summary>What was fitted, once the last of these stages is done.</summary>
    public RidgeHeadState Read(Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        using Stream part = earlier(Fit).Single();
        var reader = new BinaryReader(part);
        double[] Numbers(long count) => [.. Enumerable.Range(0, checked((int)count)).Select(_ => reader.ReadDouble())];
        return new RidgeHeadState
        {
            Intercept = choice.Intercept,
            Lambda = reader.ReadDouble(),
            Scales = Numbers(columns),
            Means = Numbers(columns),
            Factor = Numbers(columns * (columns + 1L) / 2),
            Multiplied = [],
        };
    }

    private static void Write(BinaryWriter writer, RidgeHeadState state)
    {
        foreach (double number in (IEnumerable<double>)[state.Lambda, .. state.Scales, .. state.Means, .. state.Factor])
            writer.Write(number);
    }

    /// <summary>The fit when so many passes are over.</summary>
    private BlockFit After(int passes, Func<BlockStage, IEnumerable<Stream>> earlier)
    {
        var fit = new BlockFit(rows, columns, ColumnUnit.Own, choice.Intercept, blockRows);
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
}
