using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

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
        if (Cholesky.TryFactorise(k, (row, column) => products[row, column], KernelSet.Best, out Cholesky factor) >= 0)
        {
            throw new HeadException(
                "The paper's ridge rule needs features of full rank: some column is a combination of others. "
                + "Drop it, or use relative:C or fixed:L.");
        }

        int firstClass = _labels.ClassCount == 2 ? 1 : 0; // The paper's y is 1 for class 1.
        double squares = Enumerable.Range(firstClass, _labels.ClassCount - firstClass)
            .Max(c => ResidualSquares(features, scaling, factor, intercept, c));
        double variance = squares / (n - parameters);
        return (1 + _noise.Q) * variance * k / (2.0 * n) * ConditionNumber(scaling, products);
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

    /// <summary>κ(XᵀX) in the features' own units; a common factor, which κ does not feel, keeps it in range.</summary>
    private static double ConditionNumber(ColumnScaling scaling, GramMatrix gram)
    {
        double common = scaling.Scales.Min();
        int k = gram.Size, stride = gram.Stride;
        double[] matrix = new double[k * stride];
        for (int row = 0; row < k; row++)
        {
            for (int column = 0; column < k; column++)
                matrix[row * stride + column] = gram[row, column] * (common / scaling.Scales[row]) * (common / scaling.Scales[column]);
        }

        IReadOnlyList<double> eigenvalues = SymmetricEigen.Of(k, matrix, stride, new ParallelOptions()).Values;
        double smallest = eigenvalues[^1];
        if (!(smallest > 0))
        {
            throw new HeadException(
                "The paper's ridge rule divides by the smallest eigenvalue of XᵀX, which is zero in double precision. "
                + "Use relative:C or fixed:L.");
        }

        return eigenvalues[0] / smallest;
    }
}
