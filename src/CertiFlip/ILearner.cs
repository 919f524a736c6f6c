namespace CertiFlip;

/// <summary>
/// A training procedure φ on fixed training features: labels in, classifier out. Monte Carlo smoothing runs it once for
/// every draw of the noise, so whatever depends on features alone is done beforehand.
/// </summary>
public interface ILearner
{
    /// <summary>Number of training rows, n.</summary>
    int TrainingRows { get; }

    /// <summary>Number of classes, K.</summary>
    int ClassCount { get; }

    /// <summary>
    /// Whether anything of the learner, such as the paper's λ, was computed from the labels that are being defended.
    /// </summary>
    bool DependsOnLabels { get; }

    /// <summary>
    /// Trains a classifier: a function of these labels and of nothing that happened before, so the same labels give the
    /// same classifier. Safe to call from several threads at once.
    /// </summary>
    /// <param name="labels">n class indices, each from 0 to K − 1. Not kept.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <exception cref="ArgumentException">The number of labels is not n, or a label is not a class.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    IClassifier Learn(ReadOnlySpan<int> labels, CancellationToken cancellationToken = default);
}
