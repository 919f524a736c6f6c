using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Heads;

/// <summary>What every head promises, whatever it computes.</summary>
public class HeadTests
{
    public static TheoryData<string> Names => NamedHeads.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_are_not_written_where_there_is_no_room(string name)
    {
        (FeatureMatrix features, _) = SomeFeatures.Clouds(40, 3, 2, 1);
        IHead head = NamedHeads.Fit(name, features);
        Assert.ThrowsAny<ArgumentException>(() => head.ComputeWeights(features, 0, 4, new double[4 * 48 - 9], 48));
        Assert.ThrowsAny<ArgumentException>(() => head.ComputeWeights(features, 0, 4, new double[4 * 40], 40));
        head.ComputeWeights(features, 0, 4, new double[4 * 48], 48);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_do_not_depend_on_which_rows_are_asked_for_together(string name)
    {
        FeatureMatrix tests = SomeFeatures.Generic(150, 9, seed: 61);
        IHead head = NamedHeads.Fit(name, SomeFeatures.Generic(333, 9, seed: 60));
        double[][] alone = [.. Enumerable.Range(0, 150).Select(row => NamedHeads.Weights(head, tests, row, 1)[0])];
        Assert.Equal(alone, NamedHeads.Weights(head, tests, 0, 150));
        Assert.Equal(alone[3..10], NamedHeads.Weights(head, tests, 3, 7));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_do_not_depend_on_the_number_of_threads(string name)
    {
        FeatureMatrix features = SomeFeatures.Generic(333, 9, seed: 60), tests = SomeFeatures.Generic(5, 9, seed: 61);
        Assert.Equal(
            NamedHeads.Weights(NamedHeads.Fit(name, features, threads: 1), tests, 0, 5),
            NamedHeads.Weights(NamedHeads.Fit(name, features, threads: 5), tests, 0, 5));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_do_not_depend_on_the_unit_of_the_features(string name)
    {
        Assert.SkipWhen(name.StartsWith("kernel:", StringComparison.Ordinal), "Its bandwidth is in the features' unit.");
        IHead head = NamedHeads.Fit(name, SomeFeatures.Generic(40, 5, seed: 62)), larger =
            NamedHeads.Fit(name, SomeFeatures.Of(40, 5, seed: 62, (_, _, value) => 1024 * value));
        Assert.Equal(NamedHeads.Weights(head, 0.1, 0.2, 0.3, -0.4, 0), NamedHeads.Weights(larger, 102.4, 204.8, 307.2, -409.6, 0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Head_without_rows_is_refused(string name) =>
        Assert.Throws<HeadException>(() => NamedHeads.Fit(name, new FeatureMatrix(0, 3, [])));

    [Theory]
    [MemberData(nameof(Names))]
    public void Test_rows_of_other_features_are_refused(string name)
    {
        IHead head = NamedHeads.Fit(name, SomeFeatures.Generic(20, 5, seed: 63));
        Assert.Contains("5 features", Assert.Throws<HeadException>(() => NamedHeads.Weights(head, 1, 2)).Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_that_are_all_the_same_count_the_same(string name)
    {
        IHead head = NamedHeads.Fit(name, SomeFeatures.Of(3, 2, seed: 64, (_, column, _) => column));
        double[] weights = NamedHeads.Weights(head, 0, 1);
        Assert.All(weights, weight => Assert.Equal(weights[0], weight));
        Assert.True(weights[0] > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_training_row_decides(string name) =>
        Assert.True(NamedHeads.Weights(NamedHeads.Fit(name, SomeFeatures.Generic(1, 2, seed: 65)), 3, 1)[0] > 0);
}
