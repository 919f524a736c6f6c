using System.Numerics.Tensors;
using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Finds the nearest training rows by Euclidean distance, exactly: those that the sum of (aᵢ − bᵢ)², taken term by term, puts first, and of
/// equally distant ones those that come first.
/// </summary>
/// <remarks>
/// <see cref="SquaredDistances"/> serve to rule out rows that are farther than enough others by more than their rounding; the distances of the rest are summed term by term.
/// </remarks>
internal sealed class NeighbourSearch(SquaredDistances distances)
{
    // Distances of so many test rows to so many training rows stay in the second-level cache from product to scan.
    private const int TestRows = 64;
    private const int ChunkRows = 256;

    private readonly double[] _errors = Array.ConvertAll(distances.Squares, distances.Error);

    /// <summary>Prepares a search among <paramref name="training"/> rows (n × k).</summary>
    public NeighbourSearch(FeatureMatrix training)
        : this(new SquaredDistances(training, new ParallelOptions { MaxDegreeOfParallelism = 1 }))
    {
    }

    /// <summary>Number of features, k.</summary>
    public int Features => distances.Features;

    /// <summary>The nearest <paramref name="count"/> training rows of each test row, nearest first (m × count).</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="count">From 1 to n.</param>
    /// <param name="parallel">How many threads may be used; the result does not depend on it.</param>
    /// <exception cref="HeadException">A test row is so far from the training rows that its distances overflow.</exception>
    public int[] Find(FeatureMatrix tests, int count, ParallelOptions parallel)
    {
        CheckRange(distances.SquaresOf(tests, 0, tests.Rows), 0);
        int[] nearest = new int[checked(tests.Rows * count)];
        int groups = (tests.Rows + TestRows - 1) / TestRows;
        Parallel.For(0, groups, parallel, () => new double[TestRows * (Features + ChunkRows)], (group, _, workspace) =>
        {
            int first = group * TestRows, rows = Math.Min(TestRows, tests.Rows - first);
            FindGroup(tests, first, count, workspace, nearest.AsSpan(first * count, rows * count));
            return workspace;
        }, static _ => { });
        return nearest;
    }

    /// <summary>The nearest <paramref name="count"/> training rows of a few test rows, on this thread.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="firstRow">The first of those asked for.</param>
    /// <param name="rowCount">How many are asked for.</param>
    /// <param name="count">From 1 to n.</param>
    /// <exception cref="HeadException">A test row is so far from the training rows that its distances overflow.</exception>
    public int[] Find(FeatureMatrix tests, int firstRow, int rowCount, int count)
    {
        CheckRange(distances.SquaresOf(tests, firstRow, rowCount), firstRow);
        int[] nearest = new int[checked(rowCount * count)];
        double[] workspace = new double[Math.Min(TestRows, Tile.PadHeight(rowCount)) * (Features + ChunkRows)];
        for (int row = 0; row < rowCount; row += TestRows)
            FindGroup(tests, firstRow + row, count, workspace, nearest.AsSpan(row * count, Math.Min(TestRows, rowCount - row) * count));
        return nearest;
    }

    private static void CheckRange(double[] squares, int firstRow)
    {
        int far = Array.FindIndex(squares, square => !double.IsFinite(4 * square));
        if (far >= 0)
            throw new HeadException($"Test row {firstRow + far} (counting from 0) is so far from the training rows that its distances overflow. Check its features' units.");
    }

    /// <summary>The neighbours of at most <see cref="TestRows"/> test rows, of as many as there is room for.</summary>
    private void FindGroup(FeatureMatrix tests, int first, int count, double[] workspace, Span<int> nearest)
    {
        double[] squares = distances.SquaresOf(tests, first, nearest.Length / count);
        NearestCandidates[] candidates = [.. squares.Select(square => new NearestCandidates(count, distances.Error(square)))];
        Scan(tests, first, candidates, workspace);
        for (int row = 0; row < candidates.Length; row++)
        {
            int test = first + row;
            candidates[row].Settle(candidate => distances.Between(tests.Row(test), candidate), nearest.Slice(row * count, count));
        }
    }

    private void Scan(FeatureMatrix tests, int first, NearestCandidates[] candidates, double[] workspace)
    {
        int columns = Tile.PadHeight(candidates.Length);
        Span<double> right = workspace.AsSpan(0, Features * columns), products = workspace.AsSpan(Features * columns, ChunkRows * columns);
        distances.Load(tests, first, candidates.Length, right);
        for (int chunk = 0; chunk < distances.TrainingRows; chunk += ChunkRows)
        {
            int rows = Math.Min(ChunkRows, distances.TrainingRows - chunk);
            ReadOnlySpan<double> errors = _errors.AsSpan(chunk, rows);
            double largestError = TensorPrimitives.Max(errors);
            distances.Compute(KernelSet.Best, chunk, rows, right, candidates.Length, products, ChunkRows);
            for (int row = 0; row < candidates.Length; row++)
                candidates[row].Scan(products.Slice(row * ChunkRows, rows), errors, largestError, chunk);
        }
    }
}
