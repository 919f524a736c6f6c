using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Attacks;

/// <summary>
/// Attacks a classifier without a defence: logistic regression on frozen features (paper, appendix C). For every test
/// row it looks for the fewest label flips that change the prediction. They are an upper bound on the flips that this
/// classifier survives; certificates are lower bounds for others.
/// </summary>
public sealed class LabelFlipAttack
{
    private readonly AttackedClassifier _classifier;
    private readonly AttackOptions _options;
    private readonly AllowedFlips _allowed;
    private readonly int[] _labels;
    private readonly double[] _start;

    /// <summary>Fits the classifier to the labels as given.</summary>
    /// <param name="features">Training features (n × k).</param>
    /// <param name="labels">Their n labels, of two classes.</param>
    /// <param name="options">What to try.</param>
    /// <exception cref="ArgumentException">
    /// The numbers of rows differ, there are not two classes, the labels have a prior, or the adversary's limits are
    /// for other labels.
    /// </exception>
    public LabelFlipAttack(FeatureMatrix features, ClassLabels labels, AttackOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.ClassCount != 2)
            throw new ArgumentException($"These attacks are for two classes, but there are {labels.ClassCount}.", nameof(labels));
        if (!labels.Classes.AreAlike)
            throw new ArgumentException("A prior or shares are a head's: logistic regression has none.", nameof(labels));
        if (labels.Count != features.Rows)
            throw new ArgumentException($"There are {labels.Count} labels for {features.Rows} rows.", nameof(labels));
        if (features.Rows == 0)
            throw new HeadException("There are no training rows to learn from.");
        _options = options ?? new AttackOptions();
        _allowed = new AllowedFlips(labels, _options.Adversary);
        _classifier = new AttackedClassifier(features, _options.C);
        _labels = [.. Enumerable.Range(0, labels.Count).Select(row => labels[row])];
        var fit = new NewtonFit(_classifier);
        fit.Fit(_labels);
        _start = fit.Coefficients;
    }

    /// <summary>Attacks every test row.</summary>
    /// <param name="tests">Test features (m × k).</param>
    /// <param name="progress">Reports how many further rows are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One for each test row, in order. Each attack is verified: the classifier is fitted to the flipped labels from
    /// scratch and predicts the other class.
    /// </returns>
    /// <exception cref="HeadException">The test rows have another number of features.</exception>
    public IReadOnlyList<AttackedRow> Attack(
        FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Verify(tests, Search(tests, 0, tests?.Rows ?? 0, progress, cancellationToken), cancellationToken);

    /// <summary>
    /// The first half of <see cref="Attack"/>, for some of the test rows: attacks that are made for them. Each may
    /// change the predictions of other test rows, too.
    /// </summary>
    /// <param name="tests">All test features (m × k).</param>
    /// <param name="firstRow">The first test row to make attacks for, from 0.</param>
    /// <param name="rows">For how many test rows.</param>
    /// <param name="progress">Reports how many further rows are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// The best of them on each test row on which there is one, in the order of the rows; not verified yet.
    /// </returns>
    /// <exception cref="ArgumentException">The rows are none of the test rows.</exception>
    /// <exception cref="HeadException">The test rows have another number of features.</exception>
    public IReadOnlyList<FoundAttack> Search(
        FeatureMatrix tests, int firstRow, int rows, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        double[] augmented = Augmented(tests);
        if (firstRow < 0 || rows < 0 || firstRow > tests.Rows - rows)
            throw new ArgumentException($"Rows are numbered 0 to {tests.Rows - 1}.", nameof(firstRow));
        int[] predictions = Predictions(tests, augmented);
        var ledger = new AttackLedger(tests.Rows);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellationToken };
        Parallel.For(
            firstRow, firstRow + rows, parallel, () => new FlipSearch(_classifier, _labels, _start, _allowed), (row, _, search) =>
            {
                AttackLedger found = AttackRow(search, row, augmented, predictions, cancellationToken);
                lock (ledger)
                    ledger.Add(found);
                progress?.Report(1);
                return search;
            }, _ => { });
        return [.. ledger.Found];
    }

    /// <summary>
    /// The second half of <see cref="Attack"/>: takes the best attack on every test row, and verifies it.
    /// </summary>
    /// <param name="tests">All test features (m × k).</param>
    /// <param name="found">What <see cref="Search"/> found, of all test rows, in any order.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>As <see cref="Attack"/>.</returns>
    /// <exception cref="ArgumentException">An attack is on a row that there is not.</exception>
    /// <exception cref="HeadException">The test rows have another number of features.</exception>
    public IReadOnlyList<AttackedRow> Verify(
        FeatureMatrix tests, IEnumerable<FoundAttack> found, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(found);
        double[] rows = Augmented(tests);
        int[] predictions = Predictions(tests, rows);
        var ledger = new AttackLedger(tests.Rows);
        foreach (FoundAttack attack in found)
        {
            if (attack.Row < 0 || attack.Row >= tests.Rows || attack.Flips.Any(flip => flip < 0 || flip >= _labels.Length))
                throw new ArgumentException($"There is an attack on test row {attack.Row} of {tests.Rows}.", nameof(found));
            ledger.Add(attack.Row, new AttackLedger.Entry(attack.Source, attack.Kind, attack.Reversed, [.. attack.Flips]));
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellationToken };
        var result = new AttackedRow[tests.Rows];
        Parallel.For(0, tests.Rows, parallel, row =>
            result[row] = ledger[row] is { } best && IsBroken(best.Rows, rows, row, predictions[row])
                ? new AttackedRow(predictions[row], best.Kind, best.Reversed, best.Source, best.Rows)
                : new AttackedRow(predictions[row], default, false, row, []));
        return result;
    }

    private int[] Predictions(FeatureMatrix tests, double[] rows) =>
        [.. Enumerable.Range(0, tests.Rows).Select(row => Predict(_start, rows, row))];

    private double[] Augmented(FeatureMatrix tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != _classifier.Size - 1)
            throw new HeadException(
                $"The classifier was fitted to {_classifier.Size - 1} features, but the test rows have {tests.Columns}.");
        return _classifier.Augment(tests);
    }

    /// <summary>
    /// The accuracy that is left when every test row is attacked with up to r flips: the undefended lines of figures 1
    /// and 2.
    /// </summary>
    /// <param name="attacked">What attacks found.</param>
    /// <param name="truth">The true classes.</param>
    /// <exception cref="ArgumentException">There are not as many of both.</exception>
    public AccuracyCurve AccuracyUnderAttack(IReadOnlyList<AttackedRow> attacked, IReadOnlyList<int> truth)
    {
        ArgumentNullException.ThrowIfNull(attacked);
        ArgumentNullException.ThrowIfNull(truth);
        if (attacked.Count != truth.Count)
            throw new ArgumentException($"There are {truth.Count} true classes for {attacked.Count} rows.", nameof(truth));
        IEnumerable<int?> flips = attacked
            .Where((row, i) => row.Prediction == truth[i])
            .Select(row => row.IsBroken ? row.Rows.Count : (int?)null);
        return AccuracyCurve.UnderAttack(attacked.Count, flips, Radius.Of(Math.Min(_options.Budget, _labels.Length)));
    }

    private AttackLedger AttackRow(FlipSearch search, int row, double[] rows, int[] predictions, CancellationToken cancellationToken)
    {
        var found = new AttackLedger(predictions.Length);
        ReadOnlyMemory<double> test = rows.AsMemory(row * _classifier.Stride, _classifier.Stride);
        foreach (AttackKind kind in _options.Kinds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int[] order, int flips) = search.Try(kind, test, predictions[row], Most(), Visit(kind, reversed: false));
            if (flips > 1)
                search.Search([.. order[..flips].Reverse()], 0, test, predictions[row], Math.Min(Most(), flips - 1),
                    Visit(kind, reversed: true));
        }

        return found;

        // What needs as many flips as an attack that is known already is no use.
        int Most() => found[row] is { } best ? best.Rows.Length - 1 : _options.Budget;

        Action<int[], int, NewtonFit> Visit(AttackKind kind, bool reversed) => (order, flips, fit) =>
        {
            AttackLedger.Entry? entry = null;
            for (int other = 0; other < predictions.Length; other++)
            {
                if (Predict(fit.Coefficients, rows, other) != predictions[other])
                    found.Add(other, entry ??= new AttackLedger.Entry(row, kind, reversed, order[..flips]));
            }
        };
    }

    private bool IsBroken(IReadOnlyList<int> flipped, double[] rows, int row, int prediction)
    {
        int[] labels = [.. _labels];
        foreach (int flip in flipped)
            labels[flip] = 1 - labels[flip];
        var fit = new NewtonFit(_classifier);
        fit.Fit(labels);
        return Predict(fit.Coefficients, rows, row) != prediction;
    }

    private int Predict(double[] coefficients, double[] rows, int row) =>
        Elementwise.Dot(rows.AsSpan(row * _classifier.Stride, _classifier.Stride), coefficients) >= 0 ? 1 : 0;
}

/// <summary>
/// For every test row the fewest flips that changed its prediction so far, whichever test row they were chosen for.
/// </summary>
/// <param name="rows">Number of test rows.</param>
internal sealed class AttackLedger(int rows)
{
    private readonly Entry?[] _best = new Entry?[rows];

    public Entry? this[int row] => _best[row];

    /// <summary>All that was found, in the order of the test rows.</summary>
    public IEnumerable<FoundAttack> Found => _best.Index().Where(row => row.Item is not null).Select(row =>
        new FoundAttack(row.Index, row.Item!.Source, row.Item.Kind, row.Item.Reversed, row.Item.Rows));

    /// <summary>
    /// Keeps the better of two attacks on a row; of two with as many flips the one that was made for the earlier test
    /// row, so that the order of work does not matter.
    /// </summary>
    public void Add(int row, Entry entry)
    {
        if (_best[row] is not { } best || entry.CompareTo(best) < 0)
            _best[row] = entry;
    }

    public void Add(AttackLedger other)
    {
        for (int row = 0; row < _best.Length; row++)
        {
            if (other[row] is { } entry)
                Add(row, entry);
        }
    }

    /// <summary>One attack: the rows that it flips, and where they come from.</summary>
    public sealed record Entry(int Source, AttackKind Kind, bool Reversed, int[] Rows) : IComparable<Entry>
    {
        public int CompareTo(Entry? other) =>
            other is null ? -1 : (Rows.Length, Source, Kind, Reversed)
                .CompareTo((other.Rows.Length, other.Source, other.Kind, other.Reversed));
    }
}
