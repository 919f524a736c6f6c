using System.Globalization;
using CertiFlip.Data.Pipelines;

namespace CertiFlip.Data;

/// <summary>Features as they were read from one file, with their labels where the file holds them.</summary>
/// <param name="Features">n×k features, one row per example.</param>
/// <param name="Source">Where the data came from, as messages name it: a path.</param>
public sealed record Dataset(FeatureMatrix Features, string Source)
{
    /// <summary>The n×k features, one row per example.</summary>
    public FeatureMatrix Features { get; } = Features;

    /// <summary>Where the data came from, as messages name it: a path.</summary>
    public string Source { get; } = Source;

    /// <summary>Names of the k columns in order; empty for formats without names.</summary>
    /// <exception cref="ArgumentException">There are names, but not k of them.</exception>
    public IReadOnlyList<string> FeatureNames
    {
        get;
        init => field = value.Count == 0 || value.Count == Features.Columns
            ? value
            : throw new ArgumentException($"{Features.Columns} columns cannot have {value.Count} names.", nameof(value));
    } = [];

    /// <summary>
    /// The n labels in the order of the rows, as text and spelled as they came in; empty when there are none.
    /// </summary>
    /// <exception cref="ArgumentException">There are labels, but not n of them.</exception>
    public IReadOnlyList<string> Labels
    {
        get;
        init => field = value.Count == 0 || value.Count == Features.Rows
            ? value
            : throw new ArgumentException($"{Features.Rows} rows cannot have {value.Count} labels.", nameof(value));
    } = [];

    /// <summary>
    /// The lengths of a row's dimensions as the file gives them: k, or the height and the width of images (IDX). Empty
    /// if they are not known, as in model files of earlier versions.
    /// </summary>
    /// <exception cref="ArgumentException">Rows of this shape do not have k numbers.</exception>
    public IReadOnlyList<int> RowShape
    {
        get;
        init => field = PixelShape.Holds(value, Features.Columns)
            ? value
            : throw new ArgumentException($"Rows of {string.Join(" × ", value)} have not {Features.Columns} numbers.", nameof(value));
    } = [Features.Columns];

    /// <summary>
    /// Where the labels came from, as messages name it; <see cref="Source"/> unless they are in a file of their own.
    /// </summary>
    public string LabelSource { get; init; } = Source;

    /// <summary>How many rows the source has, where these are only the first of them; otherwise n.</summary>
    public int RowsInSource { get; init; } = Features.Rows;

    /// <summary>
    /// The number of each row in the source, from 0, where some were left out; empty where row i is the source's i-th.
    /// </summary>
    /// <exception cref="ArgumentException">There are numbers, but not n of them.</exception>
    public IReadOnlyList<int> RowNumbers
    {
        get;
        init => field = value.Count == 0 || value.Count == Features.Rows
            ? value
            : throw new ArgumentException($"{Features.Rows} rows cannot have {value.Count} numbers.", nameof(value));
    } = [];

    /// <summary>The line of the file that each row ends on, from 1, in formats of text; empty otherwise.</summary>
    public IReadOnlyList<int> LinesOfRows { get; init; } = [];

    /// <summary>The columns of the source that were passed over.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

    /// <summary>
    /// What the user calls each row, by a column of the file; empty where rows are called by their numbers.
    /// </summary>
    /// <exception cref="ArgumentException">There are ids, but not n of them.</exception>
    public IReadOnlyList<string> Ids
    {
        get;
        init => field = value.Count == 0 || value.Count == Features.Rows
            ? value
            : throw new ArgumentException($"{Features.Rows} rows cannot have {value.Count} ids.", nameof(value));
    } = [];

    /// <summary>
    /// How the features were made of the rows of the file; null where they are the file's own numbers.
    /// </summary>
    public Pipeline? Pipeline { get; init; }

    /// <summary>
    /// The rows as the file has them, all <see cref="RowsInSource"/>, for people to look at; null where they were not
    /// kept.
    /// </summary>
    public Table? Raw { get; init; }

    /// <summary>Which labels somebody has verified; null where none are known to be.</summary>
    public VerifiedLabels? Verified { get; init; }

    /// <summary>What there is to say of how the rows were read and what was made of them.</summary>
    public IReadOnlyList<DataRemark> Remarks { get; init; } = [];

    /// <summary>The votes that the labels come from, by the rows of the source; null where there are none.</summary>
    public CollectedVotes? Votes { get; init; }

    /// <summary>Whether the rows are labelled.</summary>
    public bool HasLabels => Labels.Count > 0;

    /// <summary>Rows of a file with features that a pipeline makes of them.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="pipeline">What makes the features.</param>
    /// <param name="features">The features, where they were made before.</param>
    /// <param name="progress">Is told what is being done, as in <see cref="Pipelines.Pipeline.Fit"/>.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <exception cref="DataException">The rows cannot be mapped.</exception>
    public static Dataset Of(
        Table table, Pipeline pipeline, FeatureMatrix? features = null, Func<string, int, IProgress<int>?>? progress = null,
        ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(pipeline);
        TableColumn[] shown = [.. table.Columns.Where(column => column is not NumberColumn)];
        return new Dataset(features ?? pipeline.Transform(table, progress, parallel), table.Source)
        {
            FeatureNames = pipeline.FeatureNames,
            RowShape = pipeline.RowShape,
            LinesOfRows = table.LinesOfRows,
            IgnoredColumns = table.IgnoredColumns,
            Ids = pipeline.IdColumn is { } id && table.Find(id) is not null ? Pipeline.IdsOf(table, id) : [],
            Pipeline = pipeline,
            Raw = shown.Length > 0 ? table.With(shown) : null,
            Remarks =
            [
                .. table.Notes.Select(note => new DataRemark(
                    RemarkKind.HowRead, table.Source, RemarkSeverity.Remark, note, "options of reading say otherwise where that is wrong")),
                .. pipeline.Rows.RemarksOn(table),
            ],
        };
    }

    /// <summary>The same rows, labelled by a separate file.</summary>
    /// <param name="labels">n labels in the order of the rows.</param>
    /// <param name="labelSource">The file the labels came from, as messages name it.</param>
    /// <exception cref="DataException">
    /// There are not n labels, or the rows already have labels of their own.
    /// </exception>
    public Dataset WithLabels(IReadOnlyList<string> labels, string labelSource)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (HasLabels)
            throw new DataException($"{labelSource}: {Source} already holds labels; use one or the other.");
        if (labels.Count != Features.Rows)
        {
            throw new DataException(
                $"{labelSource}: holds {labels.Count} labels, but {Source} holds {Features.Rows} rows; there must be one label per row.");
        }
        return this with { Labels = labels, LabelSource = labelSource };
    }

    /// <summary>Features and labels as a certifier takes them.</summary>
    /// <param name="classes">The list of classes. If not given, it is read off the labels.</param>
    /// <exception cref="DataException">
    /// There are no labels, an empty one, one that a stated list lacks, or without a stated list fewer than two
    /// classes.
    /// </exception>
    public TrainingSet ToTrainingSet(ClassList? classes = null)
    {
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels(this, classes);
        return new TrainingSet(Features, new ClassLabels(encoding.Encode(this), encoding.Classes));
    }

    /// <summary>The n labels as numbers, for a regression; empty when there are none.</summary>
    /// <exception cref="DataException">A label is not a finite number.</exception>
    public double[] LabelsAsNumbers() =>
    [
        .. Labels.Select((label, row) =>
            double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number
                : throw new DataException(
                    $"{PlaceOfLabel(row)}: the label {DataException.Quote(label)} is not a number; expected one with a decimal point, such "
                    + "as 12.5.")),
    ];

    /// <summary>Where the label of a row is, as messages name it: the file, and the line or the row.</summary>
    /// <param name="row">The row here, from 0.</param>
    public string PlaceOfLabel(int row) => LabelSource == Source && LinesOfRows.Count > 0
        ? $"{LabelSource}, line {LinesOfRows[row]}"
        : $"{LabelSource}, row {NumberOf(row)} (from 0)";

    /// <summary>The number of a row in the source, from 0: what messages and results call it.</summary>
    /// <param name="row">The row here, from 0.</param>
    public int NumberOf(int row) => RowNumbers.Count > 0 ? RowNumbers[row] : row;

    /// <summary>
    /// What outputs call a row: its id where rows have ids, otherwise its number in the source, from 0.
    /// </summary>
    /// <param name="row">The row here, from 0.</param>
    public string NameOf(int row) => Ids.Count > 0 ? Ids[row] : NumberOf(row).ToString(CultureInfo.InvariantCulture);

    /// <summary>The rows by their ids, of the whole source where it is known; null where rows have no ids.</summary>
    public RowIds? RowIds
    {
        get
        {
            if (Ids.Count == 0)
                return null;
            string column = Pipeline?.IdColumn ?? RowIds.UsualColumn;
            IEnumerable<(int Row, string Id)> all = Raw?.Find(column) is null
                ? Ids.Index().Select(id => (NumberOf(id.Index), id.Item))
                : Pipeline.IdsOf(Raw, column).Index();
            return new RowIds(column, all.ToDictionary(row => row.Id, row => row.Row));
        }
    }

    /// <summary>The first rows alone, with their labels.</summary>
    /// <param name="rows">How many, at least 0; all if there are no more.</param>
    public Dataset Take(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        return rows >= Features.Rows ? this : Select([.. Enumerable.Range(0, rows)]) with { RowNumbers = [.. RowNumbers.Take(rows)] };
    }

    /// <summary>Some of the rows, with their labels and their numbers in the source.</summary>
    /// <param name="rows">Which, from 0, in rising order.</param>
    public Dataset Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlyList<T> Chosen<T>(IReadOnlyList<T> all) => all.Count == 0 ? all : [.. rows.Select(row => all[row])];
        return new Dataset(Features.SelectRows([.. rows]), Source)
        {
            FeatureNames = FeatureNames,
            Labels = Chosen(Labels),
            LabelSource = LabelSource,
            RowShape = RowShape,
            RowsInSource = RowsInSource,
            RowNumbers = [.. rows.Select(NumberOf)],
            IgnoredColumns = IgnoredColumns,
            LinesOfRows = Chosen(LinesOfRows),
            Ids = Chosen(Ids),
            Pipeline = Pipeline,
            Raw = Raw,
            Remarks = Remarks,
            Verified = Verified,
            Votes = Votes,
        };
    }

    /// <summary>
    /// Splits the rows at random, without a look at labels or features: which rows are held out follows from the seed
    /// and the number of rows alone.
    /// </summary>
    /// <param name="rows">How many rows to hold out, at least 1 and fewer than n.</param>
    /// <param name="seed">What the draw follows from.</param>
    /// <returns>
    /// The rows that are left, and those held out, both in the order of the file with their numbers there.
    /// </returns>
    public (Dataset Training, Dataset HeldOut) HoldOut(int rows, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows, Features.Rows);
        (int[] kept, int[] heldOut) = Split(Features.Rows, rows, seed);
        return (Select(kept), Select(heldOut));
    }

    /// <summary>
    /// Splits row numbers at random, without a look at anything: which are kept and which are held out.
    /// </summary>
    /// <param name="rows">n, how many there are.</param>
    /// <param name="heldOut">How many are held out, from 1 to n − 1.</param>
    /// <param name="seed">Which; the same seed gives the same rows.</param>
    /// <returns>Both in rising order.</returns>
    public static (int[] Kept, int[] HeldOut) Split(int rows, int heldOut, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heldOut, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(heldOut, rows);
        ulong start = Mixed(seed);
        int[] order = [.. Enumerable.Range(0, rows).OrderBy(row => Mixed(start + (ulong)row)).ThenBy(row => row)];
        return ([.. order.Skip(heldOut).Order()], [.. order.Take(heldOut).Order()]);

        // SplitMix64 (Steele, Lea and Flood 2014), the same on every machine and in every version.
        static ulong Mixed(ulong value)
        {
            unchecked
            {
                value = (value + 1) * 0x9E3779B97F4A7C15UL;
                value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
                value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
                return value ^ (value >> 31);
            }
        }
    }

    /// <summary>The same rows with other features.</summary>
    /// <param name="features">As many rows and columns.</param>
    internal Dataset WithFeatures(FeatureMatrix features) => new(features, Source)
    {
        FeatureNames = FeatureNames,
        Labels = Labels,
        LabelSource = LabelSource,
        RowShape = RowShape,
        RowsInSource = RowsInSource,
        RowNumbers = RowNumbers,
        IgnoredColumns = IgnoredColumns,
        LinesOfRows = LinesOfRows,
        Ids = Ids,
        Pipeline = Pipeline,
        Raw = Raw,
        Verified = Verified,
        Votes = Votes,
    };
}

/// <summary>Which labels somebody has verified.</summary>
/// <param name="Source">The file that says so.</param>
/// <param name="Rows">The rows, numbered from 0 as in the file of the data, rising.</param>
public sealed record VerifiedLabels(string Source, IReadOnlyList<int> Rows)
{
    /// <summary>How many of these labels were wrong, and are changed.</summary>
    public int Changed { get; init; }

    /// <summary>How many suggested rows nobody has looked at yet.</summary>
    public int Open { get; init; }
}
