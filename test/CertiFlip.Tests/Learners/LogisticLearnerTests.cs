using CertiFlip.Learners;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Learners;

/// <summary>
/// Logistic regression against its own definition, in the features' own units and by other arithmetic.
/// </summary>
public class LogisticLearnerTests
{
    private const double Tolerance = 1e-6;

    private static readonly int[] ClassCounts = [2, 3, 5];
    private static readonly double[] Strengths = [1e-3, 1, 100];

    public static TheoryData<string, int, double> Shapes => new(
        from shape in Named.Keys
        from classes in ClassCounts
        from c in Strengths
        select (shape, classes, c));

    private static Dictionary<string, FeatureMatrix> Named => new()
    {
        ["generic"] = SomeFeatures.Generic(200, 4, seed: 1),
        ["more rows than a block and a half panel"] = SomeFeatures.Generic(137, 17, seed: 2),
        ["more features than rows"] = SomeFeatures.Generic(9, 20, seed: 3),
        ["duplicated rows"] = SomeFeatures.Of(40, 3, seed: 4, (row, column, _) => Math.Cos(row / 2 * 7 + column)),
        ["a constant column"] = SomeFeatures.Of(40, 3, seed: 5, (_, column, value) => column == 1 ? 3 : value),
        ["a column that repeats another"] = SomeFeatures.Of(40, 3, seed: 6, (row, column, value) => column == 2 ? value : Math.Sin(row)),
        ["one row"] = SomeFeatures.Generic(1, 3, seed: 7),
        ["columns of mixed scales"] = SomeFeatures.Of(60, 4, seed: 8, (_, column, value) => value * Math.Pow(10, 2 * (column - 2))),
    };

    private static Dictionary<string, FeatureMatrix> Extreme => new()
    {
        ["huge numbers"] = SomeFeatures.Of(40, 3, seed: 9, (_, _, value) => value * 1e200),
        ["tiny numbers"] = SomeFeatures.Of(40, 3, seed: 10, (_, _, value) => value * 1e-200),
        ["huge and tiny columns"] = SomeFeatures.Of(40, 4, seed: 11, (_, column, value) => value * Math.Pow(10, 150 * (column - 2))),
        ["huge columns that repeat each other"] = SomeFeatures.Of(40, 2, seed: 12, (row, _, _) => 1e200 * Math.Sin(row)),
        ["a huge constant column"] = SomeFeatures.Of(40, 2, seed: 20, (_, column, value) => column == 1 ? 1e200 : value),
        ["far from the origin"] = SomeFeatures.Of(40, 3, seed: 13, (_, column, value) => value + 1e12 * column),
        ["all zero"] = SomeFeatures.Of(40, 3, seed: 14, (_, _, _) => 0),
    };

    public static TheoryData<string> ExtremeNames => [.. Extreme.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradient_vanishes_where_learning_stops(string shape, int classes, double c)
    {
        FeatureMatrix features = Named[shape];
        int[] labels = RandomLabels(features.Rows, classes);
        double steepest = new LogisticDefinition(features, labels, classes, c).LargestGradient(Learn(features, labels, classes, c));
        Assert.InRange(steepest, 0, 1.01 * Tolerance);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Coefficients_of_two_classes_are_those_of_newtons_method(double c)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(80, 2, seed: 15);
        double[] expected = LogisticDefinition.Newton(features, labels, c);
        (double[] zero, double[] one) = (Learn(features, labels, 2, c)[0], Learn(features, labels, 2, c)[1]);
        Assert.All(expected.Select((value, i) => value - (one[i] - zero[i])), error => Assert.InRange(error, -2e-4, 2e-4));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 1e12)]
    [InlineData(3, 1)]
    [InlineData(3, 1e12)]
    public void Separable_classes_are_separated(int classes, double c)
    {
        int[] labels = [.. Enumerable.Range(0, 60).Select(row => row % classes)];
        FeatureMatrix features = SomeFeatures.Of(60, 3, seed: 16, (row, column, value) => value + (labels[row] == column ? 10 : 0));
        Assert.Equal(labels, LogisticLearner.Fit(features, classes, c).LearnFrom(labels).Predict(features));
    }

    [Theory]
    [MemberData(nameof(ExtremeNames))]
    public void Scores_of_extreme_features_are_finite(string shape)
    {
        FeatureMatrix features = Extreme[shape];
        foreach (int classes in new[] { 2, 4 })
        {
            var classifier = (LinearClassifier)LogisticLearner.Fit(features, classes).LearnFrom(RandomLabels(features.Rows, classes));
            Assert.All(classifier.Scores(features, out _), score => Assert.True(double.IsFinite(score)));
        }
    }

    [Fact]
    public void Distance_from_the_origin_does_not_matter()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(120, 4, 3, seed: 17);
        var moved = new FeatureMatrix(
            120, 4, [.. features.Values.ToArray().Select((value, i) => Math.Round(value * 1024) / 1024 + (i % 4 == 1 ? 1 << 20 : 0))]);
        var still = new FeatureMatrix(120, 4, [.. features.Values.ToArray().Select(value => Math.Round(value * 1024) / 1024)]);
        Assert.Equal(
            LogisticLearner.Fit(still, 3).LearnFrom(labels).Predict(still), LogisticLearner.Fit(moved, 3).LearnFrom(labels).Predict(moved));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Strength_that_is_not_positive_is_refused(double c) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LogisticLearner.Fit(SomeFeatures.Generic(5, 2, seed: 18), 2, c));

    private static int[] RandomLabels(int rows, int classes)
    {
        var random = new Random(19);
        return [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
    }

    /// <summary>
    /// For each class the k coefficients and the intercept, read off the scores of the origin and of the unit vectors.
    /// </summary>
    private static double[][] Learn(FeatureMatrix features, int[] labels, int classes, double c)
    {
        int k = features.Columns;
        double[] values = new double[(k + 1) * k];
        for (int i = 0; i < k; i++)
            values[i * k + i] = 1;
        var classifier = (LinearClassifier)LogisticLearner.Fit(features, classes, c).LearnFrom(labels);
        double[] scores = classifier.Scores(new FeatureMatrix(k + 1, k, values), out int stride);
        return [.. Enumerable.Range(0, classes).Select(d => (double[])
            [.. Enumerable.Range(0, k).Select(i => scores[d * stride + i] - scores[d * stride + k]), scores[d * stride + k]])];
    }
}
