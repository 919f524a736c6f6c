namespace CertiFlip.Data;

/// <summary>Something about the data that may make a result misleading, with what to do about it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Source">The file, as messages name it.</param>
/// <param name="Severity">What follows from it.</param>
/// <param name="Text">What was found: a clause without a full stop.</param>
/// <param name="Advice">What to do: a clause without a full stop.</param>
public sealed record DataRemark(RemarkKind Kind, string Source, RemarkSeverity Severity, string Text, string Advice)
{
    private const int MostRows = 100;

    /// <summary>The rows concerned, as the file numbers them from 0: the first 100.</summary>
    public IReadOnlyList<int> Rows
    {
        get;
        init => field = [.. value.Take(MostRows)];
    } = [];

    /// <summary>How many rows are concerned.</summary>
    public int RowCount { get; init; }

    /// <summary>The columns concerned: names, or numbers from 0 where the file has no names.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The remark in one line. Control characters in it are shown escaped.</summary>
    public string Line => ShownText.Escape($"{Source}: {Text}; {Advice}.");

    /// <summary>Columns that no option names and that features are not made of.</summary>
    /// <param name="source">The file.</param>
    /// <param name="why">Why, before the columns' names: "features are made of 'x' alone, and not of".</param>
    /// <param name="columns">Their names.</param>
    public static DataRemark OfPassedOver(string source, string why, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return new DataRemark(
            RemarkKind.PassedOver, source, RemarkSeverity.Remark,
            $"{why} {string.Join(", ", columns.Select(DataException.Quote))}; passed over",
            "--ignore says that columns are meant to be passed over")
        {
            Columns = columns,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Line;
}

/// <summary>What follows from a remark.</summary>
public enum RemarkSeverity
{
    /// <summary>It is said, and the work goes on.</summary>
    Remark,

    /// <summary>Going on would mislead.</summary>
    Refusal,

    /// <summary>The user knows it and goes on.</summary>
    Accepted,
}

/// <summary>A kind of remark. Scripts depend on its code.</summary>
public sealed class RemarkKind
{
    private RemarkKind(string code, bool canBeAccepted = true) => (Code, CanBeAccepted) = (code, canBeAccepted);

    /// <summary>A column numbers the rows.</summary>
    public static RemarkKind RowNumberColumn { get; } = new("row-number-column");

    /// <summary>A column has one value.</summary>
    public static RemarkKind ConstantColumn { get; } = new("constant-column");

    /// <summary>Every column has one value.</summary>
    public static RemarkKind ConstantFeatures { get; } = new("constant-features", canBeAccepted: false);

    /// <summary>A few columns have nearly all of the variance.</summary>
    public static RemarkKind DominantColumn { get; } = new("dominant-column");

    /// <summary>Labels are missing.</summary>
    public static RemarkKind MissingLabels { get; } = new("missing-labels");

    /// <summary>Labels differ in case, blanks or Unicode form only.</summary>
    public static RemarkKind LabelSpelling { get; } = new("label-spelling");

    /// <summary>One number is written in several ways.</summary>
    public static RemarkKind LabelWriting { get; } = new("label-writing");

    /// <summary>−1 may mean that a row is not labelled.</summary>
    public static RemarkKind UnlabelledMark { get; } = new("unlabelled-mark");

    /// <summary>All labels are the same.</summary>
    public static RemarkKind SingleClass { get; } = new("single-class", canBeAccepted: false);

    /// <summary>Labels are hardly ever repeated.</summary>
    public static RemarkKind UniqueLabels { get; } = new("unique-labels");

    /// <summary>A class has one row.</summary>
    public static RemarkKind SingleRowClass { get; } = new("single-row-class");

    /// <summary>One class has most of the rows.</summary>
    public static RemarkKind ImbalancedClasses { get; } = new("imbalanced-classes");

    /// <summary>A label of the test data is none of the classes.</summary>
    public static RemarkKind UnknownLabel { get; } = new("unknown-label", canBeAccepted: false);

    /// <summary>The same features have different labels.</summary>
    public static RemarkKind ContradictingRows { get; } = new("contradicting-rows");

    /// <summary>Two files share rows.</summary>
    public static RemarkKind SharedRows { get; } = new("shared-rows");

    /// <summary>One of two files has no names of columns.</summary>
    public static RemarkKind ColumnsByPosition { get; } = new("columns-by-position");

    /// <summary>A column has a level that no training row has.</summary>
    public static RemarkKind UnknownLevel { get; } = new("unknown-level");

    /// <summary>A column lacks values that all training rows have.</summary>
    public static RemarkKind FilledGaps { get; } = new("filled-gaps");

    /// <summary>Columns were passed over that no option names.</summary>
    public static RemarkKind PassedOver { get; } = new("passed-over");

    /// <summary>Something was done to read the file that its user may not expect.</summary>
    public static RemarkKind HowRead { get; } = new("how-read");

    /// <summary>A map that makes the features was trained on labels.</summary>
    public static RemarkKind MapSawLabels { get; } = new("map-saw-labels");

    /// <summary>A column says the label of nearly every row.</summary>
    public static RemarkKind LabelCopy { get; } = new("label-copy");

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<RemarkKind> All { get; } =
    [
        RowNumberColumn, ConstantColumn, ConstantFeatures, DominantColumn, MissingLabels, LabelSpelling, LabelWriting, UnlabelledMark,
        SingleClass, UniqueLabels, SingleRowClass, ImbalancedClasses, UnknownLabel, ContradictingRows, SharedRows,
        ColumnsByPosition, UnknownLevel, FilledGaps, PassedOver, HowRead, MapSawLabels, LabelCopy,
    ];

    /// <summary>Its name in options and in JSON.</summary>
    public string Code { get; }

    /// <summary>Whether a user may say that the data are meant to be so. Otherwise nothing can be computed.</summary>
    public bool CanBeAccepted { get; }

    /// <inheritdoc/>
    public override string ToString() => Code;
}
