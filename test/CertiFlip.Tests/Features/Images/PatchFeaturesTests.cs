using CertiFlip.Features.Images;

namespace CertiFlip.Tests.Features.Images;

public sealed class PatchFeaturesTests
{
    private static readonly ImageShape Shape = new(12, 12);

    private static readonly PatchFeaturesOptions Options = new() { PatchSize = 4, Centres = 6, Regions = 3, Samples = 2000 };

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.003)]
    [InlineData(1e-6)]
    public void Features_are_what_the_definition_says(double flatVariance)
    {
        FeatureMatrix images = Stripes(30);
        var map = PatchFeatures.Fit(images, Shape, Options with { FlatVariance = flatVariance });
        Assert.Equal(flatVariance, map.FlatVariance);
        FeatureMatrix features = map.Transform(images);
        for (int row = 0; row < 5; row++)
        {
            double[] expected = Definition(map, images.Row(row).ToArray());
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], features.Row(row)[i], 1e-9);
        }
    }

    /// <summary>
    /// To the bit: images of several channels, fewer patches side by side than a register has lanes, more than are
    /// taken at a time, and images that are flat in part or everywhere.
    /// </summary>
    [Theory]
    [InlineData(12, 12, 1, 4, 3, 6)]
    [InlineData(9, 17, 3, 5, 2, 19)]
    [InlineData(21, 6, 1, 4, 3, 9)]
    [InlineData(40, 31, 1, 3, 4, 25)]
    [InlineData(5, 9, 2, 5, 1, 33)]
    public void Features_are_those_of_a_plain_loop(int height, int width, int channels, int size, int regions, int centres)
    {
        var random = new Random(7);
        var shape = new ImageShape(height, width, channels);
        double[] filters = [.. Enumerable.Range(0, centres * channels * size * size).Select(_ => random.NextDouble() - 0.4)];
        foreach (double flatter in new[] { 0, 0.02 })
        {
            double[] mean = [.. Enumerable.Range(0, channels * size * size).Select(_ => -flatter * 10 * random.NextDouble())];
            var map = new PatchFeatures(shape, size, regions, mean, filters, flatter + 0.004);
            double[] pixels = [.. Enumerable.Range(0, 8 * shape.Numbers).Select(i => (i / shape.Numbers) switch
            {
                0 => 0,
                1 => 0.1,
                2 or 3 => i % shape.Numbers / width % height < height / 2 ? 0 : random.NextDouble(),
                _ => random.NextDouble(),
            })];
            var images = new FeatureMatrix(8, shape.Numbers, pixels);
            FeatureMatrix features = map.Transform(images);
            for (int row = 0; row < images.Rows; row++)
                Assert.Equal(PlainLoop(map, images.Row(row)), features.Row(row).ToArray());
        }
    }

    [Fact]
    public void A_map_of_huge_images_takes_no_memory_before_a_row_comes()
    {
        double[] mean = new double[9], filters = new double[27];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var map = new PatchFeatures(new ImageShape(6, 134_217_734), 3, 2, mean, filters);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(6 * 134_217_734, map.Inputs);
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

    /// <summary>Of maps that were stored before there was a choice.</summary>
    [Fact]
    public void A_map_that_was_stored_without_its_flat_variance_has_a_tenth()
    {
        FeatureMatrix images = Stripes(30);
        var arrays = new ModelArrays();
        var map = PatchFeatures.Fit(images, Shape, Options with { FlatVariance = 0.1 });
        map.Store(arrays);
        Assert.False(arrays.All.ContainsKey("flat variance"));
        PatchFeatures restored = PatchFeatures.Restore(arrays);
        Assert.Equal(0.1, restored.FlatVariance);
        Assert.Equal(map.Transform(images).Values, restored.Transform(images).Values);
        var without = new PatchFeatures(map.Image, map.PatchSize, map.Regions, [.. map.Mean], [.. map.Filters]);
        Assert.Equal(map.Transform(images).Values, without.Transform(images).Values);

        arrays = new ModelArrays();
        map = PatchFeatures.Fit(images, Shape, Options with { FlatVariance = 0.02 });
        map.Store(arrays);
        restored = PatchFeatures.Restore(arrays);
        Assert.Equal(0.02, restored.FlatVariance);
        Assert.Equal(map.Transform(images).Values, restored.Transform(images).Values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9e-7)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_variance_that_flat_patches_cannot_have_is_refused(double variance)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { FlatVariance = variance });
        Assert.Throws<ArgumentException>(() => new PatchFeatures(Shape, 2, 1, new double[4], new double[4], variance));
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
                double deviation = Math.Sqrt(variance + map.FlatVariance);
                int region = RegionOf(y, places) * 3 + RegionOf(x, places);
                for (int centre = 0; centre < map.Centres; centre++)
                {
                    double likeness = Enumerable.Range(0, numbers)
                        .Sum(i => ((patch[i] - mean) / deviation - map.Mean[i]) * map.Filters[centre * numbers + i]);
                    features[region * map.Centres + centre] += Math.Max(0, likeness - 1);
                    counts[region * map.Centres + centre]++;
                }
            }
        }

        return [.. features.Zip(counts, (sum, count) => Math.Sqrt(sum / count))];
    }

    /// <summary>One patch and one centre after the other, every number rounded as the features are.</summary>
    private static double[] PlainLoop(PatchFeatures map, ReadOnlySpan<double> image)
    {
        int size = map.PatchSize, numbers = map.Image.Channels * size * size;
        int down = map.Image.Height - size + 1, across = map.Image.Width - size + 1;
        double[] features = new double[map.Features], patch = new double[numbers];
        for (int region = 0; region < map.Regions * map.Regions; region++)
        {
            int top = region / map.Regions * down / map.Regions, bottom = (region / map.Regions + 1) * down / map.Regions;
            int left = region % map.Regions * across / map.Regions, right = (region % map.Regions + 1) * across / map.Regions;
            for (int place = 0; place < down * across; place++)
            {
                int y = place / across, x = place % across;
                if (y < top || y >= bottom || x < left || x >= right)
                    continue;
                for (int i = 0; i < numbers; i++)
                    patch[i] = image[(i / size / size * map.Image.Height + y + i / size % size) * map.Image.Width + x + i % size];
                Normalise(patch, map.FlatVariance);
                for (int centre = 0; centre < map.Centres; centre++)
                {
                    double likeness = 0;
                    for (int i = 0; i < numbers; i++)
                        likeness = Math.FusedMultiplyAdd(patch[i] - map.Mean[i], map.Filters[centre * numbers + i], likeness);
                    features[region * map.Centres + centre] += Math.Max(0, likeness - 1);
                }
            }

            foreach (ref double feature in features.AsSpan(region * map.Centres, map.Centres))
                feature = Math.Sqrt(feature / ((bottom - top) * (right - left)));
        }

        return features;
    }

    private static void Normalise(double[] patch, double flatVariance)
    {
        double sum = 0, squares = 0;
        foreach (double pixel in patch)
            sum += pixel;
        double mean = sum / patch.Length;
        foreach (double pixel in patch)
            squares += (pixel - mean) * (pixel - mean);
        double scale = 1 / Math.Sqrt(squares / patch.Length + flatVariance);
        for (int i = 0; i < patch.Length; i++)
            patch[i] = (patch[i] - mean) * scale;
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
