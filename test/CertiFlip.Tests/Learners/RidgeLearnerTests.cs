using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Learners;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Learners;

/// <summary>
/// Retrained ridge regression against the head's label weights, which take another way to the same scores.
/// </summary>
public class RidgeLearnerTests
{
    private const double ScoreRounding = 1e-9;

    private static readonly int[] ClassCounts = [2, 3, 5];

    public static TheoryData<string, int, Intercept> Shapes => new(
        from shape in Named.Keys
        from classes in ClassCounts
        from intercept in Enum.GetValues<Intercept>()
        select (shape, classes, intercept));

    private static Dictionary<string, FeatureMatrix> Named => new()
    {
        ["generic"] = SomeFeatures.Generic(60, 5, seed: 1),
        ["more features than rows"] = SomeFeatures.Generic(7, 20, seed: 2),
        ["duplicated rows"] = SomeFeatures.Of(40, 3, seed: 3, (row, column, _) => Math.Cos(row / 2 * 7 + column)),
        ["a constant column"] = SomeFeatures.Of(40, 3, seed: 4, (_, column, value) => column == 1 ? 3 : value),
        ["one row"] = SomeFeatures.Generic(1, 3, seed: 5),
        ["columns of mixed scales"] = SomeFeatures.Of(40, 4, seed: 6, (_, column, value) => value * Math.Pow(10, 50 * (column - 2))),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Prediction_is_that_of_the_head(string shape, int classes, Intercept intercept)
    {
        FeatureMatrix features = Named[shape];
        var rule = new RelativeRidge(0.3);
        RidgeHead head = RidgeHead.Fit(features, rule, intercept);
        RidgeLearner learner = RidgeLearner.Fit(features, classes, rule, intercept);
        var random = new Random(7);
        int decided = 0;
        for (int draw = 0; draw < 20; draw++)
        {
            int[] labels = [.. Enumerable.Range(0, features.Rows).Select(_ => random.Next(classes))];
            int[] predicted = learner.LearnFrom(labels).Predict(features);
            for (int test = 0; test < features.Rows; test++)
            {
                var vote = new Vote(Weights(head, features, test), new ClassLabels(labels, classes));
                if (IsWithinRounding(vote))
                    continue;
                Assert.Equal(vote.HeadPrediction, predicted[test]);
                decided++;
            }
        }

        Assert.True(decided > 0);
    }

    [Fact]
    public void Class_1_of_two_wins_at_one_half()
    {
        RidgeLearner learner = RidgeLearner.Fit(new FeatureMatrix(4, 1, [1, 1, 1, 1]), 2);
        Assert.Equal([1], learner.LearnFrom([0, 1, 1, 0]).Predict(new FeatureMatrix(1, 1, [1])));
        Assert.Equal([0], learner.LearnFrom([0, 1, 0, 0]).Predict(new FeatureMatrix(1, 1, [1])));
    }

    [Fact]
    public void Smaller_class_of_three_wins_a_tie()
    {
        RidgeLearner learner = RidgeLearner.Fit(new FeatureMatrix(4, 1, [1, 1, 1, 1]), 3);
        Assert.Equal([1], learner.LearnFrom([2, 1, 1, 2]).Predict(new FeatureMatrix(1, 1, [1])));
    }

    [Fact]
    public void Rule_of_the_ridge_is_that_of_the_head()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(30, 3, seed: 8);
        var rule = new PaperRidge(new ClassLabels(labels, 2), new Noise(0.1));
        RidgeLearner learner = RidgeLearner.Fit(features, 2, rule);
        Assert.True(learner.DependsOnLabels);
        Assert.Same(rule, learner.Rule);
        Assert.Equal(RidgeHead.Fit(features, rule).Lambda, learner.Lambda);
        Assert.False(RidgeLearner.Fit(features, 2).DependsOnLabels);
    }

    private static bool IsWithinRounding(Vote vote)
    {
        double[] scores = [.. Enumerable.Range(0, vote.Labels.ClassCount).Select(Score)];
        if (scores.Length == 2)
            return Math.Abs(scores[1] - Vote.PaperThreshold) < ScoreRounding;
        double[] sorted = [.. scores.OrderDescending()];
        return sorted[0] - sorted[1] < ScoreRounding;

        double Score(int c) => Enumerable.Range(0, vote.Labels.Count).Where(row => vote.Labels[row] == c).Sum(row => vote.Weights[row]);
    }

    private static double[] Weights(RidgeHead head, FeatureMatrix tests, int row)
    {
        int stride = Tile.PadWidth(head.TrainingRows);
        double[] weights = new double[stride * Tile.Height];
        head.ComputeWeights(tests, row, 1, weights, stride);
        return weights[..head.TrainingRows];
    }
}
