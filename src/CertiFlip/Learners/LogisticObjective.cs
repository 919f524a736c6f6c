using CertiFlip.Numerics;

namespace CertiFlip.Learners;

/// <summary>
/// What logistic regression minimises for one set of labels: (1/n)·Σⱼ [log Σ_c e^(s_jc) − s_jyⱼ] + ½wᵀΛw, scikit-learn's objective divided by
/// Cn. Labels come in through XᵀY only.
/// </summary>
internal sealed class LogisticObjective
{
    // Rows whose two copies stay in the second-level cache from scores to gradient.
    private const int BlockRows = 128;

    private readonly LogisticFeatures _features;
    private readonly int _classCount;
    private readonly int _height;
    private readonly double[] _target;
    private readonly double[] _transposed;
    private readonly double[] _scores;
    private readonly double[] _probabilities;

    public LogisticObjective(LogisticFeatures features, ClassSums classes)
    {
        (_features, _classCount, _height) = (features, classes.Counts.Length, classes.Stride);
        _target = NewVector();
        _transposed = new double[features.Units.Length * _height];
        _scores = new double[_height * BlockRows];
        _probabilities = new double[BlockRows * _height];
        for (int c = 0; c < _classCount; c++)
        {
            for (int i = 0; i < Intercept; i++)
                _target[c * Stride + i] = classes.Sums[i * _height + c];
            _target[c * Stride + Intercept] = classes.Counts[c];
        }
    }

    private int Stride => _features.Stride;

    private int Intercept => _features.Packed.Columns;

    private int Rows => _features.Packed.Rows;

    public double[] NewVector() => new double[_height * _features.Stride];

    /// <summary>The objective at <paramref name="w"/>; its gradient is written to <paramref name="gradient"/>.</summary>
    public double Evaluate(double[] w, double[] gradient)
    {
        Transpose(w);
        Array.Clear(gradient);
        double logSums = 0;
        for (int first = 0; first < Rows; first += BlockRows)
            logSums += AddBlock(w, first, Math.Min(BlockRows, Rows - first), gradient);

        double agreement = 0, penalty = 0;
        for (int c = 0; c < _classCount; c++)
        {
            for (int i = 0; i <= Intercept; i++)
            {
                int at = c * Stride + i;
                double pull = _features.Penalties[i] * w[at];
                agreement += w[at] * _target[at];
                penalty += w[at] * pull;
                gradient[at] = (gradient[at] - _target[at]) / Rows + pull;
            }
        }

        return (logSums - agreement) / Rows + penalty / 2;
    }

    /// <summary>The largest component of a gradient, with every feature in units of its standard deviation.</summary>
    public double Steepness(double[] gradient)
    {
        double largest = 0;
        for (int c = 0; c < _classCount; c++)
        {
            for (int i = 0; i <= Intercept; i++)
            {
                if (_features.Units[i] > 0)
                    largest = Math.Max(largest, Math.Abs(gradient[c * Stride + i]) / _features.Units[i]);
            }
        }

        return largest;
    }

    /// <summary>Overwrites <paramref name="product"/> by A⁻¹v, A the Hessian where all coefficients are zero.</summary>
    public void Precondition(double[] v, double[] product)
    {
        Transpose(v);
        Array.Clear(product);
        _features.MultiplyAddInverse(_transposed, _height, product);
    }

    /// <summary>Adds XᵀP of a block of rows to <paramref name="gradient"/>, and returns the sum of log Σ e^s.</summary>
    private double AddBlock(double[] w, int first, int rows, double[] gradient)
    {
        for (int c = 0; c < _height; c++)
            _scores.AsSpan(c * BlockRows, BlockRows).Fill(w[c * Stride + Intercept]);
        _features.Packed.MultiplyAdd(Kernels.Best, first, rows, _transposed, _height, _scores, BlockRows);
        double logSum = Kernels.Best.Softmax(_scores, _classCount, BlockRows, rows);
        for (int c = 0; c < _classCount; c++)
        {
            for (int row = 0; row < rows; row++)
                _probabilities[row * _height + c] = _scores[c * BlockRows + row];
        }

        _features.MultiplyAddTransposed(first, rows, _probabilities, _height, gradient);
        return logSum;
    }

    /// <summary>Feature by feature, as the tile kernel reads a right factor.</summary>
    private void Transpose(double[] vector)
    {
        for (int c = 0; c < _classCount; c++)
        {
            for (int i = 0; i <= Intercept; i++)
                _transposed[i * _height + c] = vector[c * Stride + i];
        }
    }
}
