using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// The leading right singular vectors of a sparse matrix: a random subspace, drawn towards them by powers of XᵀX, in
/// which the small problem is solved exactly (Halko, Martinsson and Tropp 2011).
/// </summary>
/// <remarks>
/// Each round needs sums over rows, in blocks of 65,536 (<see cref="BlockSums"/>), and the sums of the round before:
/// who adds up which blocks makes no difference.
/// </remarks>
internal sealed class RandomisedSvd
{
    /// <summary>How many rounds there are.</summary>
    public const int Rounds = Powers + 2;

    private const int Surplus = 20;
    private const int Powers = 5;

    // Directions that are shorter than this part of the longest are rounding.
    private const double Negligible = 1e-10;

    private readonly int _columns;
    private readonly long _rank;
    private readonly ulong _seed;
    private readonly ParallelOptions _parallel;
    private int _round;

    // The basis of the subspace, by column of the matrix; and the products in it, once they are known.
    private double[] _basis = [];
    private double[] _products = [];

    /// <summary>A search that has seen nothing yet.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="rank">How many vectors are wanted; there are fewer where the matrix has no more.</param>
    /// <param name="seed">What the first subspace follows from.</param>
    /// <param name="parallel">How many threads may work.</param>
    public RandomisedSvd(int rows, int columns, long rank, ulong seed, ParallelOptions parallel)
    {
        (_columns, _rank, _seed, _parallel) = (columns, rank, seed, parallel);
        Width = (int)Math.Min(rank + Surplus, Math.Min(rows, columns));
    }

    /// <summary>How many directions the subspace has.</summary>
    public int Width { get; private set; }

    /// <summary>How many numbers the sums of the next round are.</summary>
    public int Length => LengthOf(_round, Width);

    /// <summary>Finds the singular vectors.</summary>
    /// <param name="rows">The matrix.</param>
    /// <param name="rank">How many are wanted; there are fewer where the matrix has no more.</param>
    /// <param name="seed">What the first subspace follows from.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <returns>
    /// Vectors one after the other, each with its entry of largest magnitude positive, and singular values, the largest
    /// first.
    /// </returns>
    public static (double[] Vectors, double[] Values) Leading(SparseRows rows, long rank, ulong seed, ParallelOptions parallel)
    {
        var search = new RandomisedSvd(rows.Rows, rows.Columns, rank, seed, parallel);
        var blocks = new SparseRows[Math.Max(1, BlockSums.CountOf(rows.Rows))];
        for (int round = 0; round < Rounds; round++)
        {
            search.Take(round, search.Width, BlockSums.Of(rows.Rows, search.Length, (first, count, sums) =>
                search.Add(blocks[first / BlockSums.BlockRows] ??= rows.Slice(first, count), first, sums)));
        }

        return search.Finish();
    }

    /// <summary>How many numbers the sums of a round are, in a subspace of so many directions.</summary>
    public int LengthOf(int round, int width) =>
        round == Rounds - 1 ? GramMatrix.LengthOfTriangle(width) : checked(_columns * width);

    /// <summary>Computes what a block of rows adds in the next round.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="firstRow">Which of all rows is the first of them.</param>
    /// <param name="sums">Receives it; zeros.</param>
    public void Add(SparseRows block, int firstRow, double[] sums)
    {
        if (_round < Rounds - 1)
        {
            double[] products = _round == 0 ? Random(firstRow, block.Rows) : block.Multiply(_basis, Width, _parallel);
            block.Transposed.Multiply(products, Width, sums, _parallel);
            return;
        }

        var matrix = new FeatureMatrix(block.Rows, Width, block.Multiply(_basis, Width, _parallel));
        GramMatrix.Add(matrix, ColumnScaling.Identity(Width), 0, block.Rows, sums, _parallel, KernelSet.Best);
    }

    /// <summary>Ends a round, and with it all before.</summary>
    /// <param name="round">Which, from 0.</param>
    /// <param name="width">The directions that the subspace had in it.</param>
    /// <param name="sums">The sums of all blocks.</param>
    /// <exception cref="ArgumentException">The matrix holds nothing.</exception>
    public void Take(int round, int width, double[] sums)
    {
        _round = round + 1;
        if (round < Rounds - 1)
            (_basis, Width) = Orthonormal(sums, width);
        else
            (_products, Width) = (sums, width);
    }

    /// <summary>The vectors, once all rounds are over.</summary>
    /// <inheritdoc cref="Leading"/>
    public (double[] Vectors, double[] Values) Finish()
    {
        GramMatrix gram = GramMatrix.OfTriangle(Width, _products);
        SymmetricEigen small = SymmetricEigen.Of(Width, gram.Values, gram.Stride, _parallel);
        int kept = small.Values.Take((int)Math.Min(_rank, Width)).TakeWhile(value => value > Negligible * small.Values[0]).Count();
        double[] rotated = Rotate(_basis, Width, small, kept, _ => 1), vectors = new double[rotated.LongLength];
        Parallel.For(0, kept, _parallel, i =>
        {
            Span<double> vector = vectors.AsSpan(i * _columns, _columns);
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

    /// <summary>The rows of the first subspace that belong to some of the matrix's rows.</summary>
    private double[] Random(int firstRow, int count)
    {
        double[] values = new double[(long)count * Width];
        var random = new PhiloxRandom(_seed, 0);
        random.Skip((long)firstRow * Width);
        foreach (ref double value in values.AsSpan())
            value = 2 * random.NextDouble() - 1;
        return values;
    }

    /// <summary>
    /// An orthonormal basis of what a matrix's columns span, by the eigenvectors of their inner products.
    /// </summary>
    private (double[] Basis, int Width) Orthonormal(double[] matrix, int width)
    {
        SymmetricEigen eigen = Eigen(matrix, _columns, width);
        int kept = eigen.Values.TakeWhile(value => value > Negligible * eigen.Values[0]).Count();
        if (kept == 0)
            throw new ArgumentException("No text holds any of the terms.");
        return (Rotate(matrix, width, eigen, kept, value => 1 / Math.Sqrt(value)), kept);
    }

    private SymmetricEigen Eigen(double[] matrix, int height, int width)
    {
        GramMatrix gram = GramMatrix.Of(new FeatureMatrix(height, width, matrix), ColumnScaling.Identity(width), _parallel, KernelSet.Best);
        return SymmetricEigen.Of(width, gram.Values, gram.Stride, _parallel);
    }

    private double[] Rotate(double[] matrix, int width, SymmetricEigen eigen, int kept, Func<double, double> scale)
    {
        var map = new LinearMap(width, kept, (input, i) => eigen.Vector(i)[input] * scale(eigen.Values[i]));
        return map.Transform(new FeatureMatrix(_columns, width, matrix), new double[width], _parallel);
    }
}
