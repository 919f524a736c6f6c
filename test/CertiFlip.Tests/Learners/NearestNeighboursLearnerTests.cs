using CertiFlip.Learners;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Learners;

public class NearestNeighboursLearnerTests
{
    private static readonly FeatureMatrix Line = new(5, 1, [0, 1, 2, 3, 4]);

    [Fact]
    public void Commonest_label_among_the_neighbours_wins()
    {
        IClassifier classifier = NearestNeighboursLearner.Fit(Line, 3, neighbours: 3).LearnFrom([2, 2, 1, 1, 0]);
        Assert.Equal([2, 1], classifier.Predict(new FeatureMatrix(2, 1, [0.9, 2.1])));
    }

    [Fact]
    public void Smaller_class_wins_a_tied_vote()
    {
        IClassifier classifier = NearestNeighboursLearner.Fit(Line, 3, neighbours: 2).LearnFrom([2, 1, 2, 0, 0]);
        Assert.Equal([1], classifier.Predict(new FeatureMatrix(1, 1, [0.4])));
    }

    [Fact]
    public void Row_that_comes_first_is_nearer_at_the_same_distance()
    {
        IClassifier classifier = NearestNeighboursLearner.Fit(Line, 3, neighbours: 1).LearnFrom([0, 2, 0, 1, 0]);
        Assert.Equal([2], classifier.Predict(new FeatureMatrix(1, 1, [1.5])));
    }

    [Fact]
    public void Vote_of_all_rows_is_the_commonest_label()
    {
        IClassifier classifier = NearestNeighboursLearner.Fit(Line, 3, neighbours: 5).LearnFrom([2, 1, 2, 0, 2]);
        Assert.All(classifier.Predict(SomeFeatures.Generic(9, 1, seed: 1)), c => Assert.Equal(2, c));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Only_as_many_neighbours_as_there_are_rows_can_vote(int neighbours) =>
        Assert.Contains("1 to 5", Assert.Throws<ArgumentException>(() => NearestNeighboursLearner.Fit(Line, 2, neighbours)).Message);

    [Fact]
    public void Neighbours_are_found_once_for_all_draws()
    {
        NearestNeighboursLearner learner = NearestNeighboursLearner.Fit(SomeFeatures.Generic(200, 4, seed: 2), 2);
        FeatureMatrix tests = SomeFeatures.Generic(50, 4, seed: 3);
        int[][] found = new int[8][];
        Parallel.For(0, found.Length, i => found[i] = learner.NeighboursOf(tests));
        Assert.All(found, neighbours => Assert.Same(found[0], neighbours));
    }
}
