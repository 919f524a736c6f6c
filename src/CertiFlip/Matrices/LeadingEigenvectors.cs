using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// The eigenvectors of a sparse symmetric matrix for its largest eigenvalues: a block is filtered by a Chebyshev
/// polynomial that is small on the unwanted part of the spectrum, and the best combinations in its span are taken
/// (Rayleigh and Ritz), until what is left, ‖Av − λv‖, is negligible (Zhou and Saad 2007).
/// </summary>
/// <param name="matrix">Symmetric, with eigenvalues in [−1, 1].</param>
/// <param name="parallel">How many threads may work; the result does not depend on it.</param>
internal sealed class LeadingEigenvectors(SparseRows matrix, ParallelOptions parallel)
{
    private const int Degree = 24;
    private const int MostRounds = 200;
    private const double Tolerance = 1e-9;

    // Vectors beyond those wanted: the filter begins where theirs end.
    private const int Guard = 10;

    private const ulong Stream = 2;

    // Used again and again: blocks are large.
    private double[] _spare = [];
    private double[] _product = [];

    /// <summary>The largest ‖Av − λv‖ of the vectors found.</summary>
    public double Residual { get; private set; }

    /// <summary>Finds the eigenvectors.</summary>
    /// <param name="count">How many, at least 1; fewer are found where the matrix has no more.</param>
    /// <param name="known">
    /// An eigenvector of length 1 for eigenvalue 1 that is not wanted: others are orthogonal to it.
    /// </param>
    /// <returns>
    /// The vectors as columns (n rows of as many numbers as there are values), each of length 1 with its largest entry
    /// positive, and their eigenvalues, the largest first.
    /// </returns>
    /// <exception cref="ArithmeticException">They are too close to others to be told apart.</exception>
    public (double[] Vectors, double[] Values) Find(int count, double[] known)
    {
        int n = matrix.Rows, width = Math.Min(count + Guard, n - 1), wanted = Math.Min(count, width);
        double[] block = new double[(long)n * width];
        var random = new PhiloxRandom(1, Stream);
        foreach (ref double value in block.AsSpan())
            value = random.NextDouble() - 0.5;
        double[] values = Combine(ref block, width, known);
        for (int round = 0; round < MostRounds; round++)
        {
            Residual = ResidualOf(block, width, values, wanted);
            if (Residual <= Tolerance)
                return (Leading(block, width, wanted), values[..wanted]);
            parallel.CancellationToken.ThrowIfCancellationRequested();
            block = Filter(block, width, Math.Min(values[^1], 1 - 1e-6));
            values = Combine(ref block, width, known);
        }

        throw new ArithmeticException(
            $"{wanted} eigenvectors were not found: after {MostRounds} rounds a residual of {Residual:E1} was left. "
            + "Ask for fewer or more, so that the last is not among many alike.");
    }

    /// <summary>
    /// T_d((A − c)/e) of the block, where [−1, cut] is [c − e, c + e], scaled to stay in range. The block is
    /// overwritten.
    /// </summary>
    private double[] Filter(double[] block, int width, double cut)
    {
        double centre = (cut - 1) / 2, half = (cut + 1) / 2;
        double sigma = half / (1 - centre), ratio = sigma;
        (double[] before, double[] now) = (block, TakeSpare(block.Length));
        matrix.MultiplyShifted(before, width, ratio / half, centre, 0, now, parallel);
        for (int degree = 2; degree <= Degree; degree++)
        {
            double next = 1 / (2 / sigma - ratio);
            matrix.MultiplyShifted(now, width, 2 * next / half, centre, ratio * next, before, parallel);
            (before, now) = (now, before);
            ratio = next;
        }

        _spare = before;
        return now;
    }

    private double[] TakeSpare(int length)
    {
        if (_spare.Length != length)
            return new double[length];
        Array.Clear(_spare);
        return _spare;
    }

    private double[] Multiply(double[] block, int width)
    {
        if (_product.Length != block.Length)
            _product = new double[block.Length];
        matrix.Multiply(block, width, _product, parallel);
        return _product;
    }

    /// <summary>
    /// Replaces the block by the Ritz vectors of its span, orthogonal to what is known, and gives their values.
    /// </summary>
    private double[] Combine(ref double[] block, int width, double[] known)
    {
        Orthonormalise(block, width, known);
        Orthonormalise(block, width, known);
        double[] product = Multiply(block, width);
        int stride = Tile.PadWidth(width);
        double[] projected = Products(block, product, width, stride);
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < i; j++)
                projected[i * stride + j] = projected[j * stride + i] = (projected[i * stride + j] + projected[j * stride + i]) / 2;
        }

        SymmetricEigen eigen = SymmetricEigen.Of(width, projected, stride, parallel);
        double[] source = block, combined = TakeSpare(block.Length);
        Parallel.For(0, matrix.Rows, parallel, row =>
        {
            ReadOnlySpan<double> old = source.AsSpan(row * width, width);
            for (int i = 0; i < width; i++)
                combined[row * width + i] = Elementwise.Dot(old, eigen.Vector(i));
        });
        (block, _spare) = (combined, source);
        return [.. eigen.Values];
    }

    /// <summary>
    /// Makes columns orthogonal to each other and to what is known, each of length 1 (Gram and Schmidt; done twice,
    /// rounding is left).
    /// </summary>
    private void Orthonormalise(double[] block, int width, double[] known)
    {
        int n = matrix.Rows;
        double[] overlap = BlockSums.InParallel(n, width, parallel, (first, count, sums) =>
        {
            for (int row = first; row < first + count; row++)
                Elementwise.AddMultiple(known[row], block.AsSpan(row * width, width), sums);
        });
        matrix.ForRows(parallel, row =>
        {
            Span<double> numbers = block.AsSpan(row * width, width);
            for (int i = 0; i < width; i++)
                numbers[i] -= overlap[i] * known[row];
        });

        for (int column = 0; column < width; column++)
        {
            int at = column;
            double[] shares = BlockSums.InParallel(n, at + 1, parallel, (first, count, sums) =>
            {
                for (int row = first; row < first + count; row++)
                {
                    ReadOnlySpan<double> numbers = block.AsSpan(row * width, at + 1);
                    double own = numbers[at];
                    for (int i = 0; i < numbers.Length; i++)
                        sums[i] += own * numbers[i];
                }
            });
            double square = shares[column];
            for (int i = 0; i < column; i++)
                square -= shares[i] * shares[i];

            // What lies in the span of the columns before it to working precision is noise, which the second pass makes
            // orthogonal.
            double length = Math.Sqrt(Math.Max(square, shares[column] * 1e-28));
            matrix.ForRows(parallel, row =>
            {
                Span<double> numbers = block.AsSpan(row * width, at + 1);
                double rest = numbers[at];
                for (int i = 0; i < at; i++)
                    rest -= shares[i] * numbers[i];
                numbers[at] = length > 0 ? rest / length : 0;
            });
        }
    }

    private double[] Products(double[] left, double[] right, int width, int stride) =>
        BlockSums.InParallel(matrix.Rows, width * stride, parallel, (first, count, products) =>
        {
            for (int row = first; row < first + count; row++)
            {
                for (int i = 0; i < width; i++)
                    Elementwise.AddMultiple(left[row * width + i], right.AsSpan(row * width, width), products.AsSpan(i * stride, width));
            }
        });

    private double ResidualOf(double[] block, int width, double[] values, int wanted)
    {
        double[] product = Multiply(block, width);
        double[] squares = BlockSums.InParallel(matrix.Rows, wanted, parallel, (first, count, sums) =>
        {
            for (int row = first; row < first + count; row++)
            {
                for (int i = 0; i < wanted; i++)
                {
                    double rest = product[row * width + i] - values[i] * block[row * width + i];
                    sums[i] += rest * rest;
                }
            }
        });

        return Math.Sqrt(squares.Max());
    }

    private double[] Leading(double[] block, int width, int wanted)
    {
        double[] vectors = new double[(long)matrix.Rows * wanted];
        for (int i = 0; i < wanted; i++)
        {
            int largest = 0;
            for (int row = 1; row < matrix.Rows; row++)
            {
                if (Math.Abs(block[row * width + i]) > Math.Abs(block[largest * width + i]))
                    largest = row;
            }

            double sign = Math.Sign(block[largest * width + i]);
            for (int row = 0; row < matrix.Rows; row++)
                vectors[row * wanted + i] = sign * block[row * width + i];
        }

        return vectors;
    }
}
