using System.Numerics.Tensors;
using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Every eigenvalue and eigenvector of a symmetric matrix: Householder's reduction to a tridiagonal matrix, then QL steps with implicit shifts (Golub and Van
/// Loan, sections 8.3.1 and 8.3.3). Eigenvectors are rows, so that every inner loop runs over neighbours in memory.
/// </summary>
internal sealed class SymmetricEigen
{
    private const int MostStepsPerValue = 60;

    // Where a part of the matrix is nothing but rounding, compared with itself it never becomes diagonal.
    private const double LeastPart = 0.125;

    private readonly int _size;
    private readonly double[] _diagonal;
    private readonly double[] _beside;
    private double[] _vectors;
    private double _norm;

    private SymmetricEigen(int size)
    {
        _size = size;
        _diagonal = new double[size];
        _beside = new double[size];
        _vectors = new double[(long)size * size];
    }

    /// <summary>The eigenvalues, the largest first.</summary>
    public IReadOnlyList<double> Values { get; private set; } = [];

    /// <summary>The i-th eigenvector, of length 1; its entry of largest magnitude is positive.</summary>
    public ReadOnlySpan<double> Vector(int i) => _vectors.AsSpan(i * _size, _size);

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="size">Its size, at least 1.</param>
    /// <param name="matrix">All of it, row by row, each <paramref name="stride"/> after the one before. It is overwritten.</param>
    /// <param name="stride">See there.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <exception cref="ArithmeticException">It holds numbers that are not finite.</exception>
    public static SymmetricEigen Of(int size, double[] matrix, int stride, ParallelOptions parallel)
    {
        var eigen = new SymmetricEigen(size);
        eigen.Accumulate(Tridiagonalisation.Reduce(size, matrix, stride, eigen._diagonal, eigen._beside, parallel), matrix, stride);
        eigen.Diagonalise();
        eigen.Sort();
        return eigen;
    }

    /// <summary>Q = H₁H₂…, applied from the last reflection on; afterwards column j of Q is row j.</summary>
    private void Accumulate(double[] factors, double[] matrix, int stride)
    {
        double[] q = new double[_vectors.Length];
        for (int i = 0; i < _size; i++)
            q[i * _size + i] = 1;
        double[] combination = new double[_size];
        for (int step = _size - 3; step >= 0; step--)
        {
            if (factors[step] == 0)
                continue;
            ReadOnlySpan<double> v = matrix.AsSpan(step * stride, _size);
            Span<double> some = combination.AsSpan(step + 1);
            some.Clear();
            for (int i = step + 1; i < _size; i++)
                Elementwise.AddMultiple(v[i], q.AsSpan(i * _size + step + 1, some.Length), some);
            for (int i = step + 1; i < _size; i++)
                Elementwise.AddMultiple(-factors[step] * v[i], some, q.AsSpan(i * _size + step + 1, some.Length));
        }

        for (int i = 0; i < _size; i++)
        {
            for (int j = 0; j < _size; j++)
                _vectors[j * _size + i] = q[i * _size + j];
        }
    }

    private void Diagonalise()
    {
        _norm = Enumerable.Range(0, _size).Max(i => Math.Abs(_diagonal[i]) + Math.Abs(_beside[i]));
        for (int first = 0; first < _size; first++)
        {
            for (int step = 0; ; step++)
            {
                int last = first;
                while (last < _size - 1 && !IsNegligible(last))
                    last++;
                if (last == first)
                    break;
                if (step == MostStepsPerValue || !double.IsFinite(_diagonal[first]))
                    throw new ArithmeticException("The eigenvalues could not be found: the matrix holds numbers that are not finite.");
                Step(first, last);
            }
        }
    }

    private bool IsNegligible(int i) =>
        Math.Abs(_beside[i]) <= 0.5 * Rounding.Epsilon * Math.Max(Math.Abs(_diagonal[i]) + Math.Abs(_diagonal[i + 1]), LeastPart * _norm);

    /// <summary>One QL step on rows first … last, with Wilkinson's shift.</summary>
    private void Step(int first, int last)
    {
        double[] d = _diagonal, e = _beside;
        double half = (d[first + 1] - d[first]) / (2 * e[first]);
        double root = double.Hypot(half, 1);
        double g = d[last] - d[first] + e[first] / (half + Math.CopySign(root, half));
        double sine = 1, cosine = 1, shift = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * e[i], b = cosine * e[i];
            double r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                // The matrix came apart: the next step begins anew.
                d[i + 1] -= shift;
                e[last] = 0;
                return;
            }

            (sine, cosine) = (f / r, g / r);
            g = d[i + 1] - shift;
            double t = (d[i] - g) * sine + 2 * cosine * b;
            shift = sine * t;
            d[i + 1] = g + shift;
            g = cosine * t - b;
            Elementwise.Rotate(_vectors.AsSpan(i * _size, _size), _vectors.AsSpan((i + 1) * _size, _size), cosine, sine);
        }

        d[first] -= shift;
        e[first] = g;
        e[last] = 0;
    }

    private void Sort()
    {
        int[] order = [.. Enumerable.Range(0, _size).OrderByDescending(i => _diagonal[i])];
        double[] sorted = new double[_vectors.Length];
        for (int i = 0; i < _size; i++)
        {
            ReadOnlySpan<double> vector = _vectors.AsSpan(order[i] * _size, _size);
            double sign = vector[TensorPrimitives.IndexOfMaxMagnitude(vector)] < 0 ? -1 : 1;
            Elementwise.AddMultiple(sign, vector, sorted.AsSpan(i * _size, _size));
        }

        (_vectors, Values) = (sorted, [.. order.Select(i => _diagonal[i])]);
    }
}
