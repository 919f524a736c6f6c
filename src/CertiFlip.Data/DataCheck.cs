using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CertiFlip.Data;

/// <summary>
/// The check of the data: what in them may make a result misleading. It is the same for any number of threads, and
/// takes a small part of the time of a fit.
/// </summary>
public sealed class DataCheck
{
    private DataCheck(IReadOnlyList<DataRemark> remarks) => Remarks = remarks;

    /// <summary>What is to be said, in a fixed order.</summary>
    public IReadOnlyList<DataRemark> Remarks { get; }

    /// <summary>Whether the work should not go on.</summary>
    public bool IsRefused => Remarks.Any(remark => remark.Severity == RemarkSeverity.Refusal);

    /// <summary>Checks data that something is learnt from, and data that it is tried on.</summary>
    /// <param name="training">The training data. Labels are checked where there are any.</param>
    /// <param name="others">Test and validation data, with the same columns in the same order.</param>
    /// <param name="options">What the user knows and wants.</param>
    public static DataCheck Of(Dataset training, IReadOnlyList<Dataset>? others = null, DataCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        others ??= [];
        options ??= new DataCheckOptions();
        IReadOnlyList<int> missing = LabelChecks.MissingRows(training, options.Classes);
        IReadOnlyList<int> passed = options.Passed(training, missing);
        ClassList? classes = options.LabelsAreNumbers ? null : options.Classes ?? LabelChecks.ClassesOf(training, passed);
        // Each looks at all rows, and they know nothing of each other.
        Task<DataRemark[]> equalRows =
            Task.Run(() => EqualRows.Of(training, others, options.TrainingIsKnown ? null : classes).ToArray());
        DataRemark[] remarks;
        try
        {
            remarks =
            [
                .. (options.TrainingIsKnown ? [] : FeatureChecks.Of(training))
                    .Concat(OfLabels(training, others, (missing, passed), classes, options))
                    .Concat(OfReading(training, others, options))
                    .Concat(others.Select(DataColumns.Of(training).RemarkOn).OfType<DataRemark>()),
            ];
        }
        catch
        {
            // Nobody reads the rows when this has returned: whoever lent them may take them back.
            equalRows.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
            throw;
        }

        return new DataCheck([.. remarks.Concat(equalRows.GetAwaiter().GetResult()).Select(options.Judged)]);
    }

    /// <summary>How rows were read and made features of.</summary>
    private static IEnumerable<DataRemark> OfReading(Dataset training, IReadOnlyList<Dataset> others, DataCheckOptions options)
    {
        if (!options.TrainingIsKnown && training.Pipeline?.PassedOver is { Count: > 0 } passedOver)
        {
            yield return DataRemark.OfPassedOver(
                training.Source,
                $"features are made of {string.Join(", ", training.Pipeline.Rows.Columns.Select(DataException.Quote))} alone, and not of",
                passedOver);
        }

        if (!options.TrainingIsKnown && !options.LabelsAreNumbers)
        {
            foreach (DataRemark copy in FeatureChecks.LabelCopies(training))
                yield return copy;
        }

        if (training.Pipeline is { DependsOnLabels: true })
        {
            yield return new DataRemark(
                RemarkKind.MapSawLabels, training.Source, RemarkSeverity.Remark,
                "the map that makes the features was trained on labels",
                "certificates hold against flips of other labels only: make sure that those were others, and right");
        }

        // Rows that are held out came from the same file: once is enough.
        foreach (DataRemark remark in (options.TrainingIsKnown ? [] : training.Remarks)
            .Concat(others.SelectMany(other => other.Remarks)).Distinct())
            yield return remark;
    }

    /// <summary>
    /// The same data without the rows whose labels are missing. A row keeps its number: <see cref="Dataset.NumberOf"/>.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="classes">The list of classes, where it is stated: what is in it is not missing.</param>
    /// <exception cref="DataException">No label is left.</exception>
    public static Dataset WithoutMissingLabels(Dataset data, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        HashSet<int> missing = [.. LabelChecks.MissingRows(data, classes)];
        if (missing.Count == 0)
            return data;
        return missing.Count < data.Labels.Count
            ? data.Select([.. Enumerable.Range(0, data.Features.Rows).Where(row => !missing.Contains(row))])
            : throw new DataException($"{data.LabelSource}: every label is missing; no row would be left without them.");
    }

    /// <summary>Refuses data with which going on would mislead.</summary>
    /// <exception cref="DataException">It says every reason.</exception>
    public void ThrowIfRefused()
    {
        string[] refusals = [.. Remarks.Where(remark => remark.Severity == RemarkSeverity.Refusal).Select(remark => remark.Line)];
        if (refusals.Length > 0)
            throw new DataException(string.Join(" ", refusals));
    }

    private static List<DataRemark> OfLabels(
        Dataset training, IReadOnlyList<Dataset> others, (IReadOnlyList<int> Missing, IReadOnlyList<int> Passed) rows, ClassList? classes,
        DataCheckOptions options)
    {
        if (!training.HasLabels)
            return [];
        List<DataRemark> remarks =
            options.TrainingIsKnown
                ? []
                :
                [
                    .. LabelChecks.Missing(training, rows.Missing),
                    .. options.LabelsAreNumbers ? [] : LabelChecks.OfTraining(training, rows.Passed, options.Classes),
                ];
        foreach (Dataset other in others.Where(other => other.HasLabels))
        {
            IReadOnlyList<int> otherMissing = LabelChecks.MissingRows(other, options.Classes);
            remarks.AddRange(LabelChecks.Missing(other, otherMissing));
            if (classes is not null)
                remarks.AddRange(LabelChecks.Unknown(other, options.Passed(other, otherMissing), classes, training.LabelSource));
        }

        return remarks;
    }
}

/// <summary>What the user knows and wants of a check.</summary>
public sealed record DataCheckOptions
{
    /// <summary>The list of classes, where it is stated.</summary>
    public ClassList? Classes { get; init; }

    /// <summary>
    /// Whether labels are numbers and no names of classes: what concerns classes is not checked then.
    /// </summary>
    public bool LabelsAreNumbers { get; init; }

    /// <summary>Remarks that the data are meant to have.</summary>
    public IReadOnlyCollection<RemarkKind> Accepted { get; init; } = [];

    /// <summary>Whether every remark that is not accepted is a refusal.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Whether rows without a label are left out, by <see cref="DataCheck.WithoutMissingLabels"/>: they are no reason
    /// to refuse then.
    /// </summary>
    public bool LeavesOutMissingLabels { get; init; }

    /// <summary>Whether the training data were checked before, as those of a model were: then the others are.</summary>
    public bool TrainingIsKnown { get; init; }

    /// <summary>Of the rows without a label, those that no class is read off.</summary>
    internal IReadOnlyList<int> Passed(Dataset data, IReadOnlyList<int> missing) => Accepted.Contains(RemarkKind.MissingLabels)
        ? [.. missing.Where(row => string.IsNullOrWhiteSpace(data.Labels[row]))]
        : missing;

    internal DataRemark Judged(DataRemark remark) =>
        LeavesOutMissingLabels && remark.Kind == RemarkKind.MissingLabels
            ? remark with
            {
                Severity = RemarkSeverity.Remark,
                Advice = remark.RowCount == 1 ? "this row is left out" : "these rows are left out",
            }
        : Accepted.Contains(remark.Kind) && remark.Kind.CanBeAccepted ? remark with { Severity = RemarkSeverity.Accepted }
        : Strict ? remark with { Severity = RemarkSeverity.Refusal }
        : remark;
}

/// <summary>Finds rows of features that are equal, in one file or in two.</summary>
internal sealed class EqualRows
{
    private const int RowsAtATime = 1 << 14;

    // Rows that differ, so many without growing; most data have either few or no more.
    private const int FirstRoom = 1 << 16;

    private readonly FeatureMatrix _features;
    private readonly Dictionary<UInt128, int> _first = [];
    private readonly double[] _row, _other;

    // Every row as the first row that equals it; −1 for rows that say nothing.
    private readonly int[] _equals;

    private EqualRows(FeatureMatrix features)
    {
        _features = features;
        (_row, _other) = (new double[features.Columns], new double[features.Columns]);
        _equals = new int[features.Rows];
        _first.EnsureCapacity(Math.Min(features.Rows, FirstRoom));
        for (int row = 0; row < features.Rows; row++)
        {
            _equals[row] = Find(features, row, out UInt128 hash);
            if (_equals[row] < 0 && hash != 0)
            {
                _first.TryAdd(hash, row);
                _equals[row] = row;
            }
        }
    }

    /// <summary>Whether most rows differ: otherwise equal ones are no news.</summary>
    private bool AreMostlyDifferent => 2 * _first.Count > _equals.Length;

    /// <summary>What is to be said of equal rows.</summary>
    /// <param name="training">The training data.</param>
    /// <param name="others">Other data.</param>
    /// <param name="classes">The classes, where there are labels.</param>
    public static IEnumerable<DataRemark> Of(Dataset training, IReadOnlyList<Dataset> others, ClassList? classes)
    {
        // Nothing is remembered of many known rows where, as usual, none of few others is among them.
        if (classes is null && others is [var tests] && !AnyIsIn(tests.Features, training.Features))
            return [];
        var rows = new EqualRows(training.Features);
        if (!rows.AreMostlyDifferent)
            return [];
        List<DataRemark> remarks = classes is null ? [] : [.. rows.Contradicting(training, classes)];
        (Dataset Data, EqualRows Rows)[] known = [(training, rows)];
        foreach (Dataset other in others)
        {
            foreach ((Dataset data, EqualRows knownRows) in known)
                remarks.AddRange(knownRows.SharedWith(data, other));
            if (others.Count > 1)
                known = [.. known, (other, new EqualRows(other.Features))];
        }

        return remarks;
    }

    /// <summary>Whether the hash of any row of the first is that of one of the second.</summary>
    private static bool AnyIsIn(FeatureMatrix few, FeatureMatrix many)
    {
        if (few.Columns != many.Columns)
            return false;
        HashSet<UInt128> hashes = [];
        double[] row = new double[few.Columns];
        for (int i = 0; i < few.Rows; i++)
        {
            few.CopyRow(i, row);
            hashes.Add(HashOf(row));
        }

        int blocks = (many.Rows + RowsAtATime - 1) / RowsAtATime;
        return !Parallel.For(0, blocks, () => new double[many.Columns], (block, state, own) =>
        {
            for (int i = block * RowsAtATime; i < Math.Min(many.Rows, (block + 1L) * RowsAtATime) && !state.IsStopped; i++)
            {
                many.CopyRow(i, own);
                if (hashes.Contains(HashOf(own)))
                    state.Stop();
            }

            return own;
        }, static _ => { }).IsCompleted;
    }

    private IEnumerable<DataRemark> Contradicting(Dataset data, ClassList classes)
    {
        HashSet<int> repeated = [.. _equals.Where((first, row) => first >= 0 && first != row)];
        if (repeated.Count == 0)
            yield break;
        int[] classOf = [.. data.Labels.Select(label => classes.TryFind(label, out int c) ? c : -1)];
        int[][] groups =
        [
            .. Enumerable.Range(0, classOf.Length).Where(row => repeated.Contains(_equals[row]) && classOf[row] >= 0)
                .GroupBy(row => _equals[row])
                .Select(group => group.ToArray()).Where(group => group.Any(row => classOf[row] != classOf[group[0]])),
        ];
        if (groups.Length == 0)
            yield break;
        int[] rows = [.. groups.SelectMany(group => group).Order()];
        yield return new DataRemark(
            RemarkKind.ContradictingRows, data.Source, RemarkSeverity.Remark,
            $"{rows.Length} rows have the features of another row, but not its label: {LabelChecks.Rows(data, rows)}",
            "see which label is right: certiflip audit lists contradicted labels")
        {
            Rows = [.. rows.Select(data.NumberOf)],
            RowCount = rows.Length,
        };
    }

    private IEnumerable<DataRemark> SharedWith(Dataset own, Dataset other)
    {
        if (other.Features.Columns != own.Features.Columns)
            yield break;
        int[] shared = [.. Enumerable.Range(0, other.Features.Rows).Where(row => Find(other.Features, row, out _) >= 0)];
        if (shared.Length == 0)
            yield break;
        int all = other.Features.Rows;
        string count = shared.Length == all ? (all == 1 ? "its one row is" : $"all {all} rows are")
            : shared.Length == 1 ? $"one of {all} rows is" : $"{shared.Length} of {all} rows are";
        yield return new DataRemark(
            RemarkKind.SharedRows, other.Source, RemarkSeverity.Remark,
            $"{count} also in {own.Source}: {LabelChecks.Rows(other, shared)}",
            "accuracy on rows that were learnt from says nothing of new ones: leave them out of one of the files")
        {
            Rows = [.. shared.Select(other.NumberOf)],
            RowCount = shared.Length,
        };
    }

    /// <summary>The first row here that equals a row; −1 if none does, or if the row says nothing.</summary>
    /// <param name="features">Where the row is.</param>
    /// <param name="row">The row.</param>
    /// <param name="hash">The row in short; 0 if all its numbers are the same, as in an empty text or image.</param>
    private int Find(FeatureMatrix features, int row, out UInt128 hash)
    {
        features.CopyRow(row, _row);
        hash = 0;
        if (_row.Length > 1 && _row.AsSpan(1).IndexOfAnyExcept(_row[0]) < 0)
            return -1;
        hash = HashOf(_row);

        // Two rows with one hash of 128 bits are equal, or somebody made them so: then only the first is known.
        if (!_first.TryGetValue(hash, out int first))
            return -1;
        _features.CopyRow(first, _other);
        return _row.AsSpan().SequenceEqual(_other) ? first : -1;
    }

    private static UInt128 HashOf(Span<double> row)
    {
        // −0 equals 0.
        foreach (ref double value in row)
            value += 0.0;
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(row)) | 1;
    }
}
