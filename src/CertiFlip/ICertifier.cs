using System.Diagnostics.CodeAnalysis;

namespace CertiFlip;

/// <summary>
/// Certifies the predictions of a classifier whose training labels may be wrong: of a head (<see cref="Certifier"/>),
/// of a learner by sampling (<see cref="MonteCarloCertifier"/>), or of a vote of parts
/// (<see cref="PartitionCertifier"/>). Two more are for whole rows that may be wrong: <see cref="RowCertifier"/> and
/// <see cref="AggregationCertifier"/>.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public interface ICertifier
{
    /// <summary>The certificates that every row gets, in this order.</summary>
    IReadOnlyList<CertificateKind> Certificates { get; }

    /// <summary>
    /// Whether the classifier was fitted with the help of labels, so that radii hold only for what was fitted held
    /// fixed.
    /// </summary>
    bool IsConditional { get; }

    /// <summary>Certifies the prediction for one row.</summary>
    /// <param name="features">The row's k features, finite.</param>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or the row is so far from them that its label weights
    /// overflow.
    /// </exception>
    RowCertificates Certify(ReadOnlySpan<double> features) => CertifyBatch(new FeatureMatrix(1, features.Length, features.ToArray()))[0];

    /// <summary>
    /// Certifies the predictions for many rows, in parallel. A row gets the same answer as it would alone, to the bit.
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how much more is done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>m results, in the order of the rows.</returns>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or a row is so far from them that its label weights
    /// overflow.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds the cheapest allowed label flips that change the head's own prediction for a row: they prove that its
    /// exact radius is no larger.
    /// </summary>
    /// <param name="features">The row's k features, finite.</param>
    /// <param name="witness">The flips, where the result is true.</param>
    /// <returns>
    /// Whether there are any. There are none where nothing that the adversary can do changes the prediction, and none
    /// are known for a vote that has no exact certificate.
    /// </returns>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or the row is so far from them that its label weights
    /// overflow.
    /// </exception>
    bool TryFindWitness(ReadOnlySpan<double> features, [NotNullWhen(true)] out Witness? witness)
    {
        witness = null;
        return false;
    }
}
