using CertiFlip.Matrices;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Matrices;

/// <summary>The search in cells against the exact one.</summary>
public class CellSearchTests
{
    private const int Count = 6;

    private static readonly Dictionary<string, FeatureMatrix> Cases = new()
    {
        ["clusters"] = Clusters(2_500, 12, clusters: 40),
        ["noise"] = SomeFeatures.Generic(2_200, 8, seed: 2),
        ["far from the origin"] = SomeFeatures.Of(500, 5, seed: 3, (_, column, value) => value + 1e7 * column),
        ["many copies"] = SomeFeatures.Of(1_500, 3, seed: 4, (row, column, value) => row % 3 == 0 ? 0.1 * column : Math.Round(value)),
        ["on a grid"] = SomeFeatures.Of(700, 3, seed: 5, (_, _, value) => Math.Round(2 * value)),
        ["closer than floats tell"] = SomeFeatures.Of(2_400, 4, seed: 6, (_, column, value) => column + 1e-6 * value),
        ["an outlier"] = SomeFeatures.Of(900, 4, seed: 7, (row, _, value) => row == 17 ? 1e12 : value),
        ["all the same"] = SomeFeatures.Of(300, 4, seed: 8, (_, column, _) => 0.3 * column),
        ["hardly more than asked for"] = SomeFeatures.Generic(7, 3, seed: 9),
        ["a column of zeros"] = SomeFeatures.Of(400, 1, seed: 10, (_, _, _) => 0),
        ["in single precision"] = Singles(SomeFeatures.Generic(400, 6, seed: 11)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_search_in_all_cells_finds_what_the_exact_search_finds(string name)
    {
        FeatureMatrix rows = Cases[name];
        (CellSearch search, RowCells cells, _, _) = RowCells.Fit(rows, Count, 0.9, new ParallelOptions());
        Assert.Equal(Exact(rows, rows), search.With(cells.Count).Find(rows, Count, new ParallelOptions()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_recall_asked_for_is_reached_over_all_rows_and_the_recall_said_is_that_of_other_rows(string name)
    {
        FeatureMatrix rows = Cases[name];
        (CellSearch search, _, double said, int measured) = RowCells.Fit(rows, Count, 0.9, new ParallelOptions());
        double recall = RecallOf(Exact(rows, rows), search.Find(rows, Count, new ParallelOptions()));
        Assert.InRange(recall, 0.9, 1);
        Assert.InRange(said, recall - 0.02, recall + 0.02);
        Assert.Equal(Math.Min(rows.Rows, 1_000), measured);
        if (rows.Rows <= 1_000)
            Assert.Equal(recall, said, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_found_is_nearest_in_the_cells_with_the_nearest_centres(string name)
    {
        FeatureMatrix rows = Cases[name];
        (_, RowCells cells, _, _) = RowCells.Fit(rows, Count, 0.9, new ParallelOptions());
        int probes = Math.Min(2, cells.Count);
        int[] found = new CellSearch(rows, cells with { Probes = probes }, new ParallelOptions()).Find(rows, Count, new ParallelOptions());
        for (int row = 0; row < rows.Rows; row += 1 + rows.Rows / 40)
        {
            int[] ranking = Ranking(cells.Centres, rows.Row(row).ToArray());
            int looked = probes;
            while (Near().Count() < Count)
                looked++;
            IEnumerable<int> near = [.. Near()];
            Assert.Equal(
                near.Select(other => (Distance(rows.Row(row), rows.Row(other)), other)).Order().Take(Count).Select(pair => pair.other),
                found.Skip(row * Count).Take(Count));

            IEnumerable<int> Near() =>
                Enumerable.Range(0, rows.Rows).Where(other => ranking.Take(looked).Contains(cells.CellOf[other]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Runs_of_rows_put_together_and_any_number_of_threads_give_the_same(string name)
    {
        FeatureMatrix rows = Cases[name];
        int[] whole = Fitted(1).Find(rows, Count, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        foreach (int runs in (int[])[2, 5])
        {
            CellSearch search = Fitted(runs);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = runs };
            int[] starts = [.. Enumerable.Range(0, runs + 1).Select(run => run * rows.Rows / runs)];
            Assert.Equal(whole, Enumerable.Range(0, runs).SelectMany(run =>
                search.Find(rows, starts[run], starts[run + 1] - starts[run], Count, parallel)));
        }

        CellSearch Fitted(int threads) => RowCells.Fit(rows, Count, 0.9, new ParallelOptions { MaxDegreeOfParallelism = threads }).Search;
    }

    [Fact]
    public void New_rows_are_searched_for_however_far_they_are_and_empty_cells_are_passed_over()
    {
        FeatureMatrix rows = Cases["clusters"];
        RowCells cells = RowCells.Fit(rows, Count, 0.9, new ParallelOptions()).Cells;
        FeatureMatrix centres = new(cells.Count + 2, rows.Columns, [.. new double[2 * rows.Columns], .. cells.Centres.Values]);
        var search = new CellSearch(
            rows, new RowCells(centres, [.. cells.CellOf.Select(cell => cell + 2)], Probes: 1, Least: 200), new ParallelOptions());
        FeatureMatrix tests = SomeFeatures.Of(30, rows.Columns, seed: 12, (row, _, value) => value * (row < 15 ? 0.01 : 1e5));
        int[] found = search.Find(tests, 200, new ParallelOptions());
        Assert.Equal(30 * 200, found.Length);
        Assert.All(found.Chunk(200), Assert.Distinct);
    }

    [Fact]
    public void More_recall_takes_more_cells()
    {
        FeatureMatrix rows = Cases["noise"];
        int[] probes = [.. ((double[])[0.3, 0.6, 0.9, 0.99])
            .Select(recall => RowCells.Fit(rows, Count, recall, new ParallelOptions()).Cells.Probes)];
        Assert.Equal(probes.Order(), probes);
        Assert.Distinct(probes);
    }

    [Fact]
    public void Cells_of_some_rows_are_those_that_hold_any()
    {
        RowCells cells = RowCells.Fit(Cases["clusters"], Count, 0.9, new ParallelOptions()).Cells;
        int[] some = [.. Enumerable.Range(0, cells.CellOf.Length).Where(row => cells.CellOf[row] % 3 == 1)];
        RowCells kept = cells.Select(some);
        Assert.Equal(some.Select(row => cells.CellOf[row]).Distinct().Count(), kept.Count);
        Assert.Equal(
            some.Select(row => cells.Centres.Row(cells.CellOf[row]).ToArray()),
            Enumerable.Range(0, some.Length).Select(i => kept.Centres.Row(kept.CellOf[i]).ToArray()));
    }

    private static FeatureMatrix Singles(FeatureMatrix rows) =>
        new(rows.Rows, rows.Columns, [.. rows.First(rows.Rows).Select(value => (float)value)]);

    private static int[] Exact(FeatureMatrix rows, FeatureMatrix tests) =>
        new NeighbourSearch(rows).Find(tests, Count, new ParallelOptions());

    /// <summary>Of the neighbours but the row itself.</summary>
    private static double RecallOf(int[] truth, int[] found) =>
        Enumerable.Range(0, truth.Length / Count).Average(row =>
        {
            int[] others = [.. truth.Skip(row * Count).Take(Count).Where(other => other != row).Take(Count - 1)];
            return others.Average(other => found.Skip(row * Count).Take(Count).Contains(other) ? 1.0 : 0);
        });

    private static int[] Ranking(FeatureMatrix centres, double[] row) =>
        [.. Enumerable.Range(0, centres.Rows).OrderBy(centre => Distance(centres.Row(centre), row))];

    /// <summary>Term by term, in the unit that searches bring rows to: it rounds nothing.</summary>
    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static FeatureMatrix Clusters(int rows, int columns, int clusters)
    {
        FeatureMatrix centres = SomeFeatures.Generic(clusters, columns, seed: 20);
        return SomeFeatures.Of(rows, columns, seed: 21, (row, column, value) => 3 * centres.Row(row % clusters)[column] + value);
    }
}
