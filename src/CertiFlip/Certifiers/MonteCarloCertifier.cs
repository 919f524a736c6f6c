using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>
/// Certifies the smoothed vote of any training procedure by Algorithm 2: trains it on many noisy labellings and counts
/// what its classifiers predict. Where a head is linear in the labels, <see cref="Certifier"/> needs no sampling and
/// claims more.
/// </summary>
/// <remarks>
/// A certificate holds with the confidence asked for, over the draws, for each row on its own. The smoothed classifier
/// is the class with the largest probability (17); the failure probability is that of any other class at once. Safe to
/// use from several threads at once.
/// </remarks>
public sealed class MonteCarloCertifier : ICertifier
{
    // How each certificate follows from an upper bound on log B. Every kind of
    // MonteCarloCertifierOptions.AllCertificates stands here.
    private static readonly Dictionary<CertificateKind, Func<MonteCarloCertifier, double, int>> Flips = new()
    {
        [CertificateKind.Kl] = (certifier, logFailure) => KlCertificate.Radius(logFailure, certifier._noise, certifier._labels.Count),
        [CertificateKind.Tight] = (certifier, logFailure) => certifier._tight.Radius(logFailure),
    };

    private readonly ILearner _learner;
    private readonly ClassLabels _labels;
    private readonly Noise _noise;
    private readonly MonteCarloCertifierOptions _options;
    private readonly DiscreteMeasure _measure;
    private readonly TightCertificate _tight;
    private readonly AllowedFlips _allowed;
    private readonly ClassAssumption _classes;

    /// <summary>A certifier of a learner's smoothed vote.</summary>
    /// <param name="learner">A training procedure over n training rows.</param>
    /// <param name="labels">Their n labels, which may be wrong.</param>
    /// <param name="noise">The smoothing noise q. It must not have been chosen by looking at these labels.</param>
    /// <param name="options">Which certificates, how to sample, and against whom; the defaults if not given.</param>
    /// <exception cref="ArgumentException">
    /// Learner, labels and noise differ in the number of rows or of classes, the adversary's limits are for other
    /// labels, or the labels have a prior, which a learner does not know.
    /// </exception>
    public MonteCarloCertifier(ILearner learner, ClassLabels labels, Noise noise, MonteCarloCertifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(noise);
        if (labels.Count != learner.TrainingRows)
        {
            throw new ArgumentException(
                $"There are {labels.Count} labels, but the learner has {learner.TrainingRows} training rows.", nameof(labels));
        }

        if (labels.ClassCount != learner.ClassCount)
        {
            throw new ArgumentException(
                $"The labels have {labels.ClassCount} classes, but the learner is for {learner.ClassCount}.", nameof(labels));
        }

        if (!labels.Classes.AreAlike)
            throw new ArgumentException("A prior or shares are a head's: a learner decides by itself what it predicts.", nameof(labels));

        (_learner, _labels, _noise, _options) = (learner, labels, noise, options ?? new MonteCarloCertifierOptions());
        _allowed = new AllowedFlips(labels, _options.Adversary);
        _classes = new ClassAssumption(labels, _options.Adversary);
        _measure = DiscreteMeasure.AroundLabels(labels, noise);
        _tight = new TightCertificate(noise, labels.Count);
    }

    /// <inheritdoc/>
    public IReadOnlyList<CertificateKind> Certificates => _options.Certificates;

    /// <inheritdoc/>
    public bool IsConditional => _learner.DependsOnLabels;

    /// <summary>
    /// The largest radius that so many samples can prove: that of a row on which every one of them agreed.
    /// </summary>
    public Radius LargestRadius
    {
        get
        {
            double logFailure = ClopperPearson.LogUpperBound(0, _options.Sampling.Samples, _options.Sampling.Confidence);
            return logFailure < SmoothedValue.LogHalf ? _allowed.BudgetFor(_tight.Radius(logFailure)) : Radius.Of(0);
        }
    }

    /// <summary>Certifies the predictions for many rows, all on the same draws.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread, how many more classifiers were trained.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// m results, in the order of the rows. Where Algorithm 2 abstains, predictions are
    /// <see cref="Certificate.Abstention"/>.
    /// </returns>
    /// <exception cref="HeadException">The learner cannot be applied to these test rows.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify").Of(tests.Rows);
        IReadOnlyList<MonteCarloEstimate> estimates = MonteCarlo.Smooth(
            _measure,
            (labels, classes) => _learner.Learn(labels, cancellationToken).Predict(tests, classes),
            tests.Rows,
            _labels.ClassCount,
            _options.Sampling with { Threads = _options.Threads },
            progress,
            cancellationToken);
        RowCertificates[] results = [.. estimates.Select(CertificatesOf)];
        CertiFlipTelemetry.Count(results);
        return results;
    }

    private RowCertificates CertificatesOf(MonteCarloEstimate estimate) =>
        new([.. Certificates.Select(kind => _classes.Mark(CertificateOf(kind, estimate)))], estimate.LogFailure)
        {
            LogChange = estimate.LogFailure,
        };

    private Certificate CertificateOf(CertificateKind kind, MonteCarloEstimate estimate) => estimate.Abstains
        ? new Certificate(kind, Certificate.Abstention, Radius.Of(0), IsCertified: false)
        : new Certificate(kind, estimate.Class, _allowed.BudgetFor(Flips[kind](this, estimate.LogFailure)), IsCertified: true);
}
