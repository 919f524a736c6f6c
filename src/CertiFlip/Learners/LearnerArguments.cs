namespace CertiFlip.Learners;

/// <summary>Argument checks that all learners and classifiers share.</summary>
internal static class LearnerArguments
{
    public static void CheckClassCount(int classCount)
    {
        if (classCount < 2)
            throw new ArgumentException($"There must be at least two classes, but there are {classCount}.", nameof(classCount));
    }

    public static void CheckLabels(ReadOnlySpan<int> labels, ILearner learner)
    {
        if (labels.Length != learner.TrainingRows)
            throw new ArgumentException($"There are {labels.Length} labels, but {learner.TrainingRows} training rows.", nameof(labels));
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0 || labels[row] >= learner.ClassCount)
                throw new ArgumentException(
                    $"Label {row} is {labels[row]}: {learner.ClassCount} classes are numbered 0 to {learner.ClassCount - 1}.",
                    nameof(labels));
        }
    }

    public static void CheckTests(FeatureMatrix tests, ReadOnlySpan<int> classes, int features)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != features)
            throw new HeadException($"The classifier was trained on {features} features, but the test rows have {tests.Columns}.");
        if (classes.Length != tests.Rows)
            throw new ArgumentException($"There are {tests.Rows} test rows, but room for {classes.Length} classes.", nameof(classes));
    }
}
