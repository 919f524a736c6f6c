using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Blocks;

/// <summary>A fitted ridge head without its training rows: label weights of whichever rows are at hand.</summary>
/// <remarks>α of row j is 1/n + xⱼᵀz, where z = (XᵀX + λI)⁻¹x needs the factor and the test row alone.</remarks>
internal sealed class BlockRidge
{
    private readonly ColumnScaling _scaling;
    private readonly Cholesky _factor;
    private readonly double _interceptWeight;

    /// <param name="state">What fitting computed.</param>
    /// <param name="rows">Number of training rows, n.</param>
    public BlockRidge(RidgeHeadState state, int rows)
    {
        _scaling = ColumnScaling.Restore(state.Scales, state.Means);
        _factor = Cholesky.Restore(state.Scales.Count, [.. state.Factor]);
        _interceptWeight = state.Intercept == Intercept.Fitted ? 1.0 / rows : 0;
    }

    /// <summary>z of a few test rows: k rows of numbers, a column for each.</summary>
    public double[] Solve(FeatureMatrix tests, int firstRow, int rowCount)
    {
        int columns = Tile.PadHeight(rowCount);
        double[] z = new double[tests.Columns * columns];
        for (int test = 0; test < rowCount; test++)
            _scaling.Apply(tests.Row(firstRow + test), z.AsSpan(test), columns);
        _factor.Solve(z, columns);
        return z;
    }

    /// <summary>Some training rows, to be multiplied with many z.</summary>
    public PackedRows Pack(FeatureMatrix training, int firstRow, int rowCount, ParallelOptions parallel) => PackedRows.Of(
        new FeatureMatrix(rowCount, training.Columns, (row, features) => training.CopyRow(firstRow + row, features)), _scaling, parallel);

    /// <summary>α of these training rows for a few test rows.</summary>
    public void ComputeWeights(PackedRows rows, double[] z, Span<double> weights, int stride) =>
        rows.Multiply(KernelSet.Best, z, z.Length / rows.Columns, _interceptWeight, weights, stride);
}

/// <summary>How training rows are divided. Only tests ask for other numbers.</summary>
/// <param name="BlockRows">Rows of a block.</param>
/// <param name="RunRows">Rows whose label weights are computed together; divides a block.</param>
/// <param name="FewMoves">So many moves of one group are told apart altogether at the first look.</param>
internal sealed record BlockSizes(int BlockRows = BlockSums.BlockRows, int RunRows = 1 << 12, int FewMoves = 1 << 12);
