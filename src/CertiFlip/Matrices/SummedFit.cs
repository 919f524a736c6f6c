namespace CertiFlip.Matrices;

/// <summary>A fit of which all is known once sums over the rows are: those of a <see cref="BlockFit"/>.</summary>
/// <param name="sums">The sums, of which no pass is over.</param>
/// <param name="rows">The rows, of which a part looks at its blocks alone.</param>
/// <param name="parallel">How many threads may work, and when to stop.</param>
/// <param name="finish">Makes what is fitted of the sums.</param>
internal sealed class SummedFit<T>(BlockFit sums, FeatureMatrix rows, ParallelOptions parallel, Func<BlockFit, T> finish)
    : StagedFit<T>(StagesOf(sums, rows))
{
    private const double SecondsOfMultiplication = 4e-10, SecondsOfNumber = 2e-9;

    public override long Memory => sizeof(double) * (4L * rows.Columns * rows.Columns + (1 << 20));

    private protected override void Write(int first, int count, BinaryWriter writer) =>
        sums.Sum(rows, first, count, parallel).Write(writer);

    private protected override void Read(IEnumerable<BinaryReader> parts)
    {
        BlockSums all = sums.NewSums();
        foreach (BinaryReader part in parts)
            all.Read(part);
        try
        {
            sums.Take(all);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private protected override T Result() => finish(sums);

    private static FitStage[] StagesOf(BlockFit sums, FeatureMatrix rows)
    {
        double numbers = (double)BlockSums.BlockRows * rows.Columns;
        FitStage Stage(string name, double secondsOfNumber) => new(name, "training-blocks", sums.Blocks, numbers * secondsOfNumber);
        return
        [
            Stage("largest", SecondsOfNumber), Stage("means", SecondsOfNumber), Stage("residuals", SecondsOfNumber),
            Stage("products", SecondsOfNumber + (sums.HasProducts ? rows.Columns * SecondsOfMultiplication : 0)),
        ];
    }
}
