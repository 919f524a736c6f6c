using CertiFlip.Heads;
using CertiFlip.Learners;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>Neighbours' weights against exact distances.</summary>
public class NearestNeighboursHeadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(25)]
    public void Nearest_rows_share_the_vote(int neighbours)
    {
        // On a grid, so that distances tie.
        FeatureMatrix features = SomeFeatures.Of(25, 2, seed: 90, (_, _, value) => Math.Round(2 * value));
        double[] x = [0.5, -1], weights = NamedHeads.Weights(NearestNeighboursHead.Fit(features, neighbours), x);
        int[] nearest = [.. Enumerable.Range(0, 25).OrderBy(row => Distance(features.Row(row), x)).ThenBy(row => row).Take(neighbours)];
        Assert.All(weights.Index(), weight => Assert.Equal(nearest.Contains(weight.Index) ? 1.0 / neighbours : 0, weight.Item, 0.0));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(2, 6)]
    [InlineData(3, 5)]
    public void Head_predicts_as_the_learner_does_on_ties_too(int classes, int neighbours)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(60, 2, classes, seed: 91);
        FeatureMatrix tests = SomeFeatures.Of(80, 2, seed: 92, (_, _, value) => 2 * value);
        int[] learned = new int[80];
        NearestNeighboursLearner.Fit(features, classes, neighbours).Learn(labels, TestContext.Current.CancellationToken)
            .Predict(tests, learned);
        var certifier = new Certifier(NearestNeighboursHead.Fit(features, neighbours), new ClassLabels(labels, classes),
            new CertifierOptions { Noise = new Noise(0.1, classes) });
        Assert.Equal(learned, certifier.CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken)
            .Select(row => row[CertificateKind.Exact].Prediction));
    }

    [Fact]
    public void Unanimous_neighbours_survive_less_than_half_of_them()
    {
        FeatureMatrix features = SomeFeatures.Generic(30, 2, seed: 93);
        Certificate For(int label) =>
            new Certifier(NearestNeighboursHead.Fit(features), new ClassLabels([.. Enumerable.Repeat(label, 30)], 2),
                new CertifierOptions { Noise = new Noise(0.01) }).Certify([0, 0])[CertificateKind.Exact];
        Assert.Equal(Radius.Of(5), For(0).Radius); // A tie is class 0's.
        Assert.Equal(Radius.Of(4), For(1).Radius);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void Neighbours_are_among_the_training_rows(int neighbours) =>
        Assert.Throws<ArgumentException>(() => NearestNeighboursHead.Fit(SomeFeatures.Generic(30, 2, seed: 93), neighbours));

    [Fact]
    public void Row_so_far_away_that_distances_overflow_is_named()
    {
        var head = NearestNeighboursHead.Fit(SomeFeatures.Generic(30, 1, seed: 94));
        var tests = new FeatureMatrix(3, 1, [0, 1, 1e200]);
        Assert.Contains("row 2", Assert.Throws<HeadException>(() => NamedHeads.Weights(head, tests, 1, 2)).Message);
    }

    private static Rational Distance(ReadOnlySpan<double> a, double[] b)
    {
        Rational sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += ((Rational)a[i] - b[i]) * ((Rational)a[i] - b[i]);
        return sum;
    }
}
