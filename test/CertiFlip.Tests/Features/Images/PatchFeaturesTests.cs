using CertiFlip.Features.Images;

namespace CertiFlip.Tests.Features.Images;

public sealed class PatchFeaturesTests
{
    private static readonly ImageShape Shape = new(12, 12);

    private static readonly PatchFeaturesOptions Options = new() { PatchSize = 4, Centres = 6, Regions = 3, Samples = 2000 };

    [Fact]
    public void Features_are_what_the_definition_says()
    {
        FeatureMatrix images = Stripes(30);
        var map = PatchFeatures.Fit(images, Shape, Options);
        FeatureMatrix features = map.Transform(images);
        for (int row = 0; row < 5; row++)
        {
            double[] expected = Definition(map, images.Row(row).ToArray());
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], features.Row(row)[i], 1e-9);
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        FeatureMatrix images = Stripes(50);
        var one = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        var three = new ParallelOptions { MaxDegreeOfParallelism = 3 };
        Assert.Equal(
            PatchFeatures.Fit(images, Shape, Options, one).Transform(images, one).Values.ToArray(),
            PatchFeatures.Fit(images, Shape, Options, three).Transform(images, three).Values.ToArray());
    }

    [Fact]
    public void Another_seed_draws_other_patches() => Assert.NotEqual(
        PatchFeatures.Fit(Stripes(50), Shape, Options).Filters, PatchFeatures.Fit(Stripes(50), Shape, Options with { Seed = 2 }).Filters);

    [Fact]
    public void Images_without_contrast_or_of_another_shape_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PatchFeatures.Fit(new FeatureMatrix(3, 144, new double[3 * 144]), Shape, Options));
        Assert.Throws<ArgumentException>(() => PatchFeatures.Fit(Stripes(3), new ImageShape(12, 11), Options));
        Assert.Throws<ArgumentException>(() => PatchFeatures.Fit(Stripes(3), Shape, Options with { PatchSize = 11 }));
    }

    /// <summary>
    /// Normalised patches, less their mean, times each filter; what is beyond 1 averaged over regions; its square root.
    /// </summary>
    private static double[] Definition(PatchFeatures map, double[] image)
    {
        int size = map.PatchSize, places = 12 - size + 1, numbers = size * size;
        double[] features = new double[map.Features], counts = new double[map.Features];
        for (int y = 0; y < places; y++)
        {
            for (int x = 0; x < places; x++)
            {
                double[] patch = [.. Enumerable.Range(0, numbers).Select(i => image[(y + i / size) * 12 + x + i % size])];
                double mean = patch.Average(), variance = patch.Average(pixel => (pixel - mean) * (pixel - mean));
                int region = RegionOf(y, places) * 3 + RegionOf(x, places);
                for (int centre = 0; centre < map.Centres; centre++)
                {
                    double likeness = Enumerable.Range(0, numbers)
                        .Sum(i => ((patch[i] - mean) / Math.Sqrt(variance + 0.1) - map.Mean[i]) * map.Filters[centre * numbers + i]);
                    features[region * map.Centres + centre] += Math.Max(0, likeness - 1);
                    counts[region * map.Centres + centre]++;
                }
            }
        }

        return [.. features.Zip(counts, (sum, count) => Math.Sqrt(sum / count))];
    }

    private static int RegionOf(int place, int places) => Enumerable.Range(0, 3).Last(region => region * places / 3 <= place);

    private static FeatureMatrix Stripes(int count)
    {
        var random = new Random(5);
        double[] values = new double[count * 144];
        for (int image = 0; image < count; image++)
        {
            double slope = random.NextDouble() * 3, phase = random.NextDouble() * 6;
            for (int i = 0; i < 144; i++)
                values[image * 144 + i] =
                    Math.Clamp(Math.Sin(slope * (i / 12) + (3 - slope) * (i % 12) + phase) + 0.1 * random.NextDouble(), 0, 1);
        }

        return new FeatureMatrix(count, 144, values);
    }
}
