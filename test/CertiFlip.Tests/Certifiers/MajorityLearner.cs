namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// A learner as a user might write one: it always predicts the commonest label, the smaller class on a tie.
/// </summary>
internal sealed class MajorityLearner(int trainingRows, int classCount) : ILearner
{
    public int TrainingRows => trainingRows;

    public int ClassCount => classCount;

    public bool DependsOnLabels => false;

    public IClassifier Learn(ReadOnlySpan<int> labels, CancellationToken cancellationToken = default)
    {
        int[] counts = new int[classCount];
        foreach (int label in labels)
            counts[label]++;
        return new Constant(Array.IndexOf(counts, counts.Max()));
    }

    private sealed class Constant(int c) : IClassifier
    {
        public void Predict(FeatureMatrix tests, Span<int> classes) => classes.Fill(c);
    }
}
