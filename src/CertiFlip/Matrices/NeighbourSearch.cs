using System.Numerics.Tensors;
using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Finds the nearest training rows by Euclidean distance, exactly: those that the sum of (aᵢ − bᵢ)², taken term by
/// term, puts first, and of equally distant ones those that come first.
/// </summary>
/// <remarks>
/// <see cref="SquaredDistances"/> serve to rule out rows that are farther than enough others by more than their
/// rounding; the distances of the rest are summed term by term.
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

    /// <summary>
    /// The nearest <paramref name="count"/> training rows of each test row, nearest first (m × count).
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="count">From 1 to n.</param>
    /// <param name="parallel">How many threads may be used; the result does not depend on it.</param>
    /// <exception cref="HeadException">
    /// A test row is so far from the training rows that its distances overflow.
    /// </exception>
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
    /// <exception cref="HeadException">
    /// A test row is so far from the training rows that its distances overflow.
    /// </exception>
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
            throw new HeadException(
                $"Test row {firstRow + far} (counting from 0) is so far from the training rows that its distances overflow. "
                + "Check its features' units.");
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

/// <summary>
/// The training rows that may still be among the nearest of one test row, while a search passes over all of them.
/// </summary>
/// <param name="count">How many nearest rows are wanted.</param>
/// <param name="ownError">What the test row adds to the error of a squared distance.</param>
internal sealed class NearestCandidates(int count, double ownError)
{
    // A run of distances whose least one is looked at first: most runs hold no candidate.
    private const int RunLength = 64;

    private readonly List<(double AtLeast, int Row)> _candidates = [];

    // The smallest upper bounds on distances so far, the largest of them first.
    private readonly PriorityQueue<double, double> _atMost = new(Comparer<double>.Create((a, b) => b.CompareTo(a)));

    /// <summary>Beyond this, so many rows are nearer that a row cannot be wanted.</summary>
    private double Limit => _atMost.Count < count ? double.PositiveInfinity : _atMost.Peek();

    /// <summary>Looks at a run of training rows.</summary>
    /// <param name="distances">
    /// Their squared distances, less the squared norm of the test row, as rounding left them.
    /// </param>
    /// <param name="errors">What each of them adds to the error of its distance.</param>
    /// <param name="largestError">The largest of <paramref name="errors"/>, or more.</param>
    /// <param name="firstRow">The first of them.</param>
    public void Scan(ReadOnlySpan<double> distances, ReadOnlySpan<double> errors, double largestError, int firstRow)
    {
        for (int start = 0; start < distances.Length; start += RunLength)
        {
            int end = Math.Min(start + RunLength, distances.Length);
            if (TensorPrimitives.Min(distances[start..end]) - (largestError + ownError) > Limit)
                continue;
            for (int i = start; i < end; i++)
                Add(distances[i], errors[i] + ownError, firstRow + i);
        }
    }

    /// <summary>
    /// Writes the nearest rows to <paramref name="nearest"/>, in order of their distance, then of their index.
    /// </summary>
    public void Settle(Func<int, double> distance, Span<int> nearest)
    {
        double limit = Limit;
        (double Distance, int Row)[] settled =
            [.. from candidate in _candidates where candidate.AtLeast <= limit select (distance(candidate.Row), candidate.Row)];
        Array.Sort(settled);
        for (int i = 0; i < nearest.Length; i++)
            nearest[i] = settled[i].Row;
    }

    private void Add(double distance, double error, int row)
    {
        if (distance - error > Limit)
            return;
        _candidates.Add((distance - error, row));
        if (_atMost.Count < count)
            _atMost.Enqueue(distance + error, distance + error);
        else if (distance + error < _atMost.Peek())
            _atMost.EnqueueDequeue(distance + error, distance + error);
    }
}

/// <summary>
/// How far a training row's near neighbours are: the length that says what is near among these features.
/// </summary>
internal static class NeighbourDistance
{
    private const int Neighbour = 10;
    private const int MostRows = 256;

    /// <summary>
    /// The median over evenly spread rows of the distance to the tenth nearest row other than itself, or the farthest
    /// where there are fewer. Where half of the rows have so many copies that it is 0, the least distance that is not;
    /// where all rows are the same, 1.
    /// </summary>
    /// <param name="features">The training rows.</param>
    /// <param name="distances">Distances to them.</param>
    /// <param name="parallel">How many threads may be used; the result does not depend on it.</param>
    public static double Median(FeatureMatrix features, SquaredDistances distances, ParallelOptions parallel)
    {
        int n = features.Rows, rows = Math.Min(n, MostRows), rank = Math.Min(Neighbour, n - 1);
        double[] values = new double[rows * features.Columns];
        for (int row = 0; row < rows; row++)
            features.Row((int)((long)row * n / rows)).CopyTo(values.AsSpan(row * features.Columns));
        var sample = new FeatureMatrix(rows, features.Columns, values);

        // The row itself, or a copy of it, is among those found.
        int[] nearest = new NeighbourSearch(distances).Find(sample, rank + 1, parallel);
        double[] lengths = [.. Enumerable.Range(0, rows)
            .Select(row => Math.Sqrt(distances.Between(sample.Row(row), nearest[row * (rank + 1) + rank])) / distances.Unit).Order()];
        double median = lengths[(rows - 1) / 2];
        return median > 0 ? median : lengths.FirstOrDefault(length => length > 0, 1);
    }
}
