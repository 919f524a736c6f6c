using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// M = X(XᵀX + λI)⁻¹ (6) where there are fewer training rows than features: as (XXᵀ + λI)⁻¹X, the same matrix from the
/// smaller system.
/// </summary>
internal static class DualRidge
{
    /// <summary>
    /// M in scaled units, so that α = Mx + the intercept's weight, or null where λ is 0 or so far off the features that
    /// squares would leave the range of doubles.
    /// </summary>
    /// <param name="features">Training features (n × k).</param>
    /// <param name="scaling">How they are scaled and centred.</param>
    /// <param name="lambda">λ in the features' own units; beside scaled column i it stands as s²ᵢλ.</param>
    /// <param name="parallel">How many threads may be used.</param>
    /// <param name="kernels">The kernels to use.</param>
    public static PackedRows? TrySolve(
        FeatureMatrix features, ColumnScaling scaling, double lambda, ParallelOptions parallel, KernelSet kernels)
    {
        double[] penalties = Array.ConvertAll(scaling.Scales, scale => lambda * scale * scale);
        if (penalties.Any(penalty => penalty is not (> 1e-280 and < 1e280)))
            return null;

        // With Z = X/√penalty: XXᵀ + λI is ZZᵀ + I, up to a factor that cancels.
        double[] roots = Array.ConvertAll(penalties, Math.Sqrt);
        int n = features.Rows, k = features.Columns, stride = Tile.PadWidth(n), columns = Tile.PadHeight(k);
        double[] transposed = new double[checked(k * stride)];
        double[] solution = new double[checked(n * columns)];
        double[] x = new double[k];
        for (int row = 0; row < n; row++)
        {
            scaling.Apply(features.Row(row), x);
            for (int i = 0; i < k; i++)
            {
                double z = x[i] / roots[i];
                transposed[i * stride + row] = z;
                solution[row * columns + i] = z / roots[i];
            }
        }

        double[] products = ProductsOfRows(transposed, k, n, stride, parallel, kernels);
        double Regularised(int row, int column) => products[row * stride + column] + (row == column ? 1 : 0);
        if (Cholesky.TryFactorise(n, Regularised, kernels, parallel, out Cholesky factor) >= 0)
            return null;
        factor.Solve(solution, columns);
        return PackedRows.Of(n, k, solution, columns);
    }

    /// <summary>The upper triangle of ZZᵀ.</summary>
    private static double[] ProductsOfRows(double[] transposed, int k, int n, int stride, ParallelOptions parallel, KernelSet kernels)
    {
        int height = Tile.PadHeight(n);
        double[] products = new double[height * stride];
        Parallel.For(0, height / Tile.Height, parallel, group =>
        {
            int row = group * Tile.Height;
            for (int column = row / Tile.Width * Tile.Width; column < stride; column += Tile.Width)
            {
                kernels.MultiplyAddTile(
                    k, in transposed[column], stride, in transposed[row], stride, ref products[row * stride + column], stride);
            }
        });
        return products;
    }
}

/// <summary>
/// Which of two systems of equations ridge regression solves. Both give the same label weights up to rounding.
/// </summary>
internal enum RidgeSystem
{
    /// <summary>(XᵀX + λI)⁻¹, k × k.</summary>
    Features,

    /// <summary>(XXᵀ + λI)⁻¹, n × n, where λ allows it: smaller where there are fewer rows than features.</summary>
    Rows,
}
