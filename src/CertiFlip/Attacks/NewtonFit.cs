using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Attacks;

/// <summary>
/// One thread's fits of an <see cref="AttackedClassifier"/>: coefficients, and the Hessian that the last of them used.
/// </summary>
internal sealed class NewtonFit
{
    // In units of the gradient of one row's loss, whose features are scaled to about 1.
    private const double Tolerance = 1e-9;
    private const double GoodReduction = 0.2;
    // Beyond this, two values of the objective differ by rounding alone.
    private const double ValueRounding = 1e-14;
    private const int MostSteps = 100, MostHalvings = 30;
    private const int BlockRows = 256;

    private readonly AttackedClassifier _classifier;
    private readonly double[] _gradient;
    private readonly double[] _hessian;
    private readonly double[] _block;
    private readonly double[] _probabilities;
    private Cholesky? _factor;

    public NewtonFit(AttackedClassifier classifier)
    {
        _classifier = classifier;
        Coefficients = new double[classifier.Stride];
        _gradient = new double[classifier.Stride];
        _hessian = new double[Tile.PadHeight(classifier.Size) * classifier.Stride];
        _block = new double[BlockRows * classifier.Stride];
        _probabilities = new double[classifier.Count];
    }

    /// <summary>θ, zero beyond k + 1.</summary>
    public double[] Coefficients { get; private set; }

    /// <summary>The score of a row in the classifier's form: class 1 where it is not negative.</summary>
    public double Score(ReadOnlySpan<double> row) => Elementwise.Dot(row, Coefficients);

    /// <summary>Begins the next fit at these coefficients, whatever was fitted before.</summary>
    public void Start(double[] coefficients) => (Coefficients, _factor) = ([.. coefficients], null);

    /// <summary>Minimises the objective for these labels, 0 or 1.</summary>
    public void Fit(ReadOnlySpan<int> labels)
    {
        double value = Evaluate(Coefficients, labels), steepness = Steepness();
        bool isFresh = false;
        for (int step = 0; step < MostSteps && steepness > Tolerance; step++)
        {
            if (_factor is null)
                (_factor, isFresh) = (Factorise(), true);
            double before = steepness;
            bool hasMoved = TryDescend(Solve(_gradient), ref value, labels);
            steepness = Steepness();
            if (!hasMoved && isFresh)
                break;

            // A Hessian of earlier labels, or from further away, serves as long as steps with it make good progress.
            if (!hasMoved || steepness > GoodReduction * before)
                (_factor, isFresh) = (null, false);
        }
    }

    /// <summary>H⁻¹v at the fitted coefficients.</summary>
    public double[] SolveAtFit(double[] v)
    {
        _factor = Factorise();
        return Solve(v);
    }

    private double[] Solve(double[] v)
    {
        int columns = Tile.Height;
        double[] right = new double[_classifier.Size * columns];
        for (int i = 0; i < _classifier.Size; i++)
            right[i * columns] = v[i];
        _factor!.Solve(right, columns);
        double[] solution = new double[_classifier.Stride];
        for (int i = 0; i < _classifier.Size; i++)
            solution[i] = right[i * columns];
        return solution;
    }

    /// <summary>
    /// Halves a step until the objective does not rise, up to rounding; goes nowhere if it always does.
    /// </summary>
    private bool TryDescend(double[] direction, ref double value, ReadOnlySpan<int> labels)
    {
        double length = 1, most = value + ValueRounding * Math.Max(1, value);
        for (int halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            double[] next = [.. Coefficients];
            Elementwise.AddMultiple(-length, direction, next);
            double reached = Evaluate(next, labels);
            if (reached <= most)
            {
                (Coefficients, value) = (next, reached);
                return true;
            }
        }

        value = Evaluate(Coefficients, labels);
        return false;
    }

    private double Steepness()
    {
        double largest = 0;
        foreach (double g in _gradient)
            largest = Math.Max(largest, Math.Abs(g));
        return largest;
    }

    /// <summary>The objective; leaves the gradient and every row's probability of class 1 behind.</summary>
    private double Evaluate(double[] coefficients, ReadOnlySpan<int> labels)
    {
        Array.Clear(_gradient);
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<double> x = _classifier.Row(row);
            double score = Elementwise.Dot(x, coefficients), wrong = labels[row] == 1 ? -score : score;
            double e = Arithmetic.Exp(-Math.Abs(score));
            loss += Math.Max(0, wrong) + Arithmetic.LogOnePlus(e);
            double p = (score >= 0 ? 1 : e) / (1 + e);
            _probabilities[row] = p;
            Elementwise.AddMultiple((p - labels[row]) / labels.Length, x, _gradient);
        }

        double penalty = 0;
        for (int i = 0; i < _classifier.Size; i++)
        {
            penalty += _classifier.Penalties[i] * coefficients[i] * coefficients[i];
            _gradient[i] += _classifier.Penalties[i] * coefficients[i];
        }

        return loss / labels.Length + penalty / 2;
    }

    /// <summary>H = (1/n)·Σⱼ pⱼ(1 − pⱼ)xⱼxⱼᵀ + Λ.</summary>
    private Cholesky Factorise()
    {
        int stride = _classifier.Stride, n = _classifier.Count;
        Array.Clear(_hessian);
        for (int first = 0; first < n; first += BlockRows)
        {
            int rows = Math.Min(BlockRows, n - first);
            Array.Clear(_block);
            for (int row = 0; row < rows; row++)
            {
                double p = _probabilities[first + row];
                Elementwise.AddMultiple(Math.Sqrt(p * (1 - p) / n), _classifier.Row(first + row), _block.AsSpan(row * stride, stride));
            }

            for (int row = 0; row < _classifier.Size; row += Tile.Height)
            {
                for (int column = row / Tile.Width * Tile.Width; column < stride; column += Tile.Width)
                    KernelSet.Best.MultiplyAddTile(
                        rows, in _block[column], stride, in _block[row], stride, ref _hessian[row * stride + column], stride);
            }
        }

        // Probabilities that have rounded to 0 or 1 leave nothing of a direction without penalty; so little keeps the
        // step finite.
        double jitter = 1e-12 * Enumerable.Range(0, _classifier.Size).Max(i => _hessian[i * stride + i]) + 1e-300;
        Cholesky.TryFactorise(_classifier.Size, Element, KernelSet.Best, parallel: null, out Cholesky factor);
        return factor;

        double Element(int row, int column) =>
            _hessian[Math.Min(row, column) * stride + Math.Max(row, column)] + (row == column ? _classifier.Penalties[row] + jitter : 0);
    }
}
