namespace CertiFlip.Benchmarks;

/// <summary>Two overlapping clouds of points: hard enough that margins and radii are like those of real data.</summary>
internal sealed record RandomData(FeatureMatrix Training, BinaryLabels Labels, FeatureMatrix Tests)
{
    public static RandomData Create(int n, int k, int m, int seed = 1)
    {
        var random = new Random(seed);
        int[] classes = [.. Enumerable.Range(0, n).Select(_ => random.Next(2))];
        return new RandomData(Cloud(classes), new BinaryLabels(classes), Cloud([.. Enumerable.Range(0, m).Select(_ => random.Next(2))]));

        FeatureMatrix Cloud(int[] labels)
        {
            double[] values = new double[labels.Length * k];
            for (int i = 0; i < values.Length; i++)
                values[i] = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5 + (i % k < 4 ? 0.3 * labels[i / k] : 0);
            return new FeatureMatrix(labels.Length, k, values);
        }
    }
}
