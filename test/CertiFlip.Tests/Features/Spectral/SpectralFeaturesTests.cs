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
