using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>
/// Certifies the smoothed vote of any training procedure by Algorithm 2: trains it on many noisy labellings and counts what its classifiers predict. Where a
/// head is linear in the labels, <see cref="Certifier"/> needs no sampling and claims more.
/// </summary>
/// <remarks>
/// A certificate holds with the confidence asked for, over the draws, for each row on its own. The smoothed classifier is the class with the largest probability
/// (17); the failure probability is that of any other class at once. Safe to use from several threads at once.
/// </remarks>
public sealed class MonteCarloCertifier
{
    private readonly ILearner _learner;
    private readonly ClassLabels _labels;
    private readonly Noise _noise;
    private readonly MonteCarloOptions _options;
    private readonly DiscreteMeasure _measure;
    private readonly TightCertificate _tight;
    private readonly AllowedFlips _allowed;

    /// <summary>A certifier of a learner's smoothed vote.</summary>
    /// <param name="learner">A training procedure over n training rows.</param>
    /// <param name="labels">Their n labels, which may be wrong.</param>
    /// <param name="noise">The smoothing noise q. It must not have been chosen by looking at these labels.</param>
    /// <param name="options">How to sample; the defaults if not given.</param>
    /// <param name="adversary">What may have been done to the labels; anything if not given.</param>
    /// <exception cref="ArgumentException">Learner, labels and noise differ in the number of rows or of classes, or the adversary's limits are for other labels.</exception>
    public MonteCarloCertifier(ILearner learner, ClassLabels labels, Noise noise, MonteCarloOptions? options = null, LabelFlipAdversary? adversary = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(noise);
        if (labels.Count != learner.TrainingRows)
            throw new ArgumentException($"There are {labels.Count} labels, but the learner has {learner.TrainingRows} training rows.", nameof(labels));
        if (labels.ClassCount != learner.ClassCount)
            throw new ArgumentException($"The labels have {labels.ClassCount} classes, but the learner is for {learner.ClassCount}.", nameof(labels));
        (_learner, _labels, _noise, _options) = (learner, labels, noise, options ?? new MonteCarloOptions());
        _allowed = new AllowedFlips(labels, adversary ?? LabelFlipAdversary.Unlimited);
        _measure = DiscreteMeasure.AroundLabels(labels, noise);
        _tight = new TightCertificate(noise, labels.Count);
    }

    /// <summary>The certificates that need no more than a failure probability: all of those that are computed.</summary>
    public static IReadOnlyList<CertificateKind> AllCertificates { get; } = [CertificateKind.Kl, CertificateKind.Tight];

    /// <summary>Whether the learner was prepared with the help of labels, so that radii hold only for a learner that is held fixed.</summary>
    public bool IsConditional => _learner.DependsOnLabels;

    /// <summary>The largest radius that so many samples can prove: that of a row on which every one of them agreed.</summary>
    public int LargestRadius => ClopperPearson.LogUpperBound(0, _options.Samples, _options.Confidence) is var log && log < SmoothedValue.LogHalf ? _allowed.BudgetFor(_tight.Radius(log)).BudgetOr(_allowed.TotalCost) : 0;

    /// <summary>Certifies the predictions for many rows, all on the same draws.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread, how many more classifiers were trained.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>
    /// m results, in the order of the rows. Where Algorithm 2 abstains the prediction is <see cref="Certificate.Abstention"/>.
    /// </returns>
    /// <exception cref="HeadException">The learner cannot be applied to these test rows.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public IReadOnlyList<RowCertificates> CertifyBatch(FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        IReadOnlyList<MonteCarloEstimate> estimates = MonteCarlo.Smooth(
            _measure, (labels, classes) => _learner.Learn(labels, cancellation).Predict(tests, classes), tests.Rows, _labels.ClassCount, _options, progress, cancellation);
        return [.. estimates.Select(CertificatesOf)];
    }

    private RowCertificates CertificatesOf(MonteCarloEstimate estimate)
    {
        int prediction = estimate.Abstains ? Certificate.Abstention : estimate.Class;
        Certificate Of(CertificateKind kind, int radius) => new(kind, prediction, estimate.Abstains ? 0 : _allowed.BudgetFor(radius).BudgetOr(_allowed.TotalCost), !estimate.Abstains);
        return new RowCertificates(prediction, estimate.LogFailure,
        [
            Of(CertificateKind.Kl, KlCertificate.Radius(estimate.LogFailure, _noise, _labels.Count)),
            Of(CertificateKind.Tight, _tight.Radius(estimate.LogFailure)),
        ]);
    }
}
