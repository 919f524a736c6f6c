using System.Globalization;
using System.Text.RegularExpressions;
using CertiFlip.Data.Formats;

namespace CertiFlip.Data.Pipelines;

/// <summary>
/// Columns of a table as features: numbers in one unit, categories as a column for each level (one-hot), missing values
/// by a rule. Fitted to training rows, and without their labels.
/// </summary>
public sealed partial class Preprocessing : RowMap
{
    /// <summary>What model files call this kind of map.</summary>
    public const string StoredKind = "preprocessing";

    private readonly Step[] _steps;

    private Preprocessing(Step[] steps) => _steps = steps;

    /// <inheritdoc/>
    public override string Kind => StoredKind;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [.. _steps.Select(step => step.Name)];

    /// <inheritdoc/>
    public override int Features => _steps.Sum(step => step.Width);

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureNames =>
        _steps is [VectorStep] ? [] : [.. _steps.SelectMany(step => step.FeatureNames)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureColumns =>
        _steps is [VectorStep] ? [] : [.. _steps.SelectMany(step => Enumerable.Repeat(step.Name, step.Width))];

    /// <inheritdoc/>
    public override IReadOnlyList<int> RowShape => _steps is [VectorStep only] ? only.Shape : base.RowShape;

    /// <summary>Whether numbers go through as they are: no category, no missing value, no scale.</summary>
    public bool IsPlain => _steps.All(step => step is VectorStep or NumberStep { Fill: null, Mean: 0, Scale: 1 });

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            NumberStep[] numbers = [.. _steps.OfType<NumberStep>()];
            CategoryStep[] categories = [.. _steps.OfType<CategoryStep>()];
            int scaled = numbers.Count(step => step.IsScaled), filled = numbers.Count(step => step.Fill is not null);
            int vectors = _steps.OfType<VectorStep>().Sum(step => step.Width);
            IEnumerable<string> parts =
            [
                .. numbers.Length > 0 ? (string[])[Count(numbers.Length, "number", scaled == 0 ? "" : " scaled")] : [],
                .. filled > 0 ? (string[])[$"{filled} of them with gaps filled"] : [],
                .. categories.Length > 0
                    ? (string[])[$"{(categories.Length == 1 ? "1 category" : $"{categories.Length} categories")} as "
                        + Count(categories.Sum(step => step.Width), "column", "")]
                    : [],
                .. vectors > 0 ? (string[])[$"{vectors} numbers of a vector"] : [],
            ];
            return string.Join(", ", parts);
        }
    }

    /// <summary>
    /// What a feature says of its column, for people to read: a number in the column's own unit, the category that a
    /// row has, or that its value is missing. Null where a category is not the row's, or a value is not missing.
    /// </summary>
    /// <param name="feature">The feature, from 0.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such feature.</exception>
    public string? Read(int feature, double value)
    {
        int at = feature;
        foreach (Step step in _steps)
        {
            if (at >= 0 && at < step.Width)
                return step.Read(at, value);
            at -= step.Width;
        }

        throw new ArgumentOutOfRangeException(nameof(feature), feature, $"There are {Features} features.");
    }

    /// <summary>Fits the rules to training rows.</summary>
    /// <param name="training">The training rows with the columns that are to be features, and no others.</param>
    /// <param name="rules">The rules.</param>
    /// <exception cref="DataException">
    /// A rule names a column that is not there; a column holds both numbers and texts, has hardly any text twice, has
    /// no value at all, or has missing values that the rules refuse.
    /// </exception>
    public static Preprocessing Fit(Table training, PreprocessingRules rules)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Columns.Keys.FirstOrDefault(name => training.Find(name) is null) is { } absent)
        {
            throw new DataException(
                $"{training.Source}: there is no column {DataException.Quote(absent)} among the features, but the rules of preprocessing "
                + "name it; leave it out of them.");
        }

        Step[] steps = [.. training.Columns.Select(column => Fit(training, column, rules))];
        if (steps.Sum(step => (long)step.Width) * training.Rows > Array.MaxLength)
            throw TooLarge(training);
        return new Preprocessing(steps);
    }

    /// <summary>
    /// Whether a column is more likely a text to read, or an id, than a category: hardly any text comes twice.
    /// </summary>
    /// <param name="column">The column.</param>
    public static bool IsFreeText(TextColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        const int MostLevels = 1000, FewRows = 20;
        int distinct = column.Values.OfType<string>().Distinct().Count();
        return distinct > MostLevels || (distinct > FewRows && distinct > column.Rows / 2);
    }

    /// <summary>
    /// Whether a column holds both numbers and texts, and mostly numbers: an error in one cell, or codes.
    /// </summary>
    /// <param name="column">The column.</param>
    public static bool IsMostlyNumbers(TextColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        int texts = column.Values.Count(text => text is not null);
        int numbers = column.Values.Count(text => text is not null && IsNumber(text));
        return numbers > 0 && 2 * numbers >= texts;
    }

    /// <summary>
    /// Finds a value such as <c>12%</c>, <c>$1.50</c>, <c>−1</c> with U+2212 or <c>0x1F</c> in a column that holds
    /// nothing but numbers and such values.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <returns>The first such value; null where there is none, or the column holds other texts.</returns>
    public static string? MarkedNumberIn(TextColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        string[] others = [.. column.Values.OfType<string>().Distinct().Where(text => !IsNumber(text))];
        return others.All(MarkedNumber().IsMatch) ? others.FirstOrDefault() : null;
    }

    /// <summary>The values of all rows as categories: as they are written, and null where one is missing.</summary>
    /// <param name="column">A column of texts or numbers.</param>
    /// <exception cref="ArgumentException">It holds neither.</exception>
    public static IReadOnlyList<string?> LevelsOf(TableColumn column) => column switch
    {
        TextColumn texts => [.. texts.Values.Select(text => text is null || MissingCell.IsOne(text) ? null : text)],
        NumberColumn numbers => Array.ConvertAll(
            numbers.Values.ToArray(), value => double.IsNaN(value) ? null : value.ToString("R", CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"Column '{column.Name}' has no categories.", nameof(column)),
    };

    /// <inheritdoc/>
    public override FeatureMatrix Transform(Table table, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        if (_steps is [VectorStep only])
            return only.Of(table);
        int width = Features;
        if ((long)width * table.Rows > Array.MaxLength)
            throw TooLarge(table);
        double[] features = new double[width * table.Rows];
        int at = 0;
        foreach (Step step in _steps)
        {
            parallel?.CancellationToken.ThrowIfCancellationRequested();
            step.Write(table, features, width, at);
            at += step.Width;
        }

        return new FeatureMatrix(table.Rows, width, features);
    }

    /// <inheritdoc/>
    public override IEnumerable<DataRemark> RemarksOn(Table table) => _steps.SelectMany(step => step.RemarksOn(table));

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("kinds", [.. _steps.Select(step => step switch
        {
            NumberStep => "number",
            CategoryStep => "category",
            VectorStep => "vector",
            _ => throw new System.Diagnostics.UnreachableException(),
        })]);
        arrays.Add("columns", [.. _steps.Select(step => step.Name)]);
        foreach ((int index, Step step) in _steps.Index())
        {
            var own = new ModelArrays();
            step.Store(own);
            arrays.AddPart($"{index}", own);
        }
    }

    /// <summary>Restores a preprocessing: it makes the same bits.</summary>
    /// <param name="arrays">What <see cref="Store"/> made.</param>
    /// <exception cref="ArgumentException">Something is missing, or does not fit together.</exception>
    public static Preprocessing Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        string[] kinds = arrays.Texts("kinds"), names = arrays.Texts("columns");
        if (names.Length == 0 || names.Length != kinds.Length || names.Distinct().Count() != names.Length)
            throw new ArgumentException("The columns are not as many different ones as their kinds.", nameof(arrays));
        return new Preprocessing([.. names.Select((name, index) => kinds[index] switch
        {
            "number" => (Step)NumberStep.Restore(name, arrays.Part($"{index}")),
            "category" => CategoryStep.Restore(name, arrays.Part($"{index}")),
            "vector" => VectorStep.Restore(name, arrays.Part($"{index}")),
            var other => throw new ArgumentException($"There is no kind of column '{other}'.", nameof(arrays)),
        })]);
    }

    private static Step Fit(Table training, TableColumn column, PreprocessingRules rules)
    {
        ColumnKind? stated = rules.Columns.GetValueOrDefault(column.Name)?.Kind;
        return (column, stated) switch
        {
            (VectorColumn vectors, null) => new VectorStep(vectors.Name, vectors.Values.Columns, vectors.RowShape),
            (NumberColumn numbers, null or ColumnKind.Number) => NumberStep.Fit(training, numbers, rules),
            (NumberColumn or TextColumn, ColumnKind.Category) => CategoryStep.Fit(training, column, rules),
            (TextColumn texts, null) => CategoryStep.Fit(training, Checked(training, texts), rules),
            (TextColumn texts, ColumnKind.Number) => throw NotANumber(training, texts, "as the rules of preprocessing say"),
            (ImageColumn, _) => throw new DataException(
                $"{training.Source}: images need a map that makes features of them: --map MODEL.onnx, or for small images of one size "
                + "--map patches:200."),
            _ => throw new DataException(
                $"{training.Source}: column {DataException.Quote(column.Name)} holds neither numbers nor categories; pass over it with "
                + "--ignore."),
        };
    }

    /// <summary>A column of texts that nobody said to be categories, where it looks like them.</summary>
    private static TextColumn Checked(Table training, TextColumn column)
    {
        string name = DataException.Quote(column.Name);
        if (MarkedNumberIn(column) is { } marked)
        {
            throw new DataException(
                $"{training.Source}: column {name} holds numbers that are not plainly written, such as {DataException.Quote(marked)}; "
                + $"write them as 12.5, -1 or 31, or say that these are names with --category {column.Name}.");
        }

        if (IsMostlyNumbers(column))
        {
            int row = Enumerable.Range(0, column.Rows).First(row => column.Values[row] is { } text && !IsNumber(text));
            throw new DataException(
                $"{training.PlaceOf(row)}: {DataException.Quote(column.Values[row]!)} in column {name} is not a number, but most of the "
                + $"column is; correct it, or say that these are names with --category {column.Name}.");
        }

        return IsFreeText(column)
            ? throw new DataException(
                $"{training.Source}: column {name} has {column.Values.Distinct().Count():N0} different texts in {column.Rows:N0} rows, "
                + $"so it is no category; pass over it with --ignore {column.Name}, or make features of it with --text {column.Name} --map "
                + "latent-semantics.")
            : column;
    }

    private static DataException NotANumber(Table table, TextColumn column, string why)
    {
        int row = LevelsOf(column).Index().First(level => level.Item is { } text && !IsNumber(text)).Index;
        return new DataException(
            $"{table.PlaceOf(row)}: {DataException.Quote(column.Values[row]!)} in column {DataException.Quote(column.Name)} is not a "
            + $"number; one is expected, {why}.");
    }

    private static string Lacking(string column, int gaps) =>
        $"column {DataException.Quote(column)} lacks {(gaps == 1 ? "a value" : $"{gaps} values")}, and no training row lacks one";

    private static DataException TooLarge(Table table) =>
        new($"{table.Source}: its features are more numbers than fit in one matrix; use fewer rows or columns.");

    [GeneratedRegex(
        @"^[+\-\u2212]?\s*(0[xX][0-9a-fA-F]+|(\p{Sc}\s*)?[+\-\u2212]?([0-9]+|[0-9]{1,3}([,' ][0-9]{3})+)?([.,][0-9]+)?"
        + @"(?<=[0-9])\.?([eE][+\-\u2212]?[0-9]+)?\s*[%‰\p{Sc}]?)$")]
    private static partial Regex MarkedNumber();

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) is 0 or (>= 1e-3 and < 1e7) ? "#,0.####" : "G4", CultureInfo.InvariantCulture);

    private static string Count(int count, string noun, string end) => $"{count} {noun}{(count == 1 ? "" : "s")}{end}";

    private static DataException Missing(Table table, int row, string column) => new(
        $"{table.PlaceOf(row)}: the cell of column {DataException.Quote(column)} is empty; drop or fill in such rows, or let "
        + "--preprocess auto fill gaps by the median.");

    /// <summary>What becomes of one column.</summary>
    private abstract class Step(string name)
    {
        public string Name => name;

        public abstract int Width { get; }

        public abstract IEnumerable<string> FeatureNames { get; }

        /// <inheritdoc cref="Preprocessing.Read"/>
        public abstract string? Read(int at, double value);

        /// <summary>Writes the column's features into a matrix.</summary>
        /// <param name="table">The rows.</param>
        /// <param name="features">The matrix, row by row, all zeros.</param>
        /// <param name="width">Its columns.</param>
        /// <param name="at">The first of them to write.</param>
        public abstract void Write(Table table, double[] features, int width, int at);

        public abstract IEnumerable<DataRemark> RemarksOn(Table table);

        public abstract void Store(ModelArrays arrays);
    }

    /// <summary>A number: (x − mean) / scale, and 1 in a second column where it was missing, if there is one.</summary>
    private sealed class NumberStep(string name, double? fill, bool hasIndicator, double mean, double scale, bool refuses) : Step(name)
    {
        public double? Fill => fill;

        public double Mean => mean;

        public double Scale => scale;

        public bool IsScaled => mean != 0 || scale != 1;

        public override int Width => hasIndicator ? 2 : 1;

        public override IEnumerable<string> FeatureNames => hasIndicator ? [Name, $"{Name} is missing"] : [Name];

        public override string? Read(int at, double value) =>
            at == 0 ? Number((value * scale) + mean) : value > 0 ? "missing" : null;

        public static NumberStep Fit(Table training, NumberColumn column, PreprocessingRules rules)
        {
            MissingRule rule = rules.MissingOf(column.Name);
            double[] present = [.. column.Values.ToArray().Where(double.IsFinite)];
            if (present.Length == 0)
            {
                throw new DataException(
                    $"{training.Source}: column {DataException.Quote(column.Name)} has no value in any row; pass over it with --ignore "
                    + $"{column.Name}.");
            }

            bool anyGap = present.Length < column.Rows;
            if (anyGap && rule == MissingRule.Refuse)
                throw Missing(training, column.Values.IndexOf(double.NaN), column.Name);

            // Filled in also where only later rows lack it; the second column is for what training rows lacked.
            double fill = rule == MissingRule.MostFrequent
                ? present.CountBy(value => value).OrderByDescending(value => value.Value).ThenBy(value => value.Key).First().Key
                : MedianOf(present);
            double[] filled = anyGap ? Array.ConvertAll(column.Values.ToArray(), value => double.IsNaN(value) ? fill : value) : present;
            (double mean, double scale) = rules.ScaleOf(column.Name) == ScaleRule.Standard ? MeanAndScale(filled) : (0, 1);
            if (!double.IsFinite(mean) || !double.IsFinite(scale))
            {
                throw new DataException(
                    $"{training.Source}: the numbers of column {DataException.Quote(column.Name)} are too large to be scaled; divide them "
                    + "first.");
            }

            return new NumberStep(
                column.Name, anyGap ? fill : null, anyGap && rule == MissingRule.Median, mean, scale, rule == MissingRule.Refuse)
            {
                LaterFill = fill,
            };
        }

        public double LaterFill { get; private init; }

        public static NumberStep Restore(string name, ModelArrays arrays) => arrays.Doubles("values") switch
        {
            [var later, var fill, var indicator, var mean, var scale, var refuses]
                when double.IsFinite(later) && double.IsFinite(mean) && double.IsFinite(scale) && scale > 0
                && indicator is 0 or 1 && refuses is 0 or 1 =>
                new NumberStep(name, double.IsNaN(fill) ? null : fill, indicator == 1, mean, scale, refuses == 1) { LaterFill = later },
            _ => throw new ArgumentException($"The numbers of column '{name}' do not fit together.", nameof(arrays)),
        };

        public override void Store(ModelArrays arrays) =>
            arrays.Add("values", [LaterFill, fill ?? double.NaN, hasIndicator ? 1 : 0, mean, scale, refuses ? 1 : 0]);

        public override void Write(Table table, double[] features, int width, int at)
        {
            if (table.Find(Name) is TextColumn texts && LevelsOf(texts).Any(text => text is not null && !IsNumber(text)))
                throw NotANumber(table, texts, "as in the training rows");
            ReadOnlySpan<double> values = table.Find(Name) is TextColumn written
                ? [.. LevelsOf(written).Select(text => text is null ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture))]
                : Column<NumberColumn>(table, Name, "numbers, as in the training rows").Values;
            for (int row = 0; row < values.Length; row++)
            {
                bool isMissing = double.IsNaN(values[row]);
                if (isMissing && refuses)
                    throw Missing(table, row, Name);
                double number = ((isMissing ? LaterFill : values[row]) - mean) / scale;
                features[(row * width) + at] = double.IsFinite(number)
                    ? number
                    : throw new DataException($"{table.PlaceOf(row)}: the number of column {DataException.Quote(Name)} is too large.");
                if (isMissing && hasIndicator)
                    features[(row * width) + at + 1] = 1;
            }
        }

        public override IEnumerable<DataRemark> RemarksOn(Table table)
        {
            if (fill is not null || table.Find(Name) is not NumberColumn column)
                return [];
            int[] gaps = [.. Enumerable.Range(0, column.Rows).Where(row => double.IsNaN(column.Values[row]))];
            return gaps.Length == 0
                ? []
                : [
                    new DataRemark(
                        RemarkKind.FilledGaps, table.Source, RemarkSeverity.Remark,
                        $"{Lacking(Name, gaps.Length)}; "
                        + $"{LaterFill.ToString("R", CultureInfo.InvariantCulture)} stands in there",
                        "fill them in if you know better")
                    {
                        Rows = gaps, RowCount = gaps.Length, Columns = [Name],
                    },
                ];
        }

        private static double MedianOf(double[] present)
        {
            double[] sorted = [.. present.Order()];
            double upper = sorted[sorted.Length / 2], lower = sorted[(sorted.Length - 1) / 2];
            return lower == upper ? lower : (lower / 2) + (upper / 2);
        }

        private static (double Mean, double Scale) MeanAndScale(double[] values)
        {
            var scaler = CertiFlip.Features.StandardScaler.Fit(new FeatureMatrix(values.Length, 1, values));
            return (scaler.Means[0], scaler.Scales[0]);
        }
    }

    /// <summary>
    /// A category: 1 in the column of its level, 0 in all others; a level that is not known is 0 in all.
    /// </summary>
    private sealed class CategoryStep : Step
    {
        private readonly string[] _levels;
        private readonly int _missing;
        private readonly Dictionary<string, int> _places;

        /// <param name="name">The column's name.</param>
        /// <param name="levels">The levels in order.</param>
        /// <param name="hasMissing">Whether the last level is that of missing values.</param>
        /// <param name="missing">The level of a missing value; −1 where there is none, −2 where it is refused.</param>
        private CategoryStep(string name, string[] levels, bool hasMissing, int missing)
            : base(name)
        {
            (_levels, HasMissingLevel, _missing) = (levels, hasMissing, missing);
            _places = levels.Index().ToDictionary(level => level.Item, level => level.Index, StringComparer.Ordinal);
        }

        private const int None = -1, Refused = -2;

        private bool HasMissingLevel { get; }

        public override int Width => _levels.Length + (HasMissingLevel ? 1 : 0);

        public override IEnumerable<string> FeatureNames =>
            [.. _levels.Select(level => $"{Name}={level}"), .. HasMissingLevel ? (string[])[$"{Name} is missing"] : []];

        public override string? Read(int at, double value) => value <= 0 ? null : at < _levels.Length ? _levels[at] : "missing";

        public static CategoryStep Fit(Table training, TableColumn column, PreprocessingRules rules)
        {
            string name = column.Name;
            IReadOnlyList<string?> values = LevelsOf(column);
            MissingRule rule = rules.MissingOf(name);
            string[] levels = [.. values.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            if (levels.Length == 0)
            {
                throw new DataException(
                    $"{training.Source}: column {DataException.Quote(name)} has no value in any row; pass over it with --ignore {name}.");
            }

            int gap = Enumerable.Range(0, values.Count).FirstOrDefault(row => values[row] is null, -1);
            if (gap >= 0 && rule == MissingRule.Refuse)
                throw Missing(training, gap, name);
            int frequent = Array.IndexOf(
                levels,
                values.OfType<string>().CountBy(level => level).OrderByDescending(level => level.Value)
                    .ThenBy(level => level.Key, StringComparer.Ordinal).First().Key);
            bool hasMissing = gap >= 0 && rule == MissingRule.Median;
            return new CategoryStep(name, levels, hasMissing, rule switch
            {
                MissingRule.Median => hasMissing ? levels.Length : None,
                MissingRule.MostFrequent => frequent,
                MissingRule.Refuse => Refused,
                _ => throw new ArgumentOutOfRangeException(nameof(rules)),
            });
        }

        public static CategoryStep Restore(string name, ModelArrays arrays)
        {
            string[] levels = arrays.Texts("levels");
            int[] missing = arrays.Integers("missing");
            return levels.Length > 0 && levels.Distinct().Count() == levels.Length
                && missing is [0 or 1, >= Refused] && missing[1] < levels.Length + missing[0]
                ? new CategoryStep(name, levels, missing[0] == 1, missing[1])
                : throw new ArgumentException($"The levels of column '{name}' do not fit together.", nameof(arrays));
        }

        public override void Store(ModelArrays arrays)
        {
            arrays.Add("levels", _levels);
            arrays.Add("missing", [HasMissingLevel ? 1 : 0, _missing]);
        }

        public override void Write(Table table, double[] features, int width, int at)
        {
            IReadOnlyList<string?> values = LevelsOf(Column<TableColumn>(table, Name, "categories"));
            for (int row = 0; row < values.Count; row++)
            {
                int level = values[row] is { } text ? _places.GetValueOrDefault(text, None) : _missing;
                if (level == Refused)
                    throw Missing(table, row, Name);
                if (level != None)
                    features[(row * width) + at + level] = 1;
            }
        }

        public override IEnumerable<DataRemark> RemarksOn(Table table)
        {
            const int MostShown = 3;
            if (table.Find(Name) is not (TextColumn or NumberColumn) || LevelsOf(table.Find(Name)!) is not { } values)
                yield break;
            int[] unknown =
                [.. Enumerable.Range(0, values.Count).Where(row => values[row] is { } text && !_places.ContainsKey(text))];
            int[] gaps = _missing == None ? [.. Enumerable.Range(0, values.Count).Where(row => values[row] is null)] : [];
            if (gaps.Length > 0)
            {
                yield return new DataRemark(
                    RemarkKind.FilledGaps, table.Source, RemarkSeverity.Remark,
                    $"{Lacking(Name, gaps.Length)}: all columns of its "
                    + "levels are 0 there",
                    "fill them in if you know better")
                {
                    Rows = gaps,
                    RowCount = gaps.Length,
                    Columns = [Name],
                };
            }

            string[] shown = [.. unknown.Select(row => values[row]!).Distinct().Order(StringComparer.Ordinal)];
            if (unknown.Length == 0)
                yield break;
            yield return new DataRemark(
                RemarkKind.UnknownLevel, table.Source, RemarkSeverity.Remark,
                $"column {DataException.Quote(Name)} has {(shown.Length == 1 ? "a level" : $"{shown.Length} levels")} that no training row "
                + $"has ({string.Join(", ", shown.Take(MostShown).Select(DataException.Quote))}{(shown.Length > MostShown ? ", …" : "")}) "
                + $"in {(unknown.Length == 1 ? "1 row" : $"{unknown.Length} rows")}: all columns of its levels are 0 there",
                "check their spelling, or train on rows that have them")
            {
                Rows = unknown,
                RowCount = unknown.Length,
                Columns = [Name],
            };
        }
    }

    /// <summary>The numbers of a vector, as they are.</summary>
    private sealed class VectorStep(string name, int width, IReadOnlyList<int> shape) : Step(name)
    {
        public IReadOnlyList<int> Shape => shape;

        public override int Width => width;

        public override IEnumerable<string> FeatureNames => Enumerable.Range(0, width).Select(index => $"{Name}[{index}]");

        public override string? Read(int at, double value) => Number(value);

        public static VectorStep Restore(string name, ModelArrays arrays) =>
            arrays.Integers("shape") is { Length: > 0 } shape && Array.TrueForAll(shape, length => length > 0)
                ? new VectorStep(name, shape.Aggregate(1, (product, length) => checked(product * length)), shape)
                : throw new ArgumentException($"The shape of column '{name}' is missing.", nameof(arrays));

        public FeatureMatrix Of(Table table)
        {
            FeatureMatrix values = Column<VectorColumn>(table, Name, "vectors").Values;
            return values.Columns == width
                ? values
                : throw new DataException(
                    $"{table.Source}: column {DataException.Quote(Name)} has vectors of {values.Columns} numbers, but {width} are "
                    + "expected, as in the training rows.");
        }

        public override void Store(ModelArrays arrays) => arrays.Add("shape", [.. shape]);

        public override void Write(Table table, double[] features, int rowWidth, int at)
        {
            FeatureMatrix values = Of(table);
            for (int row = 0; row < values.Rows; row++)
                values.CopyRow(row, features.AsSpan((row * rowWidth) + at, width));
        }

        public override IEnumerable<DataRemark> RemarksOn(Table table) => [];
    }
}
