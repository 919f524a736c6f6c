namespace CertiFlip;

/// <summary>What an <see cref="ILearner"/> made of one set of labels.</summary>
public interface IClassifier
{
    /// <summary>Predicts the classes of test rows. Safe to call from several threads at once.</summary>
    /// <remarks>
    /// The class of a row does not depend on which other rows are asked for with it. What depends on test features
    /// alone is kept for as long as the matrix lives, so pass the same instance to every classifier of a learner.
    /// </remarks>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="classes">Receives m class indices, each from 0 to K − 1.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="classes"/> is not m.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or a row is so far from them that its scores overflow.
    /// </exception>
    void Predict(FeatureMatrix tests, Span<int> classes);
}
