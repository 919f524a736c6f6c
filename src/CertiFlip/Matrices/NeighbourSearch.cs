using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Finds the nearest training rows by Euclidean distance, exactly: those that the sum of (aᵢ − bᵢ)², taken term by
/// term, puts first, and of equally distant ones those that come first.
/// </summary>
/// <remarks>
/// <see cref="RoughDistances"/> serve to rule out rows that are farther than enough others by more than their rounding,
/// and where they rule out too few, <see cref="SquaredDistances"/>; the distances of the rest are summed term by term.
/// </remarks>
internal sealed class NeighbourSearch
{
    // Test rows that stay in the second-level cache while the training rows pass over them.
    private const int TestRows = 128;

    // Training rows after which limits are taken anew.
    private const int ChunkRows = 256;

    // Neighbours wanted by the test rows that a thread has in work.
    private const int MostKept = 1 << 16;

    private readonly SquaredDistances _distances;
    private readonly RoughDistances _rough;
    private readonly double[] _errors;

    // Kept from call to call: who asks for a few rows at a time asks thousands of times.
    private readonly ConcurrentBag<Workspace> _idle = [];

    /// <summary>Prepares a search.</summary>
    /// <param name="training">The training rows (n × k).</param>
    /// <param name="distances">Distances to them.</param>
    /// <param name="parallel">How many threads may be used.</param>
    public NeighbourSearch(FeatureMatrix training, SquaredDistances distances, ParallelOptions parallel)
    {
        (_distances, _rough) = (distances, new RoughDistances(distances, training, parallel));
        _errors = Array.ConvertAll(distances.Squares, distances.Error);
    }

    /// <summary>Prepares a search among <paramref name="training"/> rows (n × k).</summary>
    public NeighbourSearch(FeatureMatrix training, ParallelOptions? parallel = null)
        : this(training, new SquaredDistances(training, parallel ??= new ParallelOptions { MaxDegreeOfParallelism = 1 }), parallel)
    {
    }

    /// <summary>Number of features, k.</summary>
    public int Features => _distances.Features;

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
        int[] nearest = new int[checked(tests.Rows * count)];
        double[] squares = new double[tests.Rows];
        int size = GroupRows(count), groups = (tests.Rows + size - 1) / size;
        Parallel.For(0, groups, parallel, group =>
            _distances.SquaresOf(tests, group * size, squares.AsSpan(group * size, Math.Min(size, tests.Rows - group * size))));
        CheckRange(squares, 0);
        Parallel.For(0, groups, parallel, () => new Workspace(Features, size, count), (group, _, workspace) =>
        {
            int first = group * size, rows = Math.Min(size, tests.Rows - first);
            FindGroup(tests, first, squares.AsSpan(first, rows), workspace, nearest.AsSpan(first * count, rows * count));
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
        double[] squares = new double[rowCount];
        _distances.SquaresOf(tests, firstRow, squares);
        CheckRange(squares, firstRow);
        int[] nearest = new int[checked(rowCount * count)];
        int size = Math.Min(GroupRows(count), rowCount);
        if (!_idle.TryTake(out Workspace? workspace) || !workspace.Fits(size, count))
            workspace = new Workspace(Features, size, count);
        for (int row = 0; row < rowCount; row += size)
        {
            int rows = Math.Min(size, rowCount - row);
            FindGroup(tests, firstRow + row, squares.AsSpan(row, rows), workspace, nearest.AsSpan(row * count, rows * count));
        }

        _idle.Add(workspace);
        return nearest;
    }

    /// <summary>How many test rows are searched for together: fewer where what is kept of each is much.</summary>
    private static int GroupRows(int count) => Math.Clamp(MostKept / count, RoughTile.Height, TestRows);

    /// <summary>Refuses rows whose distances overflow.</summary>
    /// <param name="squares">Their squared norms.</param>
    /// <param name="firstRow">The first of them.</param>
    public static void CheckRange(double[] squares, int firstRow)
    {
        int far = Array.FindIndex(squares, square => !double.IsFinite(4 * square));
        if (far >= 0)
            throw new HeadException(
                $"Test row {firstRow + far} (counting from 0) is so far from the training rows that its distances overflow. "
                + "Check its features' units.");
    }

    /// <summary>The neighbours of at most <see cref="TestRows"/> test rows with these squared norms.</summary>
    private void FindGroup(FeatureMatrix tests, int first, ReadOnlySpan<double> squares, Workspace workspace, Span<int> nearest)
    {
        int count = nearest.Length / squares.Length;
        for (int row = 0; row < squares.Length; row++)
            workspace.Candidates[row].Clear(_rough.Error(squares[row]), most: _rough.Fits(squares[row]) ? 4 * count + 1024 : 0);
        ScanRoughly(tests, first, squares.Length, workspace);
        for (int row = 0; row < squares.Length; row++)
        {
            if (workspace.Candidates[row].AreTooMany)
            {
                workspace.Candidates[row].Clear(_distances.Error(squares[row]), most: int.MaxValue);
                workspace.Again.Add(row);
            }
        }

        Scan(tests, first, workspace);
        for (int row = 0; row < squares.Length; row++)
            workspace.Candidates[row].Settle(_distances, tests.Row(first + row), nearest.Slice(row * count, count));
    }

    private void ScanRoughly(FeatureMatrix tests, int first, int count, Workspace workspace)
    {
        int length = RoughTile.Height * Features, n = _distances.TrainingRows;
        _rough.Load(tests, first, count, workspace.RoughRight.AsSpan(0, (count + RoughTile.Height - 1) / RoughTile.Height * length));
        for (int chunk = 0; chunk < n; chunk += ChunkRows)
        {
            int end = Math.Min(chunk + ChunkRows, n);
            float largestError = TensorPrimitives.Max(_rough.Errors.AsSpan(chunk..end));
            for (int row = 0; row < count; row++)
                workspace.Limits[row] = workspace.Candidates[row].RoughLimit(largestError);
            for (int panel = chunk; panel < end; panel += RoughTile.Width)
            {
                ReadOnlySpan<float> errors = _rough.Errors.AsSpan(panel..Math.Min(panel + RoughTile.Width, end));
                for (int row = 0; row < count; row += RoughTile.Height)
                {
                    uint within = _rough.Compute(
                        KernelSet.Best, panel, workspace.RoughRight.AsSpan(row * Features, length),
                        workspace.Limits.AsSpan(row, RoughTile.Height), workspace.RoughProducts);
                    for (; within != 0; within &= within - 1)
                    {
                        int i = BitOperations.TrailingZeroCount(within);
                        if (row + i < count)
                            workspace.Candidates[row + i].Add(
                                workspace.RoughProducts.AsSpan(i * RoughTile.Width), workspace.Limits[row + i], errors, panel);
                    }
                }
            }
        }
    }

    /// <summary>Scans in double precision, for the rows that are left to be done again.</summary>
    private void Scan(FeatureMatrix tests, int first, Workspace workspace)
    {
        for (int done = 0; done < workspace.Again.Count; done += Workspace.AgainRows)
        {
            int[] rows = [.. workspace.Again.Skip(done).Take(Workspace.AgainRows)];
            int columns = Tile.PadHeight(rows.Length);
            double[] right = new double[Features * columns], products = new double[ChunkRows * columns];
            _distances.Load(tests.SelectRows([.. rows.Select(row => first + row)]), 0, rows.Length, right);
            for (int chunk = 0; chunk < _distances.TrainingRows; chunk += ChunkRows)
            {
                int count = Math.Min(ChunkRows, _distances.TrainingRows - chunk);
                ReadOnlySpan<double> errors = _errors.AsSpan(chunk, count);
                double largestError = TensorPrimitives.Max(errors);
                _distances.Compute(KernelSet.Best, chunk, count, right, rows.Length, products, ChunkRows);
                for (int i = 0; i < rows.Length; i++)
                    workspace.Candidates[rows[i]].Scan(products.AsSpan(i * ChunkRows, count), errors, largestError, chunk);
            }
        }

        workspace.Again.Clear();
    }

    /// <summary>What one thread at a time works in.</summary>
    private sealed class Workspace
    {
        // Test rows whose distances are computed together in double precision.
        public const int AgainRows = 64;

        private readonly int _count;

        public Workspace(int features, int rows, int count)
        {
            int columns = (rows + RoughTile.Height - 1) / RoughTile.Height * RoughTile.Height;
            (RoughRight, Limits) = (new float[features * columns], new float[columns]);
            Candidates = [.. Enumerable.Range(0, rows).Select(_ => new NearestCandidates(count))];
            _count = count;
        }

        public float[] RoughRight { get; }

        public float[] RoughProducts { get; } = new float[RoughTile.Width * RoughTile.Height];

        public float[] Limits { get; }

        public NearestCandidates[] Candidates { get; }

        /// <summary>Rows of which floats rule out too few.</summary>
        public List<int> Again { get; } = [];

        /// <summary>Whether it has room for so many test rows, with so many neighbours of each.</summary>
        public bool Fits(int rows, int count) => rows <= Candidates.Length && count == _count;
    }
}

/// <summary>
/// The training rows that may still be among the nearest of one test row, while a search passes over all of them.
/// </summary>
/// <param name="count">How many nearest rows are wanted.</param>
internal sealed class NearestCandidates(int count)
{
    // A run of distances of which any is looked at only if one may be a candidate: most runs hold none.
    private const int RunLength = 64;

    // Beyond so many, sorting by insertion is slow.
    private const int FewRows = 64;

    // The smallest upper bounds on distances so far, as a heap with the largest of them first.
    private readonly double[] _atMost = new double[count];

    private (double AtLeast, int Row)[] _candidates = new (double, int)[64];
    private int _found;
    private int _bounds;
    private double _ownError;
    private int _most;

    /// <summary>Whether there were more candidates than allowed: the search was given up.</summary>
    public bool AreTooMany { get; private set; }

    /// <summary>Beyond this, so many rows are nearer that a row cannot be wanted.</summary>
    private double Limit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bounds < count ? double.PositiveInfinity : _atMost[0];
    }

    /// <summary>Begins a search.</summary>
    /// <param name="ownError">What the test row adds to the error of a squared distance.</param>
    /// <param name="most">More candidates than these are too many.</param>
    public void Clear(double ownError, int most)
    {
        (_found, _bounds, _ownError, _most) = (0, 0, ownError, most);
        AreTooMany = most == 0;
    }

    /// <summary>
    /// Beyond this, a distance in floats rules a row out, if its error is at most <paramref name="largestError"/>.
    /// </summary>
    public float RoughLimit(float largestError) =>
        AreTooMany ? float.NegativeInfinity : MathF.BitIncrement((float)(Limit + largestError + _ownError));

    /// <summary>Looks at each of a few training rows.</summary>
    /// <param name="distances">
    /// Their squared distances, less the squared norm of the test row, as rounding left them, and maybe others behind.
    /// </param>
    /// <param name="limit">What <see cref="RoughLimit"/> was: beyond it none is looked at.</param>
    /// <param name="errors">What each of them adds to the error of its distance.</param>
    /// <param name="firstRow">The first of them.</param>
    public void Add(ReadOnlySpan<float> distances, float limit, ReadOnlySpan<float> errors, int firstRow)
    {
        Vector256<float> most = Vector256.Create(limit);
        int whole = errors.Length - errors.Length % Vector256<float>.Count;
        for (int first = 0; first < whole; first += Vector256<float>.Count)
        {
            uint within = Vector256.LessThanOrEqual(Vector256.Create(distances[first..]), most).ExtractMostSignificantBits();
            for (; within != 0; within &= within - 1)
            {
                int i = first + BitOperations.TrailingZeroCount(within);
                Add(distances[i], errors[i] + _ownError, firstRow + i);
            }
        }

        for (int i = whole; i < errors.Length; i++)
        {
            if (distances[i] <= limit)
                Add(distances[i], errors[i] + _ownError, firstRow + i);
        }
    }

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
            if (TensorPrimitives.Min(distances[start..end]) - (largestError + _ownError) > Limit)
                continue;
            for (int i = start; i < end; i++)
                Add(distances[i], errors[i] + _ownError, firstRow + i);
        }
    }

    /// <summary>
    /// Writes the nearest rows to <paramref name="nearest"/>, in order of their distance, then of their index.
    /// </summary>
    public void Settle(SquaredDistances distances, ReadOnlySpan<double> test, Span<int> nearest)
    {
        ReadOnlySpan<(double Distance, int Row)> settled = Settle(distances, test);
        for (int i = 0; i < nearest.Length; i++)
            nearest[i] = settled[i].Row;
    }

    /// <summary>The candidates in order of their distance, then of their index.</summary>
    /// <param name="distances">Distances to the training rows.</param>
    /// <param name="test">The test row.</param>
    /// <param name="rowAt">The training row that each number of a row here stands for; if empty, itself.</param>
    public ReadOnlySpan<(double Distance, int Row)> Settle(
        SquaredDistances distances, ReadOnlySpan<double> test, ReadOnlySpan<int> rowAt = default)
    {
        DropFar();
        Span<(double Distance, int Row)> settled = _candidates.AsSpan(0, _found);
        if (!rowAt.IsEmpty)
        {
            foreach (ref (double Distance, int Row) candidate in settled)
                candidate.Row = rowAt[candidate.Row];
        }

        if (settled.Length > 1)
        {
            foreach (ref (double Distance, int Row) candidate in settled)
                candidate.Distance = distances.Between(test, candidate.Row);
            Sort(settled);
        }

        return settled;
    }

    private static void Sort(Span<(double Distance, int Row)> rows)
    {
        if (rows.Length > FewRows)
        {
            rows.Sort();
            return;
        }

        for (int i = 1; i < rows.Length; i++)
        {
            (double Distance, int Row) row = rows[i];
            int to = i;
            for (; to > 0 && IsNearer(row, rows[to - 1]); to--)
                rows[to] = rows[to - 1];
            rows[to] = row;
        }
    }

    private static bool IsNearer((double Distance, int Row) row, (double Distance, int Row) other) =>
        row.Distance < other.Distance || (row.Distance == other.Distance && row.Row < other.Row);

    private void Add(double distance, double error, int row)
    {
        if (!(distance - error <= Limit) || AreTooMany)
            return;
        if (_found == _candidates.Length)
            MakeRoom();
        if (_found < _candidates.Length)
            _candidates[_found++] = (distance - error, row);
        if (_bounds < count)
            Rise(distance + error);
        else if (distance + error < _atMost[0])
            Sink(distance + error);
    }

    private void MakeRoom()
    {
        DropFar();
        AreTooMany = _found > _most;
        if (_found > _candidates.Length / 2 && !AreTooMany)
            Array.Resize(ref _candidates, checked(2 * _candidates.Length));
    }

    private void DropFar()
    {
        double limit = Limit;
        int kept = 0;
        foreach ((double AtLeast, int Row) candidate in _candidates.AsSpan(0, _found))
        {
            if (candidate.AtLeast <= limit)
                _candidates[kept++] = candidate;
        }

        _found = kept;
    }

    /// <summary>Adds a bound to the heap.</summary>
    private void Rise(double bound)
    {
        int at = _bounds++;
        for (; at > 0 && _atMost[(at - 1) / 2] < bound; at = (at - 1) / 2)
            _atMost[at] = _atMost[(at - 1) / 2];
        _atMost[at] = bound;
    }

    /// <summary>Puts a bound in the place of the largest one.</summary>
    private void Sink(double bound)
    {
        int at = 0;
        while (true)
        {
            int below = 2 * at + 1;
            if (below + 1 < count && _atMost[below + 1] > _atMost[below])
                below++;
            if (below >= count || _atMost[below] <= bound)
                break;
            (_atMost[at], at) = (_atMost[below], below);
        }

        _atMost[at] = bound;
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
        int[] nearest = new NeighbourSearch(features, distances, parallel).Find(sample, rank + 1, parallel);
        double[] lengths = [.. Enumerable.Range(0, rows)
            .Select(row => Math.Sqrt(distances.Between(sample.Row(row), nearest[row * (rank + 1) + rank])) / distances.Unit).Order()];
        double median = lengths[(rows - 1) / 2];
        return median > 0 ? median : lengths.FirstOrDefault(length => length > 0, 1);
    }
}
