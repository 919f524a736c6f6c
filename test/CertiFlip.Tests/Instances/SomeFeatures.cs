namespace CertiFlip.Tests.Instances;

/// <summary>Training and test features for heads.</summary>
internal static class SomeFeatures
{
    public static FeatureMatrix Generic(int rows, int columns, int seed) => Of(rows, columns, seed, (_, _, value) => value);

    /// <summary>Random features, changed by a function of row, column and value.</summary>
    public static FeatureMatrix Of(int rows, int columns, int seed, Func<int, int, double, double> change)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, rows * columns)
            .Select(i => change(i / columns, i % columns, 2 * random.NextDouble() - 1))];
        return new FeatureMatrix(rows, columns, values);
    }

    /// <summary>
    /// Two clouds of features, one a little to the right of the other, and the labels that say which.
    /// </summary>
    public static (FeatureMatrix Features, int[] Labels) TwoClouds(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(2))];
        return (Of(rows, columns, seed + 1, (row, _, value) => value + 0.6 * labels[row]), labels);
    }

    /// <summary>
    /// A cloud of features for every class, each with a column in which it stands out, and the labels that say which.
    /// </summary>
    public static (FeatureMatrix Features, int[] Labels) Clouds(int rows, int columns, int classes, int seed)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
        return (Of(rows, columns, seed + 1, (row, column, value) => value + (labels[row] % columns == column ? 1.5 : 0)), labels);
    }
}
