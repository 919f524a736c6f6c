using System.Globalization;
using CertiFlip.Features;
using CertiFlip.Matrices;

namespace CertiFlip.Tests.Features.Spectral;

public sealed class SpectralFeaturesTests
{
    private static readonly SpectralFeaturesOptions Options = new() { Components = 2, Neighbours = 6, Directions = 4 };

    [Fact]
    public void Rows_of_a_cluster_lie_together_and_away_from_others()
    {
        (FeatureMatrix rows, int[] clusters) = Clusters(3, 60, spread: 0.6);
        FeatureMatrix features = SpectralFeatures.FitTransform(rows, Options).Features;
        double within = 0, between = double.PositiveInfinity;
        for (int i = 0; i < features.Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance = Math.Sqrt(Enumerable.Range(0, 2).Sum(c => Math.Pow(features.Row(i)[c] - features.Row(j)[c], 2)));
                if (clusters[i] == clusters[j])
                    within = Math.Max(within, distance);
                else
                    between = Math.Min(between, distance);
            }
        }

        Assert.True(within < between, $"{within} within, {between} between");
    }

    [Fact]
    public void Entries_are_eigenvectors_of_the_random_walk()
    {
        (FeatureMatrix rows, _) = Clusters(3, 40, spread: 1.5);
        SpectralFeatures map = SpectralFeatures.FitTransform(rows, Options).Map;
        Assert.Equal(rows.Rows, map.Places.Rows);
        double[,] weights = Graph(map.Places, Options.Neighbours);
        for (int c = 0; c < 2; c++)
        {
            for (int i = 0; i < rows.Rows; i++)
            {
                double degree = Enumerable.Range(0, rows.Rows).Sum(j => weights[i, j]);
                double walked = Enumerable.Range(0, rows.Rows).Sum(j => weights[i, j] * map.Entries[j * 2 + c]) / degree;
                Assert.Equal(map.Eigenvalues[c] * map.Entries[i * 2 + c], walked, 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(NeighbourEdges.Either)]
    [InlineData(NeighbourEdges.Mutual)]
    [InlineData(NeighbourEdges.Scaled)]
    public void Entries_belong_to_the_largest_eigenvalues_of_a_dense_matrix_with_these_edges(NeighbourEdges edges)
    {
        (FeatureMatrix rows, _) = Clusters(3, 40, spread: 2.5);
        SpectralFeaturesOptions options = Options with { Components = 4, Neighbours = 8, Edges = edges };
        SpectralFeatures map = SpectralFeatures.FitTransform(rows, options).Map;
        int n = rows.Rows;
        Assert.Equal(n, map.Places.Rows);
        double[,] weights = Graph(map.Places, 8, edges);
        double[] degrees = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => weights[i, j]))];
        double[] values = LargestOf(weights, degrees, 5);
        Assert.Equal(1, values[0], 1e-9);
        for (int c = 0; c < 4; c++)
        {
            Assert.Equal(values[c + 1], map.Eigenvalues[c], 1e-7);
            double square = 0;
            for (int i = 0; i < n; i++)
            {
                double walked = Enumerable.Range(0, n).Sum(j => weights[i, j] * map.Entries[j * 4 + c]) / degrees[i];
                Assert.Equal(map.Eigenvalues[c] * map.Entries[i * 4 + c], walked, 1e-6);
                square += degrees[i] * map.Entries[i * 4 + c] * map.Entries[i * 4 + c];
            }

            Assert.Equal(1, square / degrees.Sum(), 1e-6);
        }
    }

    [Theory]
    [InlineData(NeighbourEdges.Mutual, 0.0, 40.0, null)]
    [InlineData(NeighbourEdges.Scaled, 1.0, null, null)]
    [InlineData(NeighbourEdges.Scaled, 0.3, 2.5, 0.9)]
    [InlineData(NeighbourEdges.Either, 0.5, 1e9, null)]
    public void Options_are_stored_place_fitted_rows_to_the_bit_and_change_no_bit_with_threads(
        NeighbourEdges edges, double whitening, double? diffusion, double? recall)
    {
        (FeatureMatrix rows, _) = Clusters(3, 60, spread: 1.5);
        SpectralFeaturesOptions options =
            Options with { Edges = edges, Whitening = whitening, Diffusion = diffusion, NeighbourRecall = recall };
        (SpectralFeatures map, FeatureMatrix features) =
            SpectralFeatures.FitTransform(rows, options, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        Assert.Equal(whitening, map.Whitening);
        Assert.All(features.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
        Assert.Equal(features.Values, map.Transform(rows).Values);
        foreach (int threads in new[] { 2, 4 })
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
            Assert.Equal(features.Values, SpectralFeatures.FitTransform(rows, options, parallel).Features.Values);
        }

        var arrays = new ModelArrays();
        map.Store(arrays);
        Assert.Equal(whitening != 0.5, arrays.All.ContainsKey("whitening"));
        Assert.Equal(features.Values, SpectralFeatures.Restore(arrays).Transform(rows).Values);
    }

    [Fact]
    public void Diffusion_multiplies_each_feature_by_a_power_of_its_eigenvalue()
    {
        (FeatureMatrix rows, _) = Clusters(3, 60, spread: 2.5);
        (SpectralFeatures map, FeatureMatrix still) = SpectralFeatures.FitTransform(rows, Options with { Components = 7 });
        FeatureMatrix diffused = SpectralFeatures.FitTransform(rows, Options with { Components = 7, Diffusion = 12.5 }).Features;
        for (int i = 0; i < rows.Rows; i++)
        {
            for (int c = 0; c < 7; c++)
                Assert.Equal(still.Row(i)[c] * Math.Pow(map.Eigenvalues[c], 12.5), diffused.Row(i)[c], 1e-9);
        }

        // Of seven eigenvectors the third is the last of the first third.
        SpectralFeaturesOptions timed = Options with { Components = 7, Diffusion = 2.5 / (1 - map.Eigenvalues[2]) };
        Assert.Equal(
            SpectralFeatures.FitTransform(rows, timed).Features.Values,
            SpectralFeatures.FitTransform(rows, timed with { Diffusion = null }).Features.Values);
    }

    [Fact]
    public void Whitening_makes_directions_of_fitted_rows_vary_alike()
    {
        // Before rows are brought to length 1, a direction's deviation is σ^(1 − w): ratios within a row stay.
        (FeatureMatrix rows, _) = Clusters(3, 60, spread: 1.5);
        SpectralFeatures none = SpectralFeatures.FitTransform(rows, Options with { Whitening = 0 }).Map;
        foreach (double whitening in new[] { 0.25, 0.5, 1 })
        {
            SpectralFeatures some = SpectralFeatures.FitTransform(rows, Options with { Whitening = whitening }).Map;
            double power = Math.Pow(some.Directions.Variances[0] / some.Directions.Variances[1], whitening / 2);
            for (int row = 0; row < rows.Rows; row++)
            {
                double before = none.Places.Row(row)[1] / none.Places.Row(row)[0];
                Assert.Equal(before * power, some.Places.Row(row)[1] / some.Places.Row(row)[0], 1e-6);
            }
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.All([-0.1, 1.1, double.NaN],
            value => Assert.Throws<ArgumentOutOfRangeException>(() => new SpectralFeaturesOptions { Whitening = value }));
        Assert.All([-1, 2e9, double.NaN],
            value => Assert.Throws<ArgumentOutOfRangeException>(() => new SpectralFeaturesOptions { Diffusion = value }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpectralFeaturesOptions { Edges = (NeighbourEdges)3 });
    }

    [Fact]
    public void Fitting_maps_as_the_map_does_to_the_bit()
    {
        (FeatureMatrix rows, _) = Clusters(3, 40, spread: 1.5);
        (SpectralFeatures map, FeatureMatrix features) = SpectralFeatures.FitTransform(rows, Options);
        Assert.Equal(map.Transform(rows).Values.ToArray(), features.Values.ToArray());
    }

    [Fact]
    public void Clusters_without_an_edge_between_them_are_told_apart_and_stray_rows_are_placed_among_them()
    {
        // 6 rows hang together with 5 neighbours of each, and are less than 1 % of all.
        (FeatureMatrix rows, int[] clusters) = Clusters(3, 250, spread: 0.05);
        double[] withStrays = [.. rows.Values, .. Enumerable.Range(0, 6).SelectMany(i => new[] { 0.01 * i, -3, 0.2, -9.0 })];
        (SpectralFeatures map, FeatureMatrix features) =
            SpectralFeatures.FitTransform(new FeatureMatrix(rows.Rows + 6, 4, withStrays), Options with { Neighbours = 5 });
        Assert.Equal(rows.Rows, map.Places.Rows);
        Assert.Equal(1, map.Eigenvalues[0], 1e-9);
        Assert.All(features.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
        for (int i = 1; i < rows.Rows; i++)
            Assert.Equal(clusters[i] == clusters[0],
                Math.Abs(features.Row(i)[0] - features.Row(0)[0]) + Math.Abs(features.Row(i)[1] - features.Row(0)[1]) < 1e-6);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        (FeatureMatrix rows, _) = Clusters(3, 60, spread: 1.5);
        double[] one =
            SpectralFeatures.FitTransform(rows, Options, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Features.Values.ToArray();
        Assert.Equal(one, SpectralFeatures.FitTransform(rows, Options,
            new ParallelOptions { MaxDegreeOfParallelism = 3 }).Features.Values.ToArray());
    }

    [Fact]
    public void Cells_give_the_clusters_say_the_recall_and_map_the_fitted_rows_alike_to_the_bit()
    {
        (FeatureMatrix rows, int[] clusters) = Clusters(3, 500, spread: 2);
        SpectralFeaturesOptions options = Options with { NeighbourRecall = 0.9 };
        (SpectralFeatures map, FeatureMatrix features) = SpectralFeatures.FitTransform(rows, options);
        Assert.InRange(map.Recall!.Measured, 0.88, 1);
        Assert.InRange(map.Recall.Probes, 1, map.Recall.Cells - 1);
        Assert.Equal(
            $"nearest rows are sought in {map.Recall.Probes} of 77 cells: on 1,000 rows, "
            + $"{map.Recall.Measured.ToString("0.0000", CultureInfo.InvariantCulture)} of the true ones were found (0.9 asked for).",
            map.Approximation);
        Assert.Equal(map.Transform(rows).Values, features.Values);
        Assert.Null(SpectralFeatures.FitTransform(rows, Options).Map.Approximation);
        FeatureMatrix exact = SpectralFeatures.FitTransform(rows, Options).Features;
        Assert.All(Between(exact).Zip(Between(features)), pair => Assert.Equal(pair.First, pair.Second, 0.1));

        var single = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        Assert.Equal(SpectralFeatures.FitTransform(rows, options, single).Features.Values, features.Values);

        // Between the means of clusters: eigenvectors for eigenvalues that are nearly one may turn.
        double[] Between(FeatureMatrix features)
        {
            double[][] means = [.. Enumerable.Range(0, 3).Select(cluster => Enumerable.Range(0, 2).Select(column =>
                Enumerable.Range(0, 1_500).Where(row => clusters[row] == cluster).Average(row => features.Row(row)[column])).ToArray())];
            return [.. from i in Enumerable.Range(0, 3) from j in Enumerable.Range(0, i)
                       select Math.Sqrt(means[i].Zip(means[j]).Sum(pair => Math.Pow(pair.First - pair.Second, 2)))];
        }
    }

    [Fact]
    public void Rows_of_float32_numbers_get_the_cells_that_the_same_numbers_get_as_float64()
    {
        (FeatureMatrix rows, _) = Clusters(3, 150, spread: 2);
        float[] singles = [.. rows.First(rows.Rows).Select(value => (float)value)];
        var wide = new FeatureMatrix(rows.Rows, 4, [.. singles.Select(value => (double)value)]);
        SpectralFeaturesOptions options = Options with { NeighbourRecall = 0.9 };
        Assert.Equal(
            SpectralFeatures.FitTransform(wide, options).Features.Values,
            SpectralFeatures.FitTransform(new FeatureMatrix(rows.Rows, 4, singles), options).Features.Values);
    }

    [Fact]
    public void With_cells_stray_rows_are_placed_among_the_others_too()
    {
        (FeatureMatrix rows, _) = Clusters(3, 250, spread: 0.05);
        double[] withStrays = [.. rows.Values, .. Enumerable.Range(0, 6).SelectMany(i => new[] { 0.01 * i, -3, 0.2, -9.0 })];
        var all = new FeatureMatrix(rows.Rows + 6, 4, withStrays);
        (SpectralFeatures map, FeatureMatrix features) =
            SpectralFeatures.FitTransform(all, Options with { Neighbours = 5, NeighbourRecall = 0.95 });
        Assert.InRange(map.Places.Rows, 1, rows.Rows);
        Assert.All(features.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
        Assert.Equal(map.Transform(all).Values, features.Values);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.9)]
    public void A_fit_in_pieces_is_the_fit(double? recall)
    {
        (FeatureMatrix rows, _) = Clusters(3, 60, spread: 1.5);
        SpectralFeaturesOptions options = Options with { NeighbourRecall = recall };
        FeatureMatrix whole = SpectralFeatures.FitTransform(rows, options).Features;
        var fit = SpectralFit.Prepare(rows, options);
        int[] nearest = [.. fit.Search(0, 50), .. SpectralFit.Prepare(rows, options).Search(50, 1), .. fit.Search(51, 129)];
        Assert.Equal(whole.Values, fit.Finish(nearest).Transform(rows).Values);
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Search(100, 81));
        Assert.Throws<ArgumentException>(() => fit.Finish(nearest[1..]));
        nearest[5] = 180;
        Assert.Throws<ArgumentException>(() => fit.Finish(nearest));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_recall_that_is_no_part_is_refused(double recall) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpectralFeaturesOptions { NeighbourRecall = recall });

    [Fact]
    public void Too_few_rows_are_refused() =>
        Assert.Throws<ArgumentException>(() => SpectralFeatures.FitTransform(Clusters(1, 7, 1).Rows, Options));

    private static double[,] Graph(FeatureMatrix places, int neighbours, NeighbourEdges edges = NeighbourEdges.Either)
    {
        int n = places.Rows;
        int[] found = new NeighbourSearch(places).Find(places, neighbours + 1, new ParallelOptions());
        int[][] nearest = [.. Enumerable.Range(0, n)
            .Select(i => found.Skip(i * (neighbours + 1)).Take(neighbours + 1).Where(j => j != i).ToArray())];
        double[] scales = [.. Enumerable.Range(0, n).Select(i => Distance(i, nearest[i][Math.Min(6, neighbours - 1)]))];
        double[,] weights = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            foreach (int j in nearest[i])
            {
                bool isMutual = nearest[j].Contains(i);
                double scaled = Math.Exp(-Distance(i, j) * Distance(i, j) / (scales[i] * scales[j])) * (isMutual ? 1 : 0.5);
                weights[i, j] = weights[j, i] = edges switch
                {
                    NeighbourEdges.Either => isMutual ? 1 : 0.5,
                    NeighbourEdges.Mutual => isMutual ? 1 : 0.05,
                    _ => Math.Max(scaled, 0.05),
                };
            }
        }

        return weights;

        double Distance(int i, int j) =>
            Math.Sqrt(Enumerable.Range(0, places.Columns).Sum(c => Math.Pow(places.Row(i)[c] - places.Row(j)[c], 2)));
    }

    /// <summary>The largest eigenvalues of D^(−½)WD^(−½), by Jacobi's rotations.</summary>
    private static double[] LargestOf(double[,] weights, double[] degrees, int count)
    {
        int n = degrees.Length;
        double[,] a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[i, j] = weights[i, j] / Math.Sqrt(degrees[i] * degrees[j]);
        }

        for (int sweep = 0; sweep < 12; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p, q]) < 1e-14)
                        continue;
                    double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
                    double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
                    double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
                    for (int k = 0; k < n; k++)
                        (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
                    for (int k = 0; k < n; k++)
                        (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => a[i, i]).OrderDescending().Take(count)];
    }

    private static (FeatureMatrix Rows, int[] Clusters) Clusters(int count, int size, double spread)
    {
        var random = new Random(7);
        int[] clusters = [.. Enumerable.Range(0, count * size).Select(i => i % count)];
        double[] values = [.. clusters.SelectMany(c => Enumerable.Range(0, 4)
            .Select(i => (i == c ? 6 : 0) + spread * (random.NextDouble() + random.NextDouble() - 1)))];
        return (new FeatureMatrix(clusters.Length, 4, values), clusters);
    }
}
