using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Heads;

/// <summary>Heads of every kind, by what the command line calls them, and their label weights.</summary>
internal static class NamedHeads
{
    /// <summary>For training rows of which there are at least three.</summary>
    public static TheoryData<string> Names =>
    [
        "ridge", "saturated-ridge", "saturated-ridge:2", "saturated-ridge:2 lift=0.5", "two-means", "two-means lift=0.5",
        "bounded-ridge", "bounded-ridge:0.5", "tempered-ridge", "tempered-ridge:2", "hierarchy:2", "hierarchy:3 levels=1", "pairs", "knn:3",
        "kernel", "kernel:0.4",
    ];

    /// <summary>Every kind of head, for two classes where it has to know their number.</summary>
    public static IEnumerable<HeadChoice> Kinds => HeadChoice.All.Select(choice => choice.WithClasses(ClassList.Of(["a", "b"])));

    /// <summary>The head as written, with an option after a space.</summary>
    public static HeadChoice Choice(string name)
    {
        string[] parts = name.Split(' ', '=');
        HeadChoice choice = HeadChoice.TryParse(parts[0])!;
        return parts.Length == 1 ? choice : choice.WithOption(parts[1], parts[2])!;
    }

    public static IHead Fit(string name, FeatureMatrix features, int threads = -1) =>
        WithRidge(Choice(name), "relative:0.2").Fit(features, new ParallelOptions { MaxDegreeOfParallelism = threads });

    /// <summary>The head with this λ, where it has one.</summary>
    public static HeadChoice WithRidge(HeadChoice choice, string rule) =>
        choice is RegularisedHeadChoice regularised ? regularised with { Ridge = RidgeChoice.TryParse(rule)! } : choice;

    /// <summary>The label weights of one row.</summary>
    public static double[] Weights(IHead head, params ReadOnlySpan<double> x) =>
        Weights(head, new FeatureMatrix(1, x.Length, x.ToArray()), 0, 1)[0];

    /// <summary>The label weights of some rows, asked for together.</summary>
    public static double[][] Weights(IHead head, FeatureMatrix tests, int first, int count)
    {
        int stride = Tile.PadWidth(head.TrainingRows);
        double[] weights = new double[stride * Tile.PadHeight(count)];
        Array.Fill(weights, 7e77); // What was there before must not matter.
        head.ComputeWeights(tests, first, count, weights, stride);
        return [.. Enumerable.Range(0, count).Select(row => weights[(row * stride)..(row * stride + head.TrainingRows)])];
    }

    /// <summary>Small data of K classes, a head fitted to them, and a row to predict.</summary>
    public static IEnumerable<(FeatureMatrix Features, int[] Labels, double[] X)> SmallData(int classes, int rows)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(rows - seed % 2, 1 + seed % 3, classes, seed);
            yield return (features, labels, [.. Enumerable.Range(0, features.Columns).Select(i => 0.3 * i - 0.2 + seed % 4 * 0.4)]);
        }
    }
}
