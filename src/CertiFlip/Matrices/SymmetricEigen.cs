using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Every eigenvalue and eigenvector of a symmetric matrix: Householder's reduction to a tridiagonal matrix, then QL
/// steps with implicit shifts (Golub and Van Loan, sections 8.3.1 and 8.3.3). Eigenvectors are rows, so that every
/// inner loop runs over neighbours in memory.
/// </summary>
internal sealed class SymmetricEigen
{
    private const int MostStepsPerValue = 60;

    // Where a part of the matrix is nothing but rounding, compared with itself it never becomes diagonal.
    private const double LeastPart = 0.125;

    // Columns of the eigenvectors that stay in the second-level cache while everything is done to them.
    private const int PieceColumns = 64;

    // Rotations of eigenvectors that are kept, to be done together.
    private const int MostRotations = 1 << 17;

    private readonly int _size;
    private readonly double[] _diagonal;
    private readonly double[] _beside;
    private double[] _vectors;
    private readonly List<(int Row, double Cosine, double Sine)> _rotations = [];
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
    /// <param name="matrix">
    /// All of it, row by row, each <paramref name="stride"/> after the one before. It is overwritten.
    /// </param>
    /// <param name="stride">Numbers from one row to the next.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <exception cref="ArithmeticException">It holds numbers that are not finite.</exception>
    public static SymmetricEigen Of(int size, double[] matrix, int stride, ParallelOptions parallel)
    {
        var eigen = new SymmetricEigen(size);
        double[] factors = Tridiagonalisation.Reduce(size, matrix, stride, eigen._diagonal, eigen._beside, parallel);
        eigen.Accumulate(factors, matrix, stride, parallel);
        eigen.Diagonalise(parallel);
        eigen.Sort();
        return eigen;
    }

    /// <summary>
    /// Q = H₁H₂…, applied from the last reflection on, to some columns at a time; afterwards column j of Q is row j.
    /// </summary>
    private void Accumulate(double[] factors, double[] matrix, int stride, ParallelOptions parallel)
    {
        double[] q = new double[_vectors.Length];
        for (int i = 0; i < _size; i++)
            q[i * _size + i] = 1;
        ForColumns(parallel, (from, to) =>
        {
            double[] combination = new double[to - from];
            for (int step = _size - 3; step >= 0; step--)
            {
                int first = Math.Max(from, step + 1);
                if (factors[step] == 0 || first >= to)
                    continue;
                ReadOnlySpan<double> v = matrix.AsSpan(step * stride, _size);
                Span<double> some = combination.AsSpan(0, to - first);
                some.Clear();
                for (int i = step + 1; i < _size; i++)
                    Elementwise.AddMultiple(v[i], q.AsSpan(i * _size + first, some.Length), some);
                for (int i = step + 1; i < _size; i++)
                    Elementwise.AddMultiple(-factors[step] * v[i], some, q.AsSpan(i * _size + first, some.Length));
            }
        });

        for (int i = 0; i < _size; i++)
        {
            for (int j = 0; j < _size; j++)
                _vectors[j * _size + i] = q[i * _size + j];
        }
    }

    private void Diagonalise(ParallelOptions parallel)
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
                if (_rotations.Count > MostRotations)
                    Rotate(parallel);
            }
        }

        Rotate(parallel);
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
            _rotations.Add((i, cosine, sine));
        }

        d[first] -= shift;
        e[first] = g;
        e[last] = 0;
    }

    /// <summary>Turns pairs of eigenvectors as the steps asked for, in their order, some columns at a time.</summary>
    private void Rotate(ParallelOptions parallel)
    {
        ForColumns(parallel, (from, to) =>
        {
            foreach ((int row, double cosine, double sine) in _rotations)
            {
                Span<double> first = _vectors.AsSpan(row * _size + from, to - from);
                Elementwise.Rotate(first, _vectors.AsSpan((row + 1) * _size + from, to - from), cosine, sine);
            }
        });
        _rotations.Clear();
    }

    private void ForColumns(ParallelOptions parallel, Action<int, int> work) =>
        Parallel.For(0, (_size + PieceColumns - 1) / PieceColumns, parallel, piece =>
            work(piece * PieceColumns, Math.Min((piece + 1) * PieceColumns, _size)));

    private void Sort()
    {
        int[] order = [.. Enumerable.Range(0, _size).OrderByDescending(i => _diagonal[i])];
        double[] sorted = new double[_vectors.Length];
        for (int i = 0; i < _size; i++)
        {
            ReadOnlySpan<double> vector = _vectors.AsSpan(order[i] * _size, _size);
            int largest = 0; // Of equal ones the first.
            for (int row = 1; row < _size; row++)
                largest = Math.Abs(vector[row]) > Math.Abs(vector[largest]) ? row : largest;
            double sign = vector[largest] < 0 ? -1 : 1;
            Elementwise.AddMultiple(sign, vector, sorted.AsSpan(i * _size, _size));
        }

        (_vectors, Values) = (sorted, [.. order.Select(i => _diagonal[i])]);
    }
}

/// <summary>Householder's reduction of a symmetric matrix to a tridiagonal one.</summary>
internal static class Tridiagonalisation
{
    // Rows that one piece of parallel work takes: fewer and starting it costs more than it does.
    private const int PieceRows = 32;

    /// <summary>
    /// Reduces the matrix; row i of it is left with the vector v of the i-th reflection I − c·vvᵀ, zero up to i.
    /// </summary>
    /// <param name="size">Its size.</param>
    /// <param name="matrix">All of it, row by row.</param>
    /// <param name="stride">From row to row.</param>
    /// <param name="diagonal">Receives the diagonal.</param>
    /// <param name="beside">Receives the numbers beside it, the last of them 0.</param>
    /// <param name="parallel">How many threads may work.</param>
    /// <returns>The factors c, 0 where a column needed no reflection.</returns>
    public static double[] Reduce(int size, double[] matrix, int stride, double[] diagonal, double[] beside, ParallelOptions parallel)
    {
        double[] factors = new double[size], product = new double[size];
        for (int step = 0; step < size - 2; step++)
        {
            diagonal[step] = matrix[step * stride + step];
            Span<double> v = matrix.AsSpan(step * stride, size);
            (factors[step], beside[step]) = Reflect(v, step + 1);
            if (factors[step] != 0)
                Update(size, matrix, stride, step, factors[step], product, parallel);
        }

        for (int i = Math.Max(0, size - 2); i < size; i++)
        {
            diagonal[i] = matrix[i * stride + i];
            beside[i] = i < size - 1 ? matrix[i * stride + i + 1] : 0;
        }

        return factors;
    }

    /// <summary>
    /// Turns x = (v_first, …) into the vector that reflects x onto its first axis; what it becomes there is the second
    /// result.
    /// </summary>
    private static (double Factor, double Image) Reflect(Span<double> v, int start)
    {
        v[..start].Clear();
        Span<double> x = v[start..];
        double largest = 0;
        foreach (double number in x)
            largest = Math.Max(largest, Math.Abs(number));
        double unscaled = x[0];
        if (largest == 0)
            return (0, 0);

        // In units of the largest number: what rounding leaves of a matrix of low rank may be too small to be squared,
        // or even to be precise.
        Elementwise.Divide(x, largest);
        double head = x[0], rest = Elementwise.Dot(x[1..], x[1..]);
        if (rest == 0)
            return (0, unscaled);
        double norm = Math.Sqrt(rest + head * head);
        double image = head > 0 ? -norm : norm;
        double first = x[0] = head - image;

        // I − vvᵀ·2/|v|², with |v|² = −2·image·v₁, for v₁ = 1.
        Elementwise.Divide(x, first);
        return (-first / image, largest * image);
    }

    /// <summary>A ← (I − cvvᵀ)A(I − cvvᵀ) below and right of the step, as A − vwᵀ − wvᵀ.</summary>
    private static void Update(int size, double[] matrix, int stride, int step, double c, double[] product, ParallelOptions parallel)
    {
        int first = step + 1, rows = size - first;
        ForPieces(rows, parallel, (from, to) =>
        {
            ReadOnlySpan<double> v = matrix.AsSpan(step * stride + first, rows);
            for (int i = from; i < to; i++)
                product[i] = c * Elementwise.Dot(matrix.AsSpan((first + i) * stride + first, rows), v);
        });
        Span<double> w = product.AsSpan(0, rows);
        Elementwise.AddMultiple(
            -0.5 * c * Elementwise.Dot(w, matrix.AsSpan(step * stride + first, rows)), matrix.AsSpan(step * stride + first, rows), w);
        ForPieces(rows, parallel, (from, to) =>
        {
            ReadOnlySpan<double> v = matrix.AsSpan(step * stride + first, rows), other = product.AsSpan(0, rows);
            for (int i = from; i < to; i++)
            {
                Span<double> row = matrix.AsSpan((first + i) * stride + first, rows);
                Elementwise.AddMultiple(-v[i], other, row);
                Elementwise.AddMultiple(-other[i], v, row);
            }
        });
    }

    private static void ForPieces(int rows, ParallelOptions parallel, Action<int, int> work)
    {
        if (rows <= 4 * PieceRows)
            work(0, rows);
        else
            Parallel.For(0, (rows + PieceRows - 1) / PieceRows, parallel, piece =>
                work(piece * PieceRows, Math.Min(rows, (piece + 1) * PieceRows)));
    }
}
