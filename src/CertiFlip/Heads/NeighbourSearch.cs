using System.Numerics.Tensors;
using CertiFlip.Numerics;

namespace CertiFlip.Heads;

/// <summary>
/// Finds the nearest training rows by Euclidean distance, exactly: those that the sum of (aᵢ − bᵢ)², taken term by term, puts first, and of
/// equally distant ones those that come first.
/// </summary>
/// <remarks>
/// ‖a − b‖² = ‖a‖² + ‖b‖² − 2aᵀb makes a matrix product of the search, but cancels where a and b are close. It serves to rule out rows that
/// are farther than enough others by more than its rounding; the distances of the rest are summed term by term.
/// </remarks>
internal sealed class NeighbourSearch
{
    // Distances of so many test rows to so many training rows stay in the second-level cache from product to scan.
    private const int TestRows = 64;
    private const int ChunkRows = 256;

    private readonly FeatureMatrix _training;
    private readonly ColumnScaling _scaling;
    private readonly PackedRows _rows;
    private readonly double[] _squares;
    private readonly double[] _errors;

    /// <summary>Prepares a search among <paramref name="training"/> rows (n × k).</summary>
    public NeighbourSearch(FeatureMatrix training)
    {
        (_training, _scaling) = (training, ColumnScaling.OfCommonUnit(training));
        _rows = PackedRows.Of(training, _scaling, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        _squares = Squares(training);

        _errors = Array.ConvertAll(_squares, Error);
    }

    /// <summary>Number of features, k.</summary>
    public int Features => _training.Columns;

    /// <summary>The nearest <paramref name="count"/> training rows of each test row, nearest first (m × count).</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="count">From 1 to n.</param>
    /// <param name="parallel">How many threads may be used; the result does not depend on it.</param>
    /// <exception cref="HeadException">A test row is so far from the training rows that its distances overflow.</exception>
    public int[] Find(FeatureMatrix tests, int count, ParallelOptions parallel)
    {
        double[] squares = Squares(tests);
        int far = Array.FindIndex(squares, square => !double.IsFinite(4 * square));
        if (far >= 0)
            throw new HeadException($"Test row {far} (counting from 0) is so far from the training rows that its distances overflow. Check its features' units.");

        int[] nearest = new int[checked(tests.Rows * count)];
        int groups = (tests.Rows + TestRows - 1) / TestRows;
        Parallel.For(0, groups, parallel, () => new double[TestRows * (Features + ChunkRows)], (group, _, workspace) =>
        {
            int first = group * TestRows, rows = Math.Min(TestRows, tests.Rows - first);
            NearestCandidates[] candidates = [.. squares.AsSpan(first, rows).ToArray().Select(square => new NearestCandidates(count, Error(square)))];
            Scan(tests, first, candidates, workspace);
            for (int row = 0; row < rows; row++)
            {
                int test = first + row;
                candidates[row].Settle(candidate => Distance(tests.Row(test), _training.Row(candidate)), nearest.AsSpan(test * count, count));
            }

            return workspace;
        }, static _ => { });
        return nearest;
    }

    private void Scan(FeatureMatrix tests, int first, NearestCandidates[] candidates, double[] workspace)
    {
        int columns = Tile.PadHeight(candidates.Length);
        Span<double> right = workspace.AsSpan(0, Features * columns), products = workspace.AsSpan(Features * TestRows);
        right.Clear();
        for (int row = 0; row < candidates.Length; row++)
            _scaling.Apply(tests.Row(first + row), right[row..], columns);
        for (int i = 0; i < right.Length; i++)
            right[i] *= -2;

        for (int chunk = 0; chunk < _training.Rows; chunk += ChunkRows)
        {
            int rows = Math.Min(ChunkRows, _training.Rows - chunk);
            ReadOnlySpan<double> squares = _squares.AsSpan(chunk, rows), errors = _errors.AsSpan(chunk, rows);
            double largestError = TensorPrimitives.Max(errors);
            for (int row = 0; row < candidates.Length; row++)
                squares.CopyTo(products[(row * ChunkRows)..]);
            _rows.MultiplyAdd(Kernels.Best, chunk, rows, right, columns, products, ChunkRows);
            for (int row = 0; row < candidates.Length; row++)
                candidates[row].Scan(products.Slice(row * ChunkRows, rows), errors, largestError, chunk);
        }
    }

    /// <summary>
    /// What a row of this squared norm adds to the error of a squared distance: of roundings, k for its product, k/2 for its norm, 2 for its
    /// centring, k + 2 for the direct sum it is compared with. Squares below the range of a double round absolutely.
    /// </summary>
    private double Error(double square) => 4 * (Features + 4) * Rounding.Epsilon * square + 1e-300;

    private double[] Squares(FeatureMatrix features)
    {
        double[] squares = new double[features.Rows], x = new double[Features];
        for (int row = 0; row < squares.Length; row++)
        {
            _scaling.Apply(features.Row(row), x);
            foreach (double value in x)
                squares[row] += value * value;
        }

        return squares;
    }

    /// <summary>‖a − b‖² in scaled units: 0 for rows that are the same, however far from the origin.</summary>
    private double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double scale = _scaling.Scales[0], sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = a[i] * scale - b[i] * scale;
            sum += difference * difference;
        }

        return sum;
    }
}
