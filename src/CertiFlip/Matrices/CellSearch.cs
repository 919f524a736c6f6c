using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Finds nearest rows by an inverted file (Jégou, Douze and Schmid 2011): rows are listed by the cell of k-means that
/// each is in, and a search looks only into the cells whose centres are nearest. What it finds there is exact, with
/// ties as in <see cref="NeighbourSearch"/>: with all cells looked into, it finds what that finds.
/// </summary>
/// <remarks>
/// What is found for a row is a function of that row, the rows and the cells alone, so that runs of rows can be
/// searched for anywhere, and put together. Rows that are the same to the bit are looked at once.
/// </remarks>
internal sealed class CellSearch
{
    // Test rows that a thread has in work.
    private const int GroupRows = 512;

    // Rows after which limits are taken anew.
    private const int ChunkRows = 256;

    private readonly FeatureMatrix _rows;
    private readonly RowCells _cells;
    private readonly SquaredDistances _distances;
    private readonly RoughDistances _rough;
    private readonly NeighbourSearch _centres;

    // The rows that are the same to the bit as each row that is the first of its kind.
    private readonly Groups _copies;

    // The first rows of their kinds, those of a cell together.
    private readonly int[] _rowAt;

    // Where each cell's places begin, and at last their number; and the rows of a cell, with all copies.
    private readonly int[] _starts;
    private readonly int[] _sizes;

    /// <summary>Prepares a search.</summary>
    /// <param name="rows">The rows (n × k).</param>
    /// <param name="cells">Their cells.</param>
    /// <param name="parallel">How many threads may be used.</param>
    public CellSearch(FeatureMatrix rows, RowCells cells, ParallelOptions parallel)
    {
        (_rows, _cells) = (rows, cells);
        _centres = new NeighbourSearch(cells.Centres, parallel);
        int[] first = Copies.FirstOf(rows, 0, rows.Rows, parallel);
        int[] firsts = [.. Enumerable.Range(0, rows.Rows).Where(row => first[row] == row)];
        var byCell = new Groups([.. firsts.Select(row => cells.CellOf[row])], cells.Count);
        _rowAt = [.. byCell.Members.ToArray().Select(member => firsts[member])];
        _starts = [.. Enumerable.Range(0, cells.Count).Select(cell => byCell.RangeOf(cell).Start.Value), firsts.Length];
        _copies = new Groups(first, rows.Rows);
        _sizes = new int[cells.Count];
        for (int row = 0; row < first.Length; row++)
            _sizes[cells.CellOf[first[row]]]++;
        _distances = new SquaredDistances(rows, parallel);
        _rough = new RoughDistances(_distances, rows, parallel, _rowAt);
    }

    private CellSearch(CellSearch other, RowCells cells)
    {
        (_rows, _cells, _centres, _copies) = (other._rows, cells, other._centres, other._copies);
        (_rowAt, _starts, _sizes, _distances, _rough) = (other._rowAt, other._starts, other._sizes, other._distances, other._rough);
    }

    /// <summary>The same search that looks into so many cells.</summary>
    public CellSearch With(int probes) => new(this, _cells with { Probes = probes });

    /// <summary>The nearest <paramref name="count"/> rows of all test rows, nearest first (m × count).</summary>
    /// <inheritdoc cref="Find(FeatureMatrix, int, int, int, ParallelOptions)"/>
    public int[] Find(FeatureMatrix tests, int count, ParallelOptions parallel) => Find(tests, 0, tests.Rows, count, parallel);

    /// <summary>The nearest <paramref name="count"/> rows of a run of test rows, nearest first.</summary>
    /// <param name="tests">Test rows.</param>
    /// <param name="firstRow">The first of the run.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="count">From 1 to n, and no more than <see cref="RowCells.Least"/>.</param>
    /// <param name="parallel">How many threads may be used; the result does not depend on it.</param>
    /// <exception cref="HeadException">A test row is so far from the others that its distances overflow.</exception>
    public int[] Find(FeatureMatrix tests, int firstRow, int rowCount, int count, ParallelOptions parallel)
    {
        double[] squares = new double[rowCount];
        _distances.SquaresOf(tests, firstRow, squares);
        NeighbourSearch.CheckRange(squares, firstRow);
        int[] first = Copies.FirstOf(tests, firstRow, rowCount, parallel);
        int[] asked = [.. Enumerable.Range(0, rowCount).Where(row => first[row] == row)];
        int[] own = new int[asked.Length];
        Parallel.For(0, (asked.Length + GroupRows - 1) / GroupRows, parallel, group =>
        {
            int from = group * GroupRows, rows = Math.Min(GroupRows, asked.Length - from);
            FeatureMatrix some = tests.SelectRows([.. asked.AsSpan(from, rows).ToArray().Select(row => firstRow + row)]);
            _centres.Find(some, 0, rows, 1).CopyTo(own.AsSpan(from));
        });

        // Rows of a cell look into much the same cells.
        int[] order = [.. new Groups(own, _cells.Count).Members.ToArray().Select(i => asked[i])];
        int[] nearest = new int[checked(rowCount * count)];
        int groups = (order.Length + GroupRows - 1) / GroupRows;
        Parallel.For(0, groups, parallel, () => new Workspace(_rough.Features, count), (group, _, work) =>
        {
            int from = group * GroupRows;
            ReadOnlySpan<int> rows = order.AsSpan(from, Math.Min(GroupRows, order.Length - from));
            FindGroup(tests.SelectRows([.. rows.ToArray().Select(row => firstRow + row)]), rows, squares, count, work, nearest);
            return work;
        }, static _ => { });
        for (int row = 0; row < rowCount; row++)
        {
            if (first[row] != row)
                nearest.AsSpan(first[row] * count, count).CopyTo(nearest.AsSpan(row * count, count));
        }

        return nearest;
    }

    private void FindGroup(
        FeatureMatrix tests, ReadOnlySpan<int> numbers, double[] squares, int count, Workspace work, int[] nearest)
    {
        int[][] lists = Lists(tests);
        for (int i = 0; i < numbers.Length; i++)
        {
            double square = squares[numbers[i]];
            work.Candidates[i].Clear(_rough.Error(square), most: _rough.Fits(square) ? 4 * count + 1024 : 0);
            _rough.Load(tests.Row(i), work.Row(i));
        }

        // A cell that is a row's nearest comes before those that are only second: it rules out most of what follows.
        int[] rank = new int[_cells.Count];
        Array.Fill(rank, int.MaxValue);
        List<int> cells = [], of = [];
        for (int i = 0; i < lists.Length; i++)
        {
            for (int at = 0; at < lists[i].Length; at++)
            {
                rank[lists[i][at]] = Math.Min(rank[lists[i][at]], at);
                cells.Add(lists[i][at]);
                of.Add(i);
            }
        }

        var visits = new Groups(CollectionsMarshal.AsSpan(cells), _cells.Count);
        foreach (int cell in Enumerable.Range(0, rank.Length).Where(cell => rank[cell] < int.MaxValue).OrderBy(cell => rank[cell]))
        {
            work.Tests.Clear();
            foreach (int visit in visits[cell])
                work.Tests.Add(of[visit]);
            if (_starts[cell] < _starts[cell + 1])
                Scan(_starts[cell], _starts[cell + 1], work);
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            if (work.Candidates[i].AreTooMany)
                ScanExactly(tests.Row(i), lists[i], work.Candidates[i]);
            Settle(work.Candidates[i], tests.Row(i), nearest.AsSpan(numbers[i] * count, count));
        }
    }

    /// <summary>
    /// The cells that each test row looks into, the nearest first: as many as are wanted, or as it takes to find so
    /// many rows.
    /// </summary>
    private int[][] Lists(FeatureMatrix tests)
    {
        int[] all = _centres.Find(tests, 0, tests.Rows, _cells.Probes);
        int[][] lists = new int[tests.Rows][];
        for (int i = 0; i < lists.Length; i++)
        {
            lists[i] = all[(i * _cells.Probes)..((i + 1) * _cells.Probes)];
            if (RowsOf(lists[i]) >= _cells.Least)
                continue;
            int[] ranking = _centres.Find(tests, i, 1, _cells.Count);
            int more = _cells.Probes;
            while (RowsOf(ranking.AsSpan(0, more)) < Math.Min(_cells.Least, _rows.Rows))
                more++;
            lists[i] = ranking[..more];
        }

        return lists;
    }

    private int RowsOf(ReadOnlySpan<int> cells)
    {
        int rows = 0;
        foreach (int cell in cells)
            rows += _sizes[cell];
        return rows;
    }

    /// <summary>Shows places from <paramref name="start"/> up to <paramref name="end"/> to some test rows.</summary>
    private void Scan(int start, int end, Workspace work)
    {
        int tests = work.Pack(), length = RoughTile.Height * _rough.Features;
        for (int chunk = start / RoughTile.Width * RoughTile.Width; chunk < end; chunk += ChunkRows)
        {
            float largestError = TensorPrimitives.Max(_rough.Errors.AsSpan(Math.Max(chunk, start)..Math.Min(chunk + ChunkRows, end)));
            for (int i = 0; i < tests; i++)
                work.Limits[i] = work.Candidates[work.Tests[i]].RoughLimit(largestError);
            for (int panel = chunk; panel < Math.Min(chunk + ChunkRows, end); panel += RoughTile.Width)
            {
                int first = Math.Max(panel, start), last = Math.Min(panel + RoughTile.Width, end);
                for (int group = 0; group < tests; group += RoughTile.Height)
                {
                    uint within = _rough.Compute(
                        KernelSet.Best, panel, work.Right.AsSpan(group * _rough.Features, length),
                        work.Limits.AsSpan(group, RoughTile.Height), work.Products);
                    for (; within != 0; within &= within - 1)
                    {
                        int i = BitOperations.TrailingZeroCount(within);
                        if (group + i < tests)
                        {
                            work.Candidates[work.Tests[group + i]].Add(
                                work.Products.AsSpan(i * RoughTile.Width + first - panel), work.Limits[group + i],
                                _rough.Errors.AsSpan(first..last), first);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Goes through the cells of a test row again, with the distances that decide in the end.</summary>
    private void ScanExactly(ReadOnlySpan<double> test, int[] cells, NearestCandidates candidates)
    {
        candidates.Clear(ownError: 0, most: int.MaxValue);
        foreach (int cell in cells)
        {
            double[] distances = new double[_starts[cell + 1] - _starts[cell]];
            for (int i = 0; i < distances.Length; i++)
                distances[i] = _distances.Between(test, _rowAt[_starts[cell] + i]);
            candidates.Scan(distances, new double[distances.Length], 0, _starts[cell]);
        }
    }

    /// <summary>Writes the nearest rows, all copies of each place among them.</summary>
    private void Settle(NearestCandidates candidates, ReadOnlySpan<double> test, Span<int> nearest)
    {
        ReadOnlySpan<(double Distance, int Row)> settled = candidates.Settle(_distances, test, _rowAt);
        settled = settled[..Math.Min(settled.Length, nearest.Length)];
        List<(double Distance, int Row)> rows = [];
        foreach ((double distance, int first) in settled)
        {
            ReadOnlySpan<int> copies = _copies[first];
            foreach (int row in copies[..Math.Min(copies.Length, nearest.Length)])
                rows.Add((distance, row));
        }

        rows.Sort();
        for (int i = 0; i < nearest.Length; i++)
            nearest[i] = rows[i].Row;
    }

    /// <summary>What one thread at a time works in.</summary>
    private sealed class Workspace(int features, int count)
    {
        private readonly float[] _loaded = new float[GroupRows * features];

        public NearestCandidates[] Candidates { get; } = [.. Enumerable.Range(0, GroupRows).Select(_ => new NearestCandidates(count))];

        /// <summary>The test rows that look into a cell.</summary>
        public List<int> Tests { get; } = new(GroupRows);

        public float[] Right { get; } = new float[GroupRows * features];

        public float[] Limits { get; } = new float[GroupRows];

        public float[] Products { get; } = new float[RoughTile.Width * RoughTile.Height];

        public Span<float> Row(int test) => _loaded.AsSpan(test * features, features);

        /// <summary>Packs <see cref="Tests"/> in groups of 8, of each group number by number.</summary>
        /// <returns>How many they are.</returns>
        public int Pack()
        {
            for (int i = 0; i < Tests.Count; i++)
            {
                ReadOnlySpan<float> row = Row(Tests[i]);
                Span<float> group = Right.AsSpan(i / RoughTile.Height * RoughTile.Height * features + i % RoughTile.Height);
                for (int number = 0; number < row.Length; number++)
                    group[number * RoughTile.Height] = row[number];
            }

            return Tests.Count;
        }
    }
}

/// <summary>How rows are put in cells, and how many of these a search looks into.</summary>
/// <param name="Centres">The centres of the cells.</param>
/// <param name="CellOf">The cell of each row; one may be empty.</param>
/// <param name="Probes">Cells that a search looks into, those whose centres are nearest.</param>
/// <param name="Least">Rows that they must hold: where they hold fewer, it goes on.</param>
internal sealed record RowCells(FeatureMatrix Centres, int[] CellOf, int Probes, int Least)
{
    // Cells for each square root of the number of rows: finding a row's cells then takes as long as a few probes.
    private const int CellsOfRoot = 2;

    // Rows of a cell that its centre is the mean of.
    private const int SampleOfCell = 64;

    // Rows whose true neighbours tell how many cells must be looked into, and as many others that tell what was
    // reached.
    private const int MeasuredRows = 1_000;

    private const ulong Stream = 3;

    public int Count => Centres.Rows;

    /// <summary>The cells of some rows: those that hold any of them.</summary>
    public RowCells Select(int[] rows)
    {
        int[] kept = [.. rows.Select(row => CellOf[row]).Distinct().Order()], numbers = new int[Count];
        for (int i = 0; i < kept.Length; i++)
            numbers[kept[i]] = i;
        return new RowCells(
            Centres.SelectRows(kept),
            [.. rows.Select(row => numbers[CellOf[row]])],
            Math.Min(Probes, kept.Length),
            Math.Min(Least, rows.Length));
    }

    /// <summary>
    /// Finds cells, and how many of them a search must look into so that the recall asked for is reached.
    /// </summary>
    /// <param name="rows">n rows.</param>
    /// <param name="count">
    /// How many neighbours will be asked for: of a row of these, it is among them, and does not count.
    /// </param>
    /// <param name="recall">The part of the true neighbours that is to be found, above 0 and at most 1.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <returns>The search, its cells, and the recall on so many rows that had no part in the choice.</returns>
    public static (CellSearch Search, RowCells Cells, double Recall, int Measured) Fit(
        FeatureMatrix rows, int count, double recall, ParallelOptions parallel)
    {
        int n = rows.Rows, cellCount = Math.Clamp((int)(CellsOfRoot * Math.Sqrt(n)), 1, n);
        int[] order = [.. Enumerable.Range(0, n)];
        new PhiloxRandom(1, Stream).Shuffle(order);
        FeatureMatrix sample = rows.SelectRows(order.AsSpan(0, Math.Min(n, SampleOfCell * cellCount)));
        var centres = new FeatureMatrix(cellCount, rows.Columns, KMeans.Cluster(sample, cellCount, 1, parallel));
        var search = new NeighbourSearch(centres, parallel);
        var cells = new RowCells(centres, search.Find(rows, 1, parallel), cellCount, count);
        var exhaustive = new CellSearch(rows, cells, parallel);

        // Taken from the end, they are not those of the centres while there are enough.
        int measured = Math.Min(n, MeasuredRows), second = Math.Max(0, n - 2 * measured);
        int[] choosing = order[^measured..], checking = order[second..(second + measured)];
        int probes = ProbesFor(recall, choosing);
        CellSearch chosen = exhaustive.With(probes);
        FeatureMatrix tests = rows.SelectRows(checking);
        int[] found = chosen.Find(tests, count, parallel), truth = exhaustive.Find(tests, count, parallel);
        return (chosen, cells with { Probes = probes }, RecallOf(found, truth), measured);

        int ProbesFor(double recall, int[] choosing)
        {
            FeatureMatrix tests = rows.SelectRows(choosing);
            int[] truth = exhaustive.Find(tests, count, parallel), ranking = search.Find(tests, cellCount, parallel);

            // How many true neighbours of each row are in the cell of each rank.
            List<int>[] rowsAt = [.. Enumerable.Range(0, cellCount).Select(_ => new List<int>())];
            int[] rankOf = new int[cellCount];
            for (int i = 0; i < choosing.Length; i++)
            {
                for (int rank = 0; rank < cellCount; rank++)
                    rankOf[ranking[i * cellCount + rank]] = rank;
                foreach (int neighbour in OthersOf(choosing[i], truth, i))
                    rowsAt[rankOf[cells.CellOf[neighbour]]].Add(i);
            }

            double wanted = recall * (count - 1);
            int[] hits = new int[choosing.Length];
            long sum = 0, squares = 0;
            for (int probes = 1; probes < cellCount; probes++)
            {
                foreach (int row in rowsAt[probes - 1])
                {
                    squares += 2 * hits[row]++ + 1;
                    sum++;
                }

                // The mean less two standard errors.
                double mean = (double)sum / hits.Length, variance = Math.Max(0, (double)squares / hits.Length - mean * mean);
                if (mean - 2 * Math.Sqrt(variance / hits.Length) >= wanted)
                    return probes;
            }

            return cellCount;
        }

        double RecallOf(int[] found, int[] truth)
        {
            int hits = 0;
            for (int i = 0; i < checking.Length; i++)
            {
                int[] own = found[(i * count)..((i + 1) * count)];
                hits += OthersOf(checking[i], truth, i).Count(own.Contains);
            }

            return (double)hits / (checking.Length * (count - 1));
        }

        // The neighbours of the i-th of some rows, without itself.
        IEnumerable<int> OthersOf(int row, int[] nearest, int i) =>
            nearest[(i * count)..((i + 1) * count)].Where(other => other != row).Take(count - 1);
    }
}

/// <summary>Rows that are the same to the bit.</summary>
internal static class Copies
{
    /// <summary>The first row that is the same as each of a run of rows, counted from the first of the run.</summary>
    public static int[] FirstOf(FeatureMatrix rows, int firstRow, int count, ParallelOptions parallel)
    {
        ulong[] hashes = new ulong[count];
        Parallel.For(0, count, parallel, row =>
        {
            ulong hash = 0;
            foreach (ulong bits in MemoryMarshal.Cast<double, ulong>(rows.Row(firstRow + row)))
                hash = BitOperations.RotateLeft(unchecked((hash ^ bits) * 0x9E3779B97F4A7C15), 29);
            hashes[row] = hash;
        });
        int[] order = [.. Enumerable.Range(0, count)], first = [.. order];
        Array.Sort(hashes, order);
        for (int start = 0, end; start < count; start = end)
        {
            for (end = start + 1; end < count && hashes[end] == hashes[start];)
                end++;
            Span<int> same = order.AsSpan(start..end);
            same.Sort();
            List<int> leaders = [same[0]];
            foreach (int row in same[1..])
            {
                int leader = leaders.FindIndex(leader => AreSame(rows.Row(firstRow + leader), rows.Row(firstRow + row)));
                if (leader >= 0)
                    first[row] = leaders[leader];
                else
                    leaders.Add(row);
            }
        }

        return first;
    }

    private static bool AreSame(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        MemoryMarshal.Cast<double, ulong>(a).SequenceEqual(MemoryMarshal.Cast<double, ulong>(b));
}
