using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Learners;

/// <summary>What Monte Carlo smoothing counts on in any learner.</summary>
public class LearnerTests
{
    private const int Classes = 3;

    private static readonly FeatureMatrix Tests = SomeFeatures.Generic(41, 6, seed: 99);

    public static TheoryData<string> Names => NamedLearners.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Same_labels_give_the_same_classes_whatever_was_learnt_before(string name)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(150, 6, Classes, seed: 1);
        int[] others = [.. labels.Select(label => (label + 1) % Classes)];
        ILearner learner = NamedLearners.Fit(name, features, Classes);
        int[] first = learner.LearnFrom(labels).Predict(Tests);
        _ = learner.LearnFrom(others).Predict(Tests);
        Assert.Equal(first, learner.LearnFrom(labels).Predict(Tests));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Classes_do_not_depend_on_the_number_of_threads(string name)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(150, 6, Classes, seed: 2);
        int[] alone = NamedLearners.Fit(name, features, Classes, threads: 1).LearnFrom(labels).Predict(Tests);
        ILearner shared = NamedLearners.Fit(name, features, Classes, threads: 3);
        int[][] together = new int[16][];
        Parallel.For(0, together.Length, i => together[i] = shared.LearnFrom(labels).Predict(Tests));
        Assert.All(together, classes => Assert.Equal(alone, classes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Class_of_a_row_does_not_depend_on_its_company(string name)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(150, 6, Classes, seed: 3);
        IClassifier classifier = NamedLearners.Fit(name, features, Classes).LearnFrom(labels);
        int[] together = classifier.Predict(Tests);
        Assert.All(Enumerable.Range(0, Tests.Rows), row =>
            Assert.Equal(together[row], classifier.Predict(new FeatureMatrix(1, 6, Tests.Row(row).ToArray()))[0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Clouds_are_told_apart(string name)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(150, 6, Classes, seed: 4);
        int[] predicted = NamedLearners.Fit(name, features, Classes).LearnFrom(labels).Predict(features);
        Assert.True(predicted.Zip(labels).Count(pair => pair.First == pair.Second) > 0.85 * labels.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Labels_of_one_class_teach_that_class(string name)
    {
        FeatureMatrix features = SomeFeatures.Of(40, 6, seed: 5, (_, _, value) => 2 + value);
        foreach (int classes in new[] { 2, 3 })
        {
            int[] labels = Enumerable.Repeat(1, 40).ToArray();
            Assert.All(NamedLearners.Fit(name, features, classes).LearnFrom(labels).Predict(features), c => Assert.Equal(1, c));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_test_rows_get_no_classes(string name)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(20, 6, Classes, seed: 6);
        Assert.Empty(NamedLearners.Fit(name, features, Classes).LearnFrom(labels).Predict(new FeatureMatrix(0, 6, [])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_labels_are_refused(string name)
    {
        ILearner learner = NamedLearners.Fit(name, SomeFeatures.Generic(5, 2, seed: 7), 2);
        Assert.Contains("4 labels, but 5 ", Assert.Throws<ArgumentException>(() => learner.LearnFrom(new int[4])).Message);
        Assert.Contains("Label 2 is 2: ", Assert.Throws<ArgumentException>(() => learner.LearnFrom([0, 1, 2, 0, 0])).Message);
        Assert.Contains("Label 0 is -1: ", Assert.Throws<ArgumentException>(() => learner.LearnFrom([-1, 1, 1, 0, 0])).Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_test_rows_are_refused(string name)
    {
        FeatureMatrix features = SomeFeatures.Of(5, 2, seed: 8, (_, _, value) => value * 1e-9);
        IClassifier classifier = NamedLearners.Fit(name, features, 2).LearnFrom([0, 1, 1, 0, 0]);
        Assert.Contains("2 features", Assert.Throws<HeadException>(() => classifier.Predict(new FeatureMatrix(1, 3, [1, 2, 3]))).Message);
        Assert.Contains("1 test rows",
            Assert.Throws<ArgumentException>(() => classifier.Predict(new FeatureMatrix(1, 2, [1, 2]), new int[2])).Message);
        Assert.Contains("Test row 1 ",
            Assert.Throws<HeadException>(() => classifier.Predict(new FeatureMatrix(2, 2, [1, 1, 1e308, -1e308]))).Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_to_learn_is_refused(string name)
    {
        Assert.Throws<HeadException>(() => NamedLearners.Fit(name, new FeatureMatrix(0, 2, []), 2));
        Assert.Contains("two classes",
            Assert.Throws<ArgumentException>(() => NamedLearners.Fit(name, SomeFeatures.Generic(5, 2, seed: 9), 1)).Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cancellation_stops_learning(string name)
    {
        ILearner learner = NamedLearners.Fit(name, SomeFeatures.Generic(5, 2, seed: 10), 2);
        Assert.Throws<OperationCanceledException>(() => learner.Learn([0, 1, 1, 0, 0], new CancellationToken(canceled: true)));
    }
}
