
namespace CertiFlip.Samples.CustomLearner;

/// <summary>
/// The class whose training rows have the nearest mean. A learner is a function of the labels: it keeps the features,
/// and is told other labels at each draw of the noise.
/// </summary>
/// <param name="features">Training features (n × k).</param>
/// <param name="classCount">The number of classes K.</param>
internal sealed class NearestMeanLearner(FeatureMatrix features, int classCount) : ILearner
{
    public int TrainingRows => features.Rows;

    public int ClassCount => classCount;

    /// <summary>
    /// Nothing here was computed from the labels that are defended: they are seen in <see cref="Learn"/> only.
    /// </summary>
    public bool DependsOnLabels => false;

    /// <summary>
    /// Keeps nothing from one call to the next, so that the same labels always give the same classifier, from any
    /// thread.
    /// </summary>
    public IClassifier Learn(ReadOnlySpan<int> labels, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        double[][] means = [.. Enumerable.Range(0, classCount).Select(_ => new double[features.Columns])];
        int[] counts = new int[classCount];
        for (int row = 0; row < labels.Length; row++)
        {
            counts[labels[row]]++;
            ReadOnlySpan<double> values = features.Row(row);
            double[] sum = means[labels[row]];
            for (int column = 0; column < values.Length; column++)
                sum[column] += values[column];
        }

        for (int c = 0; c < classCount; c++)
        {
            for (int column = 0; column < features.Columns; column++)
                means[c][column] /= counts[c]; // A class without rows gets a mean that is not a number, and so is never the nearest.
        }

        return new NearestMeanClassifier(means);
    }
}
