using System.Diagnostics.CodeAnalysis;
using CertiFlip.Collective;
using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Smoothed;
using CertiFlip.Votes;

namespace CertiFlip;

/// <summary>
/// Certifies the predictions of a head that was fitted to features, for labels that an adversary may have flipped.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class Certifier : ICertifier
{
    // How each certificate is computed. Every kind of CertifierOptions.AllCertificates stands here; a test says so.
    private static readonly Dictionary<CertificateKind, Func<CertifiedRow, Certificate>> Computations = new()
    {
        [CertificateKind.Kl] = row => row.Smoothed(CertificateKind.Kl, row.KlRadius),
        [CertificateKind.Tight] = row => row.Smoothed(CertificateKind.Tight, row.TightRadius),

        // Both certify the smoothed classifier, so the larger is proved.
        [CertificateKind.Structured] = row => row.Smoothed(CertificateKind.Structured, Radius.Max(row.StructuredRadius, row.TightRadius)),
        [CertificateKind.Exact] = row =>
            new Certificate(CertificateKind.Exact, row.Vote.HeadPrediction, row.ExactRadius, ExactCertificate.IsCertain(row.Vote)),
    };

    private readonly IHead _head;
    private readonly ClassLabels _labels;
    private readonly TightCertificate? _tight;
    private readonly CertifierOptions _options;
    private readonly AllowedFlips _allowed;
    private readonly ClassAssumption _classes;
    private readonly RowVotes _votes;

    /// <summary>A certifier of a head's predictions.</summary>
    /// <param name="head">A head over n training rows.</param>
    /// <param name="labels">Their n labels, which may be wrong.</param>
    /// <param name="options">Which certificates to compute; the exact one if not given.</param>
    /// <exception cref="ArgumentException">
    /// The number of labels is not the head's number of training rows, a certificate needs noise and there is none, the
    /// noise is for another number of classes, the adversary's limits are for other labels, or shares of classes are
    /// stated and the head has no lift.
    /// </exception>
    public Certifier(IHead head, ClassLabels labels, CertifierOptions? options = null)
        : this(head, labels, options ?? new CertifierOptions(), KernelSet.Best)
    {
    }

    internal Certifier(IHead head, ClassLabels labels, CertifierOptions options, KernelSet kernels)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != head.TrainingRows)
        {
            throw new ArgumentException(
                $"There are {labels.Count} labels, but the head has {head.TrainingRows} training rows.", nameof(labels));
        }

        if (options.Certificates.FirstOrDefault(kind => kind.NeedsNoise) is { } smoothed)
        {
            Noise noise = options.Noise
                ?? throw new ArgumentException(
                    $"The certificate '{smoothed}' needs a smoothing noise: set {nameof(CertifierOptions.Noise)}.", nameof(options));
            if (labels.ClassCount != noise.Classes)
                throw new ArgumentException(
                    $"The labels have {labels.ClassCount} classes, but the noise is for {noise.Classes}.", nameof(options));
            _tight = new TightCertificate(noise, labels.Count);
        }

        (_head, _labels, _options) = (head, labels, options);
        _allowed = new AllowedFlips(labels, options.Adversary);
        _classes = new ClassAssumption(labels, options.Adversary);
        _votes = new RowVotes(labels, head, kernels, _allowed);
    }

    /// <inheritdoc/>
    public IReadOnlyList<CertificateKind> Certificates => _options.Certificates;

    /// <inheritdoc/>
    public bool IsConditional => _head.DependsOnLabels;

    /// <summary>
    /// Fits a head to training rows and certifies its predictions: ridge and its exact certificate, unless the options
    /// say otherwise.
    /// </summary>
    /// <param name="training">
    /// Features and labels. The labels may be wrong; the features must not have been made by looking at them.
    /// </param>
    /// <param name="options">Which head and which certificates; ridge and the exact one if not given.</param>
    /// <exception cref="HeadException">The head cannot be fitted to these features.</exception>
    /// <exception cref="ArgumentException">
    /// A certificate needs noise and there is none, the noise is for another number of classes, or the adversary's
    /// limits are for other labels.
    /// </exception>
    public static Certifier Fit(TrainingSet training, CertifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        options ??= new CertifierOptions();
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("fit").Of(training.Features.Rows);
        HeadChoice choice = options.Head.WithClasses(training.Labels.Classes);
        choice = choice.WithLabels(training.Labels, options.Noise); // For the paper's λ; no other head looks.
        IHead head = choice.Fit(training.Features, options.Parallelism(CancellationToken.None));
        return new Certifier(head, training.Labels, options);
    }

    /// <inheritdoc/>
    public RowCertificates Certify(ReadOnlySpan<double> features) =>
        CertifyBatch(new FeatureMatrix(1, features.Length, features.ToArray()))[0];

    /// <inheritdoc/>
    public IReadOnlyList<RowCertificates> CertifyBatch(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify").Of(tests.Rows);
        var results = new RowCertificates[tests.Rows];
        ForEachRow(tests, (row, vote) => results[row] = Certify(vote), progress, cancellationToken);
        CertiFlipTelemetry.Count(results);
        return results;
    }

    /// <summary>
    /// Predicts the head's own classes, without certificates: those of <see cref="CertificateKind.Exact"/>.
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>m classes, each from 0 to K − 1, in the order of the rows.</returns>
    /// <exception cref="HeadException">As for <see cref="CertifyBatch"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public int[] Predict(FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        int[] predictions = new int[tests.Rows];
        ForEachRow(tests, (row, vote) => predictions[row] = vote.HeadPrediction, progress, cancellationToken);
        return predictions;
    }

    /// <summary>
    /// By how much the head is for each class, as scikit-learn's <c>decision_function</c> says it. With two classes one
    /// number for each row: the margin of class 1 over class 0, positive where class 1 is predicted and negative where
    /// class 0 is. With more, K numbers for each row: the score of each class, less its prior where there is one; the
    /// largest is predicted. They are rounded, as a prediction is not: close to a tie <see cref="Predict"/> tells.
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>m or m × K numbers, row by row.</returns>
    /// <exception cref="HeadException">As for <see cref="CertifyBatch"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public double[] Decide(FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        int numbers = _labels.ClassCount == 2 ? 1 : _labels.ClassCount;
        double[] decisions = new double[checked(tests.Rows * numbers)];
        ForEachRow(tests, (row, vote) => vote.Decide(decisions.AsSpan(row * numbers, numbers)), progress, cancellationToken);
        return decisions;
    }

    /// <inheritdoc/>
    public bool TryFindWitness(ReadOnlySpan<double> features, [NotNullWhen(true)] out Witness? witness)
    {
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("witness");
        Witness? found = null;
        var row = new FeatureMatrix(1, features.Length, features.ToArray());
        ForEachRow(row, (_, vote) => ExactCertificate.TryFindWitness(vote, out found), progress: null, CancellationToken.None);
        witness = found;
        return found is not null;
    }

    /// <summary>
    /// Certifies the predictions of the training rows themselves, each by the head that is fitted without it: what
    /// there is to certify where there are no test rows. A row's own label moves nothing of its prediction, so radii
    /// count the labels of the others.
    /// </summary>
    /// <remarks>
    /// Label weights come from a closed form (<see cref="ILeaveOneOutHead"/>). Its rounding, and that of the fit
    /// without the row, is taken from every margin: no radius is larger than that of the head really fitted to the
    /// others. Where it leaves open which class is ahead, the prediction is not certified. What is one number for the
    /// whole head, λ or a bandwidth, is held at what it is with the row.
    /// </remarks>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>n results, in the order of the rows.</returns>
    /// <exception cref="ArgumentException">There are not n rows.</exception>
    /// <exception cref="InvalidOperationException">The head cannot leave a row out.</exception>
    /// <exception cref="HeadException">
    /// A row cannot be left out: it alone determines what the head says of it.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public IReadOnlyList<RowCertificates> CertifyLeftOut(
        FeatureMatrix training, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        CertifyLeftOut(training, 0, training?.Rows ?? 0, progress, cancellationToken);

    /// <summary>
    /// The same of some of the training rows: each gets the same answer as among all of them, to the bit.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="firstRow">The first row to predict, from 0.</param>
    /// <param name="rows">How many rows to predict.</param>
    /// <param name="progress">Is told, from any thread and in any order, how many more rows are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A result for each of these rows, in their order.</returns>
    /// <exception cref="ArgumentException">There are not n rows, or the rows to predict are not among them.</exception>
    /// <exception cref="InvalidOperationException">The head cannot leave a row out.</exception>
    /// <exception cref="HeadException">
    /// A row cannot be left out: it alone determines what the head says of it.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public IReadOnlyList<RowCertificates> CertifyLeftOut(
        FeatureMatrix training, int firstRow, int rows, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ILeaveOneOutHead head = LeavesOut(training);
        if (firstRow < 0 || rows < 0 || firstRow > training.Rows - rows)
            throw new ArgumentException($"Rows are numbered 0 to {training.Rows - 1}.", nameof(firstRow));
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("certify").Of(rows);
        var results = new RowCertificates[rows];
        _votes.ForEachLeftOut(
            rows,
            (first, count, weights, errors, lifts) =>
                head.ComputeLeftOut(training, firstRow + first, count, weights, _votes.Stride, errors, lifts),
            (row, vote) => results[row] = Certify(vote), _options.Parallelism(cancellationToken), progress);
        CertiFlipTelemetry.Count(results);
        return results;
    }

    /// <summary>
    /// Finds the cheapest flips of other labels that change the prediction of a training row by the head fitted without
    /// it.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="row">The row, from 0.</param>
    /// <param name="witness">The witness, where the result is true.</param>
    /// <returns>
    /// Whether there are any: not where every labelling that is allowed gives the same class, nor where rounding leaves
    /// open which class is ahead.
    /// </returns>
    /// <exception cref="ArgumentException">There are not n rows, or the row is none of them.</exception>
    /// <exception cref="InvalidOperationException">The head cannot leave a row out.</exception>
    /// <exception cref="HeadException">The row cannot be left out.</exception>
    public bool TryFindLeftOutWitness(FeatureMatrix training, int row, [NotNullWhen(true)] out Witness? witness)
    {
        ILeaveOneOutHead head = LeavesOut(training);
        if (row < 0 || row >= training.Rows)
            throw new ArgumentException($"Rows are numbered 0 to {training.Rows - 1}.", nameof(row));
        Witness? found = null;
        _votes.ForEachLeftOut(
            1, (_, _, weights, errors, lifts) => head.ComputeLeftOut(training, row, 1, weights, _votes.Stride, errors, lifts),
            (_, vote) =>
            {
                if (ExactCertificate.IsCertain(vote))
                    ExactCertificate.TryFindWitness(vote, out found);
            }, _options.Parallelism(CancellationToken.None), progress: null);
        witness = found;
        return found is not null;
    }

    /// <summary>
    /// Certifies all rows together: what one adversary, with one budget, can do to the head's predictions for all of
    /// them (docs/collective.md).
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="options">For which budgets, and which rows count.</param>
    /// <param name="progress">Is told what part of the work is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">
    /// There is not a true class or not a group for each row, a true class is none of the K classes, or there are
    /// groups but no true classes.
    /// </exception>
    /// <exception cref="HeadException">
    /// The number of features is not that of the training rows, or a row is so far from them that its label weights
    /// overflow.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public CollectiveCertificates CertifyTogether(
        FeatureMatrix tests, CollectiveOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Truth is { } truth && truth.Count != tests.Rows)
            throw new ArgumentException($"There are {truth.Count} true classes for {tests.Rows} test rows.", nameof(options));
        if (options.Truth?.Any(c => c < 0 || c >= _labels.ClassCount) == true)
            throw new ArgumentException($"True classes are numbered 0 to {_labels.ClassCount - 1}.", nameof(options));
        if (options.Groups.Count > 0 && options.Groups.Count != tests.Rows)
            throw new ArgumentException($"There are {options.Groups.Count} groups for {tests.Rows} test rows.", nameof(options));
        if (options.Groups.Count > 0 && options.Truth is null)
            throw new ArgumentException("Groups need the true classes of the test rows.", nameof(options));
        var bound = new CollectiveBound(_head, _labels, _allowed, _votes, tests, _options.Parallelism(cancellationToken));
        return new CollectiveQuestions(bound, _labels, _allowed, _classes, options).Answer(progress);
    }

    /// <summary>
    /// Certifies the head's predictions against an adversary who owns the labels of one period of time, such as those
    /// of any week.
    /// </summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="times">
    /// The times of the n training rows in any unit, those of one instant equal. They must not have been made by
    /// looking at the labels.
    /// </param>
    /// <param name="progress">Is told, from any thread and in any order, how much more is done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>m results, in the order of the rows.</returns>
    /// <exception cref="ArgumentException">There are not n times.</exception>
    /// <exception cref="InvalidOperationException">
    /// Labels differ in cost: who owns a label pays nothing for it.
    /// </exception>
    /// <exception cref="HeadException">As for <see cref="CertifyBatch"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public IReadOnlyList<PeriodCertificate> CertifyPeriods(
        FeatureMatrix tests, IReadOnlyList<decimal> times, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tests);
        ArgumentNullException.ThrowIfNull(times);
        if (times.Count != _head.TrainingRows)
            throw new ArgumentException($"There are {times.Count} times for {_head.TrainingRows} training rows.", nameof(times));
        if (!_allowed.HasUnitCosts)
            throw new InvalidOperationException("Costs have no meaning where the adversary owns all labels of a period.");
        var search = new PeriodSearch(times, _labels, _allowed);
        var results = new PeriodCertificate[tests.Rows];
        ForEachRow(tests, (row, vote) => results[row] = search.Of(vote), progress, cancellationToken);
        return results;
    }

    private void ForEachRow(FeatureMatrix tests, Action<int, Vote> look, IProgress<int>? progress, CancellationToken cancellationToken) =>
        _votes.ForEach(
            tests.Rows,
            "Test row",
            (first, rows, weights, lifts) => _head.Compute(tests, first, rows, weights, _votes.Stride, lifts),
            look,
            _options.Parallelism(cancellationToken),
            progress);

    private ILeaveOneOutHead LeavesOut(FeatureMatrix training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Rows != _labels.Count)
            throw new ArgumentException($"There are {training.Rows} training rows, but {_labels.Count} labels.", nameof(training));
        return _head as ILeaveOneOutHead ?? throw new InvalidOperationException("The head cannot leave a row out.");
    }

    private RowCertificates Certify(Vote vote)
    {
        var row = new CertifiedRow(vote, _allowed, _options.Noise, _tight);
        var certificates = new Certificate[_options.Certificates.Count];
        for (int i = 0; i < certificates.Length; i++)
            certificates[i] = _classes.Mark(Computations[_options.Certificates[i]](row));
        return new RowCertificates(certificates, row.LogFailure) { LogChange = row.LogChange };
    }

    /// <summary>
    /// One row while it is certified: what several certificates need is computed once, and only if one does.
    /// </summary>
    private sealed class CertifiedRow(Vote vote, AllowedFlips allowed, Noise? noise, TightCertificate? tight)
    {
        public Vote Vote => vote;

        public Radius ExactRadius => ExactCertificate.Radius(vote);

        public Radius KlRadius => Budget(KlCertificate.Radius(Bound.LogFailure, noise!, vote.Labels.Count));

        public Radius TightRadius => Budget(tight!.Radius(Bound.LogFailure));

        public Radius StructuredRadius => Radius.Of(StructuredCertificate.Radius(vote, Bound, noise!), allowed.TotalCost);

        public double LogFailure => tight is null ? double.NaN : Bound.LogFailure;

        public double LogChange => tight is null ? double.NaN : Bound.LogChange(vote.Labels.ClassCount);

        private ChernoffBound Bound => field ??= ChernoffBound.Of(vote, noise!);

        public Certificate Smoothed(CertificateKind kind, Radius radius) =>
            new(kind, Bound.Prediction, Bound.IsCertified ? radius : Radius.Of(0), Bound.IsCertified);

        // Where nothing is certified, 0 flips are no proof that a smaller budget is survived.
        private Radius Budget(int flips) => Bound.IsCertified ? allowed.BudgetFor(flips) : Radius.Of(0);
    }
}
