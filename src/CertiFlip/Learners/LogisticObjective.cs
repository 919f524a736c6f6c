using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Learners;

/// <summary>
/// What logistic regression minimises for one set of labels: (1/n)·Σⱼ [log Σ_c e^(s_jc) − s_jyⱼ] + ½wᵀΛw,
/// scikit-learn's objective divided by Cn. Labels come in through XᵀY only.
/// </summary>
/// <remarks>
/// Coefficients, gradients and steps are vectors of one layout: k + 1 rows, the last one the intercepts', of a number
/// for each class, up to a multiple of 4 numbers. Those beyond K are zero.
/// </remarks>
internal sealed class LogisticObjective
{
    // Rows that stay in the second-level cache from their scores to the gradient.
    private const int BlockRows = 256;

    private readonly LogisticFeatures _features;
    private readonly ClassSums _classes;
    private readonly double[] _scores;
    private readonly double[] _lanes;

    public LogisticObjective(LogisticFeatures features, ClassSums classes)
    {
        (_features, _classes) = (features, classes);
        _scores = new double[classes.Stride * BlockRows];
        _lanes = new double[classes.Sums.Length * Tile.Width];
    }

    public double[] NewVector() => new double[_classes.Sums.Length];

    /// <summary>
    /// The objective at <paramref name="w"/>; its gradient is written to <paramref name="gradient"/>.
    /// </summary>
    public double Evaluate(double[] w, double[] gradient)
    {
        int n = _features.Rows.Rows;
        double logSums = 0;
        Array.Clear(_lanes);
        for (int first = 0; first < n; first += BlockRows)
            logSums += AddBlock(w, first, Math.Min(BlockRows, n - first));

        double agreement = 0, penalty = 0;
        for (int at = 0; at < w.Length; at++)
        {
            double expected = 0;
            foreach (double part in _lanes.AsSpan(at * Tile.Width, Tile.Width))
                expected += part;
            double pull = _features.Penalties[at / _classes.Stride] * w[at];
            gradient[at] = (expected - _classes.Sums[at]) / n + pull;
            agreement += w[at] * _classes.Sums[at];
            penalty += w[at] * pull;
        }

        return (logSums - agreement) / n + penalty / 2;
    }

    /// <summary>The largest component of a gradient, with every feature in units of its standard deviation.</summary>
    public double Steepness(double[] gradient)
    {
        double largest = 0;
        for (int at = 0; at < gradient.Length; at++)
        {
            double unit = _features.Units[at / _classes.Stride];
            if (unit > 0)
                largest = Math.Max(largest, Math.Abs(gradient[at]) / unit);
        }

        return largest;
    }

    /// <summary>Overwrites <paramref name="product"/> by A⁻¹v, A the Hessian where all coefficients are zero.</summary>
    public void Precondition(double[] v, double[] product) => _features.Precondition(v, _classes.Stride, product);

    /// <summary>Adds XᵀP of a block of rows, and returns the sum of log Σ e^s.</summary>
    private double AddBlock(double[] w, int first, int rows)
    {
        int height = _classes.Stride, classCount = _classes.Counts.Length;
        Array.Clear(_scores);
        _features.Rows.MultiplyAdd(KernelSet.Best, first, rows, w, height, _scores, BlockRows);
        double logSum = KernelSet.Best.Softmax(_scores, classCount, BlockRows, rows);
        _features.Rows.MultiplyAddTransposed(KernelSet.Best, first, rows, _scores, height, BlockRows, _lanes);
        return logSum;
    }
}

/// <summary>
/// What logistic regression needs of its training features, whatever the labels: prepared once for all draws.
/// </summary>
/// <remarks>
/// Where all coefficients are zero every class has probability 1/K, and the Hessian of the objective is A = XᵀX/(nK) +
/// Λ for each class, as long as steps sum to zero over the classes, which they do. Steps are preconditioned with A⁻¹:
/// the first one is Newton's.
/// </remarks>
internal sealed class LogisticFeatures
{
    private const double Huge = 1e300;

    // Columns that repeat each other leave A singular where the penalty is lost beside them. A preconditioner may be
    // off by this much.
    private const double RelativeJitter = 1e-8;
    private const double LeastPivot = 1e-100;

    private readonly double[] _inverse;

    private LogisticFeatures(PackedRows rows, double[] penalties, double[] units, double[] inverse) =>
        (Rows, Penalties, Units, _inverse) = (rows, penalties, units, inverse);

    /// <summary>X: the scaled and centred features, and a column of ones for the intercept (n × (k + 1)).</summary>
    public PackedRows Rows { get; }

    /// <summary>Λ: the penalty λ of each scaled feature and, 0, of the intercept.</summary>
    public double[] Penalties { get; }

    /// <summary>
    /// Standard deviation of each scaled feature and, 1, of the intercept: what a gradient is measured in.
    /// </summary>
    public double[] Units { get; }

    public static LogisticFeatures Of(FeatureMatrix features, ColumnScaling scaling, int classCount, double c, ParallelOptions parallel)
    {
        int n = features.Rows, k = features.Columns;
        double[] penalties = [.. scaling.Scales.Select(s => Math.Min(s * s / c / n * PenaltyFactor(classCount), Huge)), 0];
        double[] units = [.. scaling.CentredSquares.Select(squares => Math.Sqrt(squares / n)), 1];

        var gram = GramMatrix.Of(features, scaling, parallel, KernelSet.Best);
        double Hessian(int row, int column) => row == k || column == k
            ? (row == column ? 1.0 / classCount : 0)
            : gram[row, column] / n / classCount * (row == column ? 1 + RelativeJitter : 1)
                + (row == column ? penalties[row] + LeastPivot : 0);
        if (Cholesky.TryFactorise(k + 1, Hessian, KernelSet.Best, parallel, out Cholesky factor) >= 0)
            throw new HeadException(
                "Some features are combinations of others beyond what logistic regression can precondition. Drop those.");
        return new LogisticFeatures(PackedRows.OfWithOnes(features, scaling, parallel), penalties, units, Inverse(factor));
    }

    /// <summary>
    /// Overwrites <paramref name="product"/> by A⁻¹V; both have k + 1 rows of <paramref name="columns"/> numbers, a
    /// multiple of 4.
    /// </summary>
    public void Precondition(double[] v, int columns, double[] product)
    {
        int size = Units.Length, stride = Tile.PadWidth(size);
        double[] transposed = new double[columns * stride];
        for (int column = 0; column < columns; column += Tile.Height)
        {
            for (int i = 0; i < stride; i += Tile.Width)
                KernelSet.Best.MultiplyAddTile(
                    size, in _inverse[i], stride, in v[column], columns, ref transposed[column * stride + i], stride);
        }

        for (int i = 0; i < size; i++)
        {
            for (int column = 0; column < columns; column++)
                product[i * columns + column] = transposed[column * stride + i];
        }
    }

    /// <summary>
    /// With two classes scikit-learn penalises one vector, the difference of ours, which are each other's opposite:
    /// ½‖w₁ − w₀‖² = ‖w₀‖² + ‖w₁‖².
    /// </summary>
    private static int PenaltyFactor(int classCount) => classCount == 2 ? 2 : 1;

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
