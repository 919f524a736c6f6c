using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>How the regularisation λ of a <see cref="RidgeHead"/> is chosen.</summary>
public abstract record RidgeRule
{
    private protected RidgeRule()
    {
    }

    /// <summary>
    /// Whether λ was computed from the labels. An adversary then moves λ too, and certificates hold only for a λ that
    /// is held fixed.
    /// </summary>
    public abstract bool DependsOnLabels { get; }

    /// <summary>λ for these features, in their own units (squared).</summary>
    /// <param name="features">The training features.</param>
    /// <param name="scaling">How they were scaled.</param>
    /// <param name="gram">XᵀX of the scaled features, for rules that need it.</param>
    /// <param name="intercept">Whether the head has an intercept.</param>
    internal abstract double Lambda(FeatureMatrix features, ColumnScaling scaling, Lazy<GramMatrix> gram, Intercept intercept);
}

/// <summary>λ as given, independent of features and labels.</summary>
public sealed record FixedRidge : RidgeRule
{
    /// <summary>A fixed λ.</summary>
    /// <param name="lambda">λ ≥ 0, in the units of the features squared. 0 is ordinary least squares, (11).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lambda"/> is negative or not finite.</exception>
    public FixedRidge(double lambda)
    {
        if (!(lambda >= 0 && double.IsFinite(lambda)))
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "λ must be a finite number that is not negative.");
        Value = lambda;
    }

    /// <summary>λ.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override bool DependsOnLabels => false;

    internal override double Lambda(FeatureMatrix features, ColumnScaling scaling, Lazy<GramMatrix> gram, Intercept intercept) => Value;
}

/// <summary>
/// λ = C·trace(XᵀX)/k of the centred features: C times the mean eigenvalue. Label-free, and the same for features in
/// any unit.
/// </summary>
public sealed record RelativeRidge : RidgeRule
{
    /// <summary>λ relative to the mean eigenvalue.</summary>
    /// <param name="multiple">C &gt; 0, without unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="multiple"/> is not positive and finite.
    /// </exception>
    public RelativeRidge(double multiple = 1)
    {
        if (!(multiple > 0 && double.IsFinite(multiple)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(multiple), multiple, "The multiple of the mean eigenvalue must be positive and finite.");
        }

        Multiple = multiple;
    }

    /// <summary>C.</summary>
    public double Multiple { get; }

    /// <inheritdoc/>
    public override bool DependsOnLabels => false;

    internal override double Lambda(FeatureMatrix features, ColumnScaling scaling, Lazy<GramMatrix> gram, Intercept intercept)
    {
        double trace = 0;
        for (int i = 0; i < scaling.Scales.Length; i++)
            trace += scaling.CentredSquares[i] / scaling.Scales[i] / scaling.Scales[i];

        // Rows that are all the same carry no information, and with an intercept every positive λ gives the same head.
        return Multiple * (trace > 0 ? trace / scaling.Scales.Length : 1);
    }
}

/// <summary>
/// The paper's λ = (1 + q)·σ̂²k/(2n)·κ(XᵀX), Algorithm 1, step 1. σ̂² is the residual variance of ordinary least
/// squares, so λ depends on the labels: certificates made with it are conditional on λ. An intercept counts as one more
/// fitted parameter.
/// </summary>
public sealed record PaperRidge : RidgeRule
{
    private readonly ClassLabels _labels;
    private readonly Noise _noise;

    /// <summary>The paper's rule.</summary>
    /// <param name="labels">
    /// The n training labels. With more than two classes σ̂² is that of the worst one-against-rest regression, since
    /// the paper states none.
    /// </param>
    /// <param name="noise">The smoothing noise q.</param>
    public PaperRidge(ClassLabels labels, Noise noise)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(noise);
        (_labels, _noise) = (labels, noise);
    }

    /// <inheritdoc/>
    public override bool DependsOnLabels => true;

    internal override double Lambda(FeatureMatrix features, ColumnScaling scaling, Lazy<GramMatrix> gram, Intercept intercept)
    {
        int n = features.Rows, k = features.Columns;
        int parameters = intercept == Intercept.Fitted ? k + 1 : k;
        if (n != _labels.Count)
            throw new HeadException($"The ridge rule was given {_labels.Count} labels for {n} training rows.");
        if (n <= parameters)
        {
            throw new HeadException(
                "The paper's ridge rule estimates a residual variance and needs more training rows than the "
                + $"{parameters} fitted parameters, but there are {n}. Use relative:C or fixed:L.");
        }

        GramMatrix products = gram.Value;
        if (Cholesky.TryFactorise(k, (row, column) => products[row, column], KernelSet.Best, parallel: null, out Cholesky factor) >= 0)
        {
            throw new HeadException(
                "The paper's ridge rule needs features of full rank: some column is a combination of others. "
                + "Drop it, or use relative:C or fixed:L.");
        }

        int firstClass = _labels.ClassCount == 2 ? 1 : 0; // The paper's y is 1 for class 1.
        double squares = Enumerable.Range(firstClass, _labels.ClassCount - firstClass)
            .Max(c => ResidualSquares(features, scaling, factor, intercept, c));
        double variance = squares / (n - parameters);
        return (1 + _noise.Q) * variance * k / (2.0 * n) * ConditionNumber(scaling, products, factor);
    }

    /// <summary>
    /// ‖y − Xβ̂‖² for the least-squares β̂ of one class against the rest, residuals summed one by one because the
    /// closed form cancels.
    /// </summary>
    private double ResidualSquares(FeatureMatrix features, ColumnScaling scaling, Cholesky factor, Intercept intercept, int c)
    {
        double mean = intercept == Intercept.Fitted ? _labels.CountOf(c) / (double)_labels.Count : 0;
        double[] beta = new double[features.Columns];
        double[] x = new double[features.Columns];
        for (int row = 0; row < features.Rows; row++)
        {
            scaling.Apply(features.Row(row), x);
            double y = (_labels[row] == c ? 1 : 0) - mean;
            for (int i = 0; i < x.Length; i++)
                beta[i] += x[i] * y;
        }

        factor.Solve(beta, 1);
        double squares = 0;
        for (int row = 0; row < features.Rows; row++)
        {
            scaling.Apply(features.Row(row), x);
            double residual = (_labels[row] == c ? 1 : 0) - mean;
            for (int i = 0; i < x.Length; i++)
                residual -= x[i] * beta[i];
            squares += residual * residual;
        }

        return squares;
    }

    /// <summary>
    /// κ(XᵀX) in the features' own units: the largest eigenvalue times that of the inverse. The smallest eigenvalue
    /// itself would be lost to rounding where columns are of very different size. A common factor, which κ does not
    /// feel, keeps numbers in range.
    /// </summary>
    private static double ConditionNumber(ColumnScaling scaling, GramMatrix gram, Cholesky factor)
    {
        int k = gram.Size, columns = Tile.PadHeight(k);
        double[] inverse = new double[checked(k * columns)];
        for (int i = 0; i < k; i++)
            inverse[i * columns + i] = 1;
        factor.Solve(inverse, columns);
        double common = scaling.Scales.Min();
        double[] unscaled = [.. scaling.Scales.Select(scale => common / scale)];
        double[] scaled = [.. scaling.Scales.Select(scale => scale / common)];
        return LargestEigenvalue(k, (row, column) => gram[row, column] * unscaled[row] * unscaled[column])
            * LargestEigenvalue(k, (row, column) => inverse[row * columns + column] * scaled[row] * scaled[column]);
    }

    private static double LargestEigenvalue(int size, Func<int, int, double> entry)
    {
        double[] matrix = new double[checked(size * size)];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = entry(i / size, i % size);
            if (!double.IsFinite(matrix[i]))
            {
                throw new HeadException(
                    "The paper's ridge rule divides by the smallest eigenvalue of XᵀX, which is zero in double precision. "
                    + "Use relative:C or fixed:L.");
            }
        }

        return SymmetricEigen.Of(size, matrix, size, new ParallelOptions()).Values[0];
    }
}
