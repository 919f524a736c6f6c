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

    private static double[,] Graph(FeatureMatrix places, int neighbours)
    {
        int n = places.Rows;
        int[] nearest = new NeighbourSearch(places).Find(places, neighbours + 1, new ParallelOptions());
        double[,] weights = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            foreach (int j in nearest.Skip(i * (neighbours + 1)).Take(neighbours + 1).Where(j => j != i))
            {
                weights[i, j] += 0.5;
                weights[j, i] += 0.5;
            }
        }

        return weights;
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
