using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// The leading right singular vectors of a sparse matrix: a random subspace, drawn towards them by powers of XᵀX, in
/// which the small problem is solved exactly (Halko, Martinsson and Tropp 2011).
/// </summary>
internal sealed class RandomisedSvd(SparseRows rows, ParallelOptions parallel)
{
    private const int Surplus = 20;
    private const int Powers = 5;

    // Directions that are shorter than this part of the longest are rounding.
    private const double Negligible = 1e-10;

    private readonly SparseRows _columns = rows.Transposed();

    /// <summary>Finds the singular vectors.</summary>
    /// <param name="rank">How many are wanted; there are fewer where the matrix has no more.</param>
    /// <param name="seed">What the first subspace follows from.</param>
    /// <returns>
    /// Vectors one after the other, each with its entry of largest magnitude positive, and singular values, the largest
    /// first.
    /// </returns>
    public (double[] Vectors, double[] Values) Leading(long rank, ulong seed)
    {
        int width = (int)Math.Min(rank + Surplus, Math.Min(rows.Rows, rows.Columns));
        (double[] subspace, width) = Orthonormal(_columns.Multiply(Random(rows.Rows, width, seed), width, parallel), width);
        for (int i = 0; i < Powers; i++)
            (subspace, width) = Orthonormal(_columns.Multiply(rows.Multiply(subspace, width, parallel), width, parallel), width);
        SymmetricEigen small = Eigen(rows.Multiply(subspace, width, parallel), rows.Rows, width);
        int kept = small.Values.Take((int)Math.Min(rank, width)).TakeWhile(value => value > Negligible * small.Values[0]).Count();
        double[] rotated = Rotate(subspace, width, small, kept, _ => 1), vectors = new double[rotated.LongLength];
        Parallel.For(0, kept, parallel, i =>
        {
            Span<double> vector = vectors.AsSpan(i * rows.Columns, rows.Columns);
            double largest = 0;
            for (int column = 0; column < vector.Length; column++)
            {
                vector[column] = rotated[column * kept + i];
                if (Math.Abs(vector[column]) > Math.Abs(largest))
                    largest = vector[column];
            }

            if (largest < 0)
                Elementwise.Divide(vector, -1);
        });
        return (vectors, [.. small.Values.Take(kept).Select(Math.Sqrt)]);
    }

    private static double[] Random(int count, int width, ulong seed)
    {
        double[] values = new double[(long)count * width];
        var random = new PhiloxRandom(seed, 0);
        foreach (ref double value in values.AsSpan())
            value = 2 * random.NextDouble() - 1;
        return values;
    }

    /// <summary>
    /// An orthonormal basis of what a matrix's columns span, by the eigenvectors of their inner products.
    /// </summary>
    private (double[] Basis, int Width) Orthonormal(double[] matrix, int width)
    {
        SymmetricEigen eigen = Eigen(matrix, rows.Columns, width);
        int kept = eigen.Values.TakeWhile(value => value > Negligible * eigen.Values[0]).Count();
        if (kept == 0)
            throw new ArgumentException("No text holds any of the terms.");
        return (Rotate(matrix, width, eigen, kept, value => 1 / Math.Sqrt(value)), kept);
    }

    private SymmetricEigen Eigen(double[] matrix, int height, int width)
    {
        GramMatrix gram = GramMatrix.Of(new FeatureMatrix(height, width, matrix), ColumnScaling.Identity(width), parallel, KernelSet.Best);
        return SymmetricEigen.Of(width, gram.Values, gram.Stride, parallel);
    }

    private double[] Rotate(double[] matrix, int width, SymmetricEigen eigen, int kept, Func<double, double> scale)
    {
        var map = new LinearMap(width, kept, (input, i) => eigen.Vector(i)[input] * scale(eigen.Values[i]));
        return map.Transform(new FeatureMatrix(rows.Columns, width, matrix), new double[width], parallel);
    }
}
