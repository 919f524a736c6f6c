namespace CertiFlip.Benchmarks;

/// <summary>
/// Overlapping clouds of points, one for each class: hard enough that margins and radii are like those of real data.
/// </summary>
internal sealed record RandomData(FeatureMatrix Training, ClassLabels Labels, FeatureMatrix Tests)
{
    public static RandomData Create(int n, int k, int m, int classes = 2, int seed = 1)
    {
        var random = new Random(seed);
        int[] labels = Labels(n);
        return new RandomData(Cloud(labels), new ClassLabels(labels, classes), Cloud(Labels(m)));

        int[] Labels(int rows) => [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];

        FeatureMatrix Cloud(int[] labels)
        {
            double[] values = new double[labels.Length * k];
            for (int i = 0; i < values.Length; i++)
                values[i] = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5 + Centre(labels[i / k], i % k);
            return new FeatureMatrix(labels.Length, k, values);
        }

        // Each class leans towards its own few features.
        double Centre(int label, int feature) => (feature + label) % Math.Min(classes, k) < 2 ? 0.3 : 0;
    }
}
