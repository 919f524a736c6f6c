using CertiFlip.Learners;

namespace CertiFlip.Tests.Learners;

/// <summary>Every learner that ships, by a name that tests can show.</summary>
internal static class NamedLearners
{
    private static readonly Dictionary<string, Func<FeatureMatrix, int, ParallelOptions, ILearner>> Fits = new()
    {
        ["ridge"] = (features, classes, parallel) => RidgeLearner.Fit(features, classes, parallel: parallel),
        ["ridge without intercept"] = (features, classes, parallel) => RidgeLearner.Fit(features, classes, null, Intercept.None, parallel),
        ["logistic"] = (features, classes, parallel) => LogisticLearner.Fit(features, classes, parallel: parallel),
        ["nearest neighbours"] = (features, classes, parallel) => NearestNeighboursLearner.Fit(features, classes, 3, parallel),
    };

    public static TheoryData<string> Names => [.. Fits.Keys];

    public static ILearner Fit(string name, FeatureMatrix features, int classes, int threads = -1) =>
        Fits[name](features, classes, new ParallelOptions { MaxDegreeOfParallelism = threads });

    public static IClassifier LearnFrom(this ILearner learner, int[] labels) =>
        learner.Learn(labels, TestContext.Current.CancellationToken);

    public static int[] Predict(this IClassifier classifier, FeatureMatrix tests)
    {
        int[] classes = new int[tests.Rows];
        classifier.Predict(tests, classes);
        return classes;
    }
}
