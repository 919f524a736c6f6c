using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>Householder's reduction of a symmetric matrix to a tridiagonal one.</summary>
internal static class Tridiagonalisation
{
    // Rows that one piece of parallel work takes: fewer and starting it costs more than it does.
    private const int PieceRows = 32;

    /// <summary>Reduces the matrix; row i of it is left with the vector v of the i-th reflection I − c·vvᵀ, zero up to i.</summary>
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

    /// <summary>Turns x = (v_first, …) into the vector that reflects x onto its first axis; what it becomes there is the second result.</summary>
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

        // In units of the largest number: what rounding leaves of a matrix of low rank may be too small to be squared, or even to be precise.
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
        Elementwise.AddMultiple(-0.5 * c * Elementwise.Dot(w, matrix.AsSpan(step * stride + first, rows)), matrix.AsSpan(step * stride + first, rows), w);
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
            Parallel.For(0, (rows + PieceRows - 1) / PieceRows, parallel, piece => work(piece * PieceRows, Math.Min(rows, (piece + 1) * PieceRows)));
    }
}
