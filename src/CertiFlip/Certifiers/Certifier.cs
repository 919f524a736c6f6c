using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Smoothed;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>Certifies the predictions of a head that was fitted to features, for labels that an adversary may have flipped.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class Certifier
{
    private readonly IHead _head;
    private readonly Noise _noise;
    private readonly TightCertificate _tight;
    private readonly CertifierOptions _options;
    private readonly AllowedFlips _allowed;
    private readonly RowVotes _votes;

    /// <summary>A certifier of a head's predictions.</summary>
    /// <param name="head">A head over n training rows.</param>
    /// <param name="labels">Their n labels, which may be wrong.</param>
    /// <param name="noise">The smoothing noise q. It must not have been chosen by looking at these labels.</param>
    /// <param name="options">Which certificates to compute; all of them if not given.</param>
    /// <exception cref="ArgumentException">
    /// The number of labels is not the head's number of training rows, the noise is for another number of classes, or the adversary's limits are for other labels.
    /// </exception>
    public Certifier(IHead head, ClassLabels labels, Noise noise, CertifierOptions? options = null)
        : this(head, labels, noise, options ?? new CertifierOptions(), KernelSet.Best)
    {
    }

    internal Certifier(IHead head, ClassLabels labels, Noise noise, CertifierOptions options, KernelSet kernels)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(noise);
        if (labels.Count != head.TrainingRows)
            throw new ArgumentException($"There are {labels.Count} labels, but the head has {head.TrainingRows} training rows.", nameof(labels));
        if (labels.ClassCount != noise.Classes)
            throw new ArgumentException($"The labels have {labels.ClassCount} classes, but the noise is for {noise.Classes}.", nameof(noise));
        (_head, _noise, _options) = (head, noise, options);
        _allowed = new AllowedFlips(labels, options.Adversary);
        _votes = new RowVotes(labels, head.TwoClassRule, kernels, _allowed);
        _tight = new TightCertificate(noise, labels.Count);
    }

    /// <summary>Whether the head was fitted with the help of labels, so that radii hold only for a head that is held fixed.</summary>
    public bool IsConditional => _head.DependsOnLabels;

    /// <summary>Certifies the prediction for one row.</summary>
    /// <param name="features">The row's k features, finite.</param>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not the head's, or the row is so far from the training rows that its label weights overflow.
    /// </exception>
    public RowCertificates Certify(ReadOnlySpan<double> features) => CertifyBatch(new FeatureMatrix(1, features.Length, features.ToArray()))[0];

    /// <summary>Certifies the predictions for many rows, in parallel. A row gets the same answer as it would alone, to the bit.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellation">Stops the work between rows.</param>
    /// <returns>m results, in the order of the rows.</returns>
    /// <exception cref="HeadException">
    /// The number of features is not the head's, or a row is so far from the training rows that its label weights overflow.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var results = new RowCertificates[tests.Rows];
        ForEachRow(tests, (row, vote) => results[row] = Certify(vote), progress, cancellation);
        return results;
    }

    /// <summary>Finds the cheapest allowed label flips that change the head's own prediction for a row.</summary>
    /// <param name="features">The row's k features, finite.</param>
    /// <param name="witness">The flips, where the result is true.</param>
    /// <returns>Whether there are any: not where every labelling of the training rows gives the same class.</returns>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not the head's, or the row is so far from the training rows that its label weights overflow.
    /// </exception>
    public bool TryFindWitness(
        ReadOnlySpan<double> features, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Witness? witness)
    {
        Witness? found = null;
        ForEachRow(new FeatureMatrix(1, features.Length, features.ToArray()), (_, vote) => ExactCertificate.TryFindWitness(vote, out found));
        witness = found;
        return found is not null;
    }

    private void ForEachRow(FeatureMatrix tests, Action<int, Vote> look, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        _votes.ForEach(
            tests.Rows, "Test row", (first, rows, weights) => _head.ComputeWeights(tests, first, rows, weights, _votes.Stride), look,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellation }, progress);

    private RowCertificates Certify(Vote vote)
    {
        ChernoffBound bound = ChernoffBound.Of(vote, _noise);
        var certificates = new Certificate[_options.Certificates.Count];
        for (int i = 0; i < certificates.Length; i++)
            certificates[i] = Certify(vote, bound, _options.Certificates[i]);
        return new RowCertificates(bound.Prediction, bound.LogFailure, certificates);
    }

    private Certificate Certify(Vote vote, ChernoffBound bound, CertificateKind kind)
    {
        int rows = vote.Labels.Count;
        return kind switch
        {
            CertificateKind.Kl => Smoothed(Budget(KlCertificate.Radius(bound.LogFailure, _noise, rows))),
            CertificateKind.Tight => Smoothed(Budget(_tight.Radius(bound.LogFailure))),

            // Both speak of the smoothed classifier, so the larger is proved.
            CertificateKind.Structured => Smoothed(Math.Max(
                StructuredCertificate.Radius(vote, bound, _noise), Budget(_tight.Radius(bound.LogFailure)))),
            CertificateKind.Exact => new Certificate(kind, vote.HeadPrediction, ExactCertificate.Radius(vote).BudgetOr(_allowed.TotalCost), IsCertified: true),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such certificate."),
        };

        // Where nothing is certified, 0 flips are no proof that a smaller budget is survived.
        int Budget(int flips) => bound.IsCertified ? _allowed.BudgetFor(flips).BudgetOr(_allowed.TotalCost) : 0;
        Certificate Smoothed(int radius) => new(kind, bound.Prediction, radius, bound.IsCertified);
    }
}
