using CertiFlip.Heads;
using CertiFlip.Numerics;

namespace CertiFlip.Learners;

/// <summary>What logistic regression needs of its training features, whatever the labels: they are prepared once for all draws.</summary>
/// <remarks>
/// <para>
/// Coefficients, gradients and steps are vectors of one layout: for each class, up to a multiple of 4, <see cref="Stride"/> numbers, of which
/// the first k belong to the scaled features and the next to the intercept. All others are zero.
/// </para>
/// <para>
/// Where all coefficients are zero every class has probability 1/K, and the Hessian of the objective is A = XᵀX/(nK) + Λ for each class, as
/// long as steps sum to zero over the classes, which they do. Steps are preconditioned with A⁻¹: the first one is Newton's.
/// </para>
/// </remarks>
internal sealed class LogisticFeatures
{
    private const double Huge = 1e300;

    // Columns that repeat each other leave A singular where the penalty is lost beside them. A preconditioner may be off by this much.
    private const double RelativeJitter = 1e-8;
    private const double LeastPivot = 1e-100;

    private readonly double[] _rows;
    private readonly double[] _inverse;

    private LogisticFeatures(PackedRows packed, double[] rows, double[] penalties, double[] units, double[] inverse) =>
        (Packed, _rows, Penalties, Units, _inverse) = (packed, rows, penalties, units, inverse);

    /// <summary>The scaled and centred rows, panel by panel.</summary>
    public PackedRows Packed { get; }

    /// <summary>λ of each scaled feature and, 0, of the intercept.</summary>
    public double[] Penalties { get; }

    /// <summary>Standard deviation of each scaled feature and, 1, of the intercept: what a gradient is measured in.</summary>
    public double[] Units { get; }

    /// <summary>k + 1, rounded up to a multiple of 16.</summary>
    public int Stride => Tile.PadWidth(Units.Length);

    public static LogisticFeatures Of(FeatureMatrix features, ColumnScaling scaling, int classCount, double c, ParallelOptions parallel)
    {
        int n = features.Rows, k = features.Columns;
        double[] penalties = [.. scaling.Scales.Select(s => Math.Min(s * s / c / n * PenaltyFactor(classCount), Huge)), 0];
        double[] units = [.. scaling.CentredSquares.Select(squares => Math.Sqrt(squares / n)), 1];

        var gram = GramMatrix.Of(features, scaling, parallel, Kernels.Best);
        double Hessian(int row, int column) => row == k || column == k
            ? (row == column ? 1.0 / classCount : 0)
            : gram[row, column] / n / classCount * (row == column ? 1 + RelativeJitter : 1) + (row == column ? penalties[row] + LeastPivot : 0);
        if (Cholesky.TryFactorise(k + 1, Hessian, Kernels.Best, out Cholesky factor) >= 0)
            throw new HeadException("The features are too large or too many to precondition logistic regression. Divide them by a constant.");
        return new LogisticFeatures(PackedRows.Of(features, scaling), WithConstant(features, scaling), penalties, units, Inverse(factor));
    }

    /// <summary>Adds A⁻¹B to <paramref name="products"/>, a vector; B is k + 1 rows of <paramref name="columns"/> numbers.</summary>
    public void MultiplyAddInverse(ReadOnlySpan<double> right, int columns, Span<double> products)
    {
        for (int column = 0; column < columns; column += Tile.Height)
        {
            for (int i = 0; i < Stride; i += Tile.Width)
                Kernels.Best.MultiplyAddTile(Units.Length, in _inverse[i], Stride, in right[column], columns, ref products[column * Stride + i], Stride);
        }
    }

    /// <summary>Adds XᵀB to <paramref name="products"/>, a vector; B has a row of <paramref name="columns"/> numbers for each of a run of rows of X.</summary>
    public void MultiplyAddTransposed(int firstRow, int rowCount, ReadOnlySpan<double> right, int columns, Span<double> products)
    {
        for (int column = 0; column < columns; column += Tile.Height)
        {
            for (int i = 0; i < Stride; i += Tile.Width)
                Kernels.Best.MultiplyAddTile(rowCount, in _rows[firstRow * Stride + i], Stride, in right[column], columns, ref products[column * Stride + i], Stride);
        }
    }

    /// <summary>
    /// With two classes scikit-learn penalises one vector, the difference of ours, which are each other's opposite: ½‖w₁ − w₀‖² = ‖w₀‖² + ‖w₁‖².
    /// </summary>
    private static int PenaltyFactor(int classCount) => classCount == 2 ? 2 : 1;

    private static double[] WithConstant(FeatureMatrix features, ColumnScaling scaling)
    {
        int k = features.Columns, stride = Tile.PadWidth(k + 1);
        double[] rows = new double[(long)features.Rows * stride];
        for (int row = 0; row < features.Rows; row++)
        {
            Span<double> own = rows.AsSpan(checked(row * stride), stride);
            scaling.Apply(features.Row(row), own);
            own[k] = 1;
        }

        return rows;
    }

    private static double[] Inverse(Cholesky factor)
    {
        int size = factor.Size, stride = Tile.PadWidth(size);
        double[] inverse = new double[size * stride];
        for (int i = 0; i < size; i++)
            inverse[i * stride + i] = 1;
        factor.Solve(inverse, stride);
        return inverse;
    }
}
