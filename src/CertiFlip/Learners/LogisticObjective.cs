using CertiFlip.Kernels;

namespace CertiFlip.Learners;

/// <summary>
/// What logistic regression minimises for one set of labels: (1/n)·Σⱼ [log Σ_c e^(s_jc) − s_jyⱼ] + ½wᵀΛw, scikit-learn's objective divided by
/// Cn. Labels come in through XᵀY only.
/// </summary>
/// <remarks>
/// Coefficients, gradients and steps are vectors of one layout: k + 1 rows, the last one the intercepts', of a number for each class, up to
/// a multiple of 4 numbers. Those beyond K are zero.
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

    /// <summary>The objective at <paramref name="w"/>; its gradient is written to <paramref name="gradient"/>.</summary>
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
