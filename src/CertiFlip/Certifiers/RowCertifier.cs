using CertiFlip.Heads;
using CertiFlip.Poisoning;

namespace CertiFlip;

/// <summary>
/// Certifies the predictions of a head on all training rows, for rows that an adversary may have inserted, removed or
/// changed: nearest neighbours and kernel smoothers exactly, at any prices; ridge regression for rows removed.
/// </summary>
/// <remarks>
/// Features must not have been made by looking at the training rows, not even at their features alone: rows that are
/// inserted would move such features everywhere. For the same reason the bandwidth and λ must be stated. Scores are
/// compared in exact arithmetic. Safe to use from several threads at once.
/// </remarks>
public sealed class RowCertifier : ICertifier
{
    private readonly IRowBounds _bounds;
    private readonly int _features;
    private readonly RowCertifierOptions _options;

    private RowCertifier(IRowBounds bounds, CertificateKind kind, int features, RowCertifierOptions options) =>
        (_bounds, Certificates, _features, _options) = (bounds, [kind], features, options);

    /// <summary>
    /// One: <see cref="CertificateKind.Rows"/>, or <see cref="CertificateKind.Removal"/> for ridge regression.
    /// </summary>
    public IReadOnlyList<CertificateKind> Certificates { get; }

    /// <summary>False.</summary>
    public bool IsConditional => false;

    /// <summary>
    /// The most removed rows that the bound can say anything about, for ridge regression: beyond, their leverages may
    /// add up to 1. Null for other heads.
    /// </summary>
    public int? MostRemovedRows => (_bounds as RidgeRemoval)?.MostRows;

    /// <summary>What can be certified of a head; null where that is possible.</summary>
    /// <param name="head">The head.</param>
    /// <param name="adversary">What an adversary may do to rows.</param>
    /// <returns>What is expected instead, or null.</returns>
    public static string? WhyNot(HeadChoice head, RowAdversary adversary)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(adversary);
        return head switch
        {
            NearestNeighboursHeadChoice => null,
            KernelHeadChoice { Bandwidth: not null } => null,
            KernelHeadChoice => "a stated bandwidth: the default follows from the training rows, which the adversary changes",
            RidgeHeadChoice ridge when ridge.Ridge.LabelFreeRule is not FixedRidge =>
                "a stated λ, fixed:L: it would otherwise follow from the training rows, which the adversary changes",
            RidgeHeadChoice { Ridge.LabelFreeRule: FixedRidge { Value: <= 0 } } => "a λ above 0",
            RidgeHeadChoice when adversary is { InsertPrice: not null } or { FlipPrice: not null } =>
                "an adversary who can only remove rows: one row that is inserted far away moves ridge regression as far as it likes",
            RidgeHeadChoice when adversary.RemovePrice is null => "an adversary who can remove rows",
            RidgeHeadChoice => null,
            _ => "nearest neighbours, a kernel or ridge: nothing is proved of this head where rows change",
        };
    }

    /// <summary>Prepares the certificates of a head.</summary>
    /// <param name="training">
    /// Rows, any of which may be wrong or missing, with a stated list of classes and no prior.
    /// </param>
    /// <param name="head">Nearest neighbours, a kernel of stated bandwidth, or ridge with a fixed λ.</param>
    /// <param name="options">Against whom; any insertion or removal if not given.</param>
    /// <exception cref="ArgumentException">
    /// The list of classes was read off the labels or has a prior, there are fewer rows than neighbours, or the head
    /// cannot be certified: <see cref="WhyNot"/> tells.
    /// </exception>
    /// <exception cref="HeadException">The head cannot be fitted to these features.</exception>
    public static RowCertifier Fit(TrainingSet training, HeadChoice head, RowCertifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(head);
        options ??= new RowCertifierOptions();
        RowAdversary adversary = options.Adversary;
        if (!training.Classes.IsStated || !training.Classes.AreAlike)
            throw new ArgumentException("The list of classes must be stated, without a prior or shares.", nameof(training));
        if (WhyNot(head, adversary) is { } expected)
            throw new ArgumentException($"Expected {expected}.", nameof(head));
        if (training.Features.Rows < head.LeastRows)
            throw new ArgumentException($"There are fewer than {head.LeastRows} training rows.", nameof(training));
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("fit").Of(training.Features.Rows);
        ParallelOptions parallel = options.Parallelism(CancellationToken.None);
        IRowBounds bounds = head switch
        {
            NearestNeighboursHeadChoice nearest => new CheapestNeighbours(training, nearest.Neighbours, adversary, parallel),
            KernelHeadChoice kernel => new CheapestKernelRows(training, kernel.Bandwidth!.Value, adversary),
            _ => new RidgeRemoval(
                training, (RidgeHead)head.Fit(training.Features, parallel), adversary.RemovePrice!.Value, parallel),
        };
        CertificateKind kind = bounds is RidgeRemoval ? CertificateKind.Removal : CertificateKind.Rows;
        return new RowCertifier(bounds, kind, training.Features.Columns, options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify");
        RowCertificates[] results =
            ForEach(tests, row => new RowCertificates([_bounds.Certify(tests, row)]), progress, cancellationToken);
        CertiFlipTelemetry.Count(results);
        return results;
    }

    /// <summary>
    /// Looks for rows whose removal changes ridge regression's predictions, by removing the best row of all that are
    /// left again and again: how far the bound can be from the truth.
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="most">How many rows are removed at most.</param>
    /// <param name="progress">Is told, from any thread and in any order, how much more is done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// For each test row, training rows without which its prediction is another; null where none were found.
    /// </returns>
    /// <exception cref="InvalidOperationException">The head is not ridge regression.</exception>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or a row is so far from them that its label weights
    /// overflow.
    /// </exception>
    public IReadOnlyList<IReadOnlyList<int>?> AttackByRemoval(
        FeatureMatrix tests, int most, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        RidgeRemoval removal = _bounds as RidgeRemoval ?? throw new InvalidOperationException("The head is not ridge regression.");
        return ForEach(tests, row => removal.Attack(tests, row, most), progress, cancellationToken);
    }

    private T[] ForEach<T>(FeatureMatrix tests, Func<int, T> work, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != _features)
            throw new HeadException($"The head was fitted to {_features} features, but the test rows have {tests.Columns}.");
        var results = new T[tests.Rows];
        var failures = new HeadException?[tests.Rows];
        Parallel.For(0, tests.Rows, _options.Parallelism(cancellationToken), row =>
        {
            try
            {
                results[row] = work(row);
            }
            catch (HeadException exception)
            {
                failures[row] = exception;
            }

            progress?.Report(1);
        });
        if (Array.Find(failures, failure => failure is not null) is { } first)
            throw first;
        return results;
    }
}
