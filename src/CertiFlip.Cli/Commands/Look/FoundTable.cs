using System.Globalization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Data.Pipelines;

namespace CertiFlip.Cli.Commands.Look;

/// <summary>A table as it was found: what its columns are, and which of them the labels may be.</summary>
internal sealed class FoundTable
{
    // A column of so many different values is one of labels.
    private const int MostClasses = 50, MostCodes = 20;

    // Columns of so few names each may be several people's votes, where they agree beyond chance.
    private const int MostVoted = 10;
    private const double LeastKappa = 0.2;

    // Texts of fewer letters beside other features are names of things.
    private const int ShortText = 40;

    // Beyond so many rows, each left out in turn takes long.
    private const int MostLeftOut = 5000;
    private const int Components = 100;

    private const string NoHeader = "--header none", Latin = "latin-1", DecimalComma = "--decimal comma", Semicolons = "--delimiter ';'";

    // The column that numbers rows where nothing else is said of it.
    private const string RowNumbers = "row";

    private static readonly string[] WithoutHeader = NoHeader.Split(' ');

    // The first of these names say it for sure.
    private const int SureNames = 5;

    private static readonly string[] LabelNames =
        ["label", "labels", "target", "class", "y", "category", "sentiment", "species", "outcome", "survived", "diagnosis", "v1"];

    // Beside those of labels, names of numbers to predict.
    private static readonly string[] NumberNames = ["price", "saleprice", "medv", "medhouseval", "value", "quality", "rating", "score"];

    private static readonly string[] IdNames = ["id", "index", "row", "key", "uid", "uuid", "unnamed: 0", "path"];

    private readonly IReadOnlyList<string> _reading;

    private FoundTable(string path, Table table, IReadOnlyList<string> reading)
    {
        (Path, Table, _reading) = (path, table, reading);
        Columns = [.. table.Columns.Select(column => new FoundColumn(column))];
        FoundColumn? named = NamedAs(LabelNames, column => column.CanBeLabels(MostClasses));
        FoundColumn? number = named is null ? NamedAs([.. LabelNames, .. NumberNames], column => column.CanBeNumbers(MostClasses)) : null;
        OnlyClass = named is null && number is null ? NamedAs(LabelNames[..SureNames], column => column.Levels.Count == 1) : null;
        IsRegression = number is not null;
        Label = named ?? number ?? (OnlyClass is null ? LikelyLabel() : null);
        Voters = LikelyVoters();
        FoundColumn[] others = [.. Columns.Where(column => column != Label && column != OnlyClass && !Voters.Contains(column))];
        Id = others.FirstOrDefault(column => column.IsId(IdNames))
            ?? others.FirstOrDefault(column => column.AreNames && column.IsDistinct && !column.AreDates);
        FoundColumn[] left = [.. others.Where(column => column != Id)];
        bool hasVectors = left.Any(column => column.Column is VectorColumn), hasImages = left.Any(column => column.IsImages);
        Text = hasVectors || hasImages ? null : TextAmong(left);
        Ignored =
        [
            .. left.Where(column => column.Name == RowNumbers || column.IsEmpty
                || (Text is null && !hasVectors && !hasImages && (column.IsText || column.AreNames || column.Unplain is not null))),
        ];
        HasFeatures = left.Except(Ignored).Any();
    }

    public string Path { get; }

    public Table Table { get; }

    public IReadOnlyList<FoundColumn> Columns { get; }

    /// <summary>The column that labels are likely to be in; null where there is none.</summary>
    public FoundColumn? Label { get; }

    /// <summary>
    /// The columns that may be several people's votes, that of <see cref="Label"/> among them; empty where there are
    /// none.
    /// </summary>
    public IReadOnlyList<FoundColumn> Voters { get; }

    /// <summary>The column that says what rows are called; null where there is none.</summary>
    public FoundColumn? Id { get; }

    /// <summary>A column that is named as labels are, of which all are the same; null where there is none.</summary>
    public FoundColumn? OnlyClass { get; }

    /// <summary>Whether the labels are numbers to predict.</summary>
    public bool IsRegression { get; }

    /// <summary>The column of texts that features are made of; null where other columns are features.</summary>
    public FoundColumn? Text { get; }

    /// <summary>The columns that no features can be made of as they are.</summary>
    public IReadOnlyList<FoundColumn> Ignored { get; }

    /// <summary>Whether there is a column that features can be made of.</summary>
    public bool HasFeatures { get; }

    /// <summary>Reads a file as it wants to be read.</summary>
    /// <param name="path">The file, or a part of one.</param>
    /// <exception cref="DataException">It holds no table.</exception>
    public static FoundTable Read(string path)
    {
        // Kept as it is, so that it is seen.
        var options = new TableOptions { AsText = [RowNumbers] };
        List<string> reading = [];
        while (true)
        {
            try
            {
                var found = new FoundTable(path, InputTables.Read(path, options), reading);

                // A name that is also a value is no name.
                bool isNamed = !found.Table.HasNames || options.HasHeader == false
                    || !found.Columns.Any(column => column.Levels.Count <= MostClasses && column.Levels.ContainsKey(column.Name));
                if (isNamed)
                    return found;
                (options, reading) = (options with { HasHeader = false }, [.. reading, .. WithoutHeader]);
            }
            catch (DataException exception) when (options.Encoding is null && exception.Message.Contains("UTF-8", StringComparison.Ordinal))
            {
                (options, reading) = (options with { Encoding = TableOptions.EncodingNamed(Latin) }, [.. reading, "--encoding", Latin]);
            }
            catch (DataException exception) when (options.HasHeader is null
                && exception.Message.Contains(NoHeader, StringComparison.Ordinal))
            {
                (options, reading) = (options with { HasHeader = false }, [.. reading, .. WithoutHeader]);
            }
            catch (DataException exception) when (options.Delimiter is null
                && exception.Message.Contains(Semicolons, StringComparison.Ordinal))
            {
                (options, reading) = (options with { Delimiter = ';' }, [.. reading, "--delimiter", "semicolon"]);
            }
            catch (DataException exception) when (!options.DecimalComma
                && exception.Message.Contains($"say so with {DecimalComma} (", StringComparison.Ordinal))
            {
                (options, reading) = (options with { DecimalComma = true }, [.. reading, .. DecimalComma.Split(' ')]);
            }
            catch (DataException exception) when (exception.Message.Contains("--", StringComparison.Ordinal))
            {
                throw new DataException($"{exception.Message} (Options are those of certify and audit; look has none.)", exception);
            }
        }
    }

    /// <summary>The words of a command that certifies it, the labels' column left out where there is none.</summary>
    /// <param name="test">Other rows of the same kind, where there are some.</param>
    /// <param name="model">A model that makes features of images, where one was found.</param>
    public IReadOnlyList<string> Command(string? test, string? model)
    {
        bool hasImages = Columns.Any(column => column.IsImages), needsLabel = Label is not null && Label.Name != LabelNames[0];
        int components = Math.Clamp(Table.Rows / 4, 1, Components);
        bool needsPart = test is null && (Table.Rows > MostLeftOut || IsRegression);
        return
        [
            "--train", Path, .. test is null ? [] : (string[])["--test", test],
            .. IsRegression ? (string[])["--task", "regression"] : [],
            .. Voters.Count > 0 ? ["--votes", string.Join(',', Voters.Select(column => column.Name))]
                : needsLabel ? (string[])["--label", Label!.Name]
                : [],
            .. IsRegression ? (string[])["--tolerance", Label!.Tenth, "--label-range", Label.Range] : [],
            .. Label?.HasGaps == true && !IsRegression && Voters.Count == 0 ? (string[])["--missing-labels", "drop"] : [],
            .. _reading,
            .. Id is null || hasImages ? [] : (string[])["--id", Id.Name],
            .. Ignored.Count == 0 ? [] : (string[])["--ignore", string.Join(',', Ignored.Select(column => column.Name))],
            .. hasImages ? ["--map", model ?? "MODEL.onnx"]
                : Text is null ? []
                : (string[])["--text", Text.Name, "--map", string.Create(CultureInfo.InvariantCulture, $"latent-semantics:{components}")],
            .. needsPart ? (string[])["--holdout", "0.2"] : [],
        ];
    }

    /// <summary>The column of texts that features are made of; null where other columns are features.</summary>
    private static FoundColumn? TextAmong(FoundColumn[] features)
    {
        FoundColumn[] texts = [.. features.Where(column => column.IsText)];
        int others = features.Count(column => !column.IsText && !column.AreNames && !column.IsEmpty);
        return texts.Length == 0 ? null
            : texts.MaxBy(column => column.MeanLength) is { } longest && (longest.MeanLength > ShortText || others < 2) ? longest
            : null;
    }

    /// <summary>
    /// The columns whose names are all among those of one of them, and that agree with it beyond chance.
    /// </summary>
    private FoundColumn[] LikelyVoters()
    {
        FoundColumn[] named =
        [
            .. Columns.Where(column => column is
            {
                Column: TextColumn,
                Levels.Count: >= 1 and <= MostVoted,
                IsText: false,
                AreNames: false,
            }),
        ];
        if (Label is null || LabelNames.Contains(Label.Name, StringComparer.OrdinalIgnoreCase) || !named.Contains(Label))
            return [];
        FoundColumn widest = named.Where(column => Label.Levels.Keys.All(column.Levels.ContainsKey)).MaxBy(column => column.Levels.Count)!;
        FoundColumn[] voters =
        [
            .. named.Where(column => column.Levels.Keys.All(widest.Levels.ContainsKey)
                && (column == widest || !(column.KappaWith(widest) < LeastKappa))),
        ];
        return voters.Length > 1 && voters.Contains(Label) ? voters : [];
    }

    private FoundColumn? NamedAs(string[] names, Func<FoundColumn, bool> fits) =>
        names.SelectMany(name => Columns.Where(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(fits);

    private FoundColumn? LikelyLabel()
    {
        FoundColumn[] columns = [.. Columns.Where(column => column.Name != RowNumbers)];
        return columns.LastOrDefault(column => column.Column is TextColumn && column.CanBeLabels(MostClasses))
            ?? columns.LastOrDefault(column => column.Column is NumberColumn && column.CanBeLabels(MostCodes));
    }
}

/// <summary>A column as it was found.</summary>
internal sealed class FoundColumn
{
    private const int FewestWords = 3;

    private readonly int _gaps;
    private readonly bool _isWhole, _isFree;
    private readonly double _meanWords;
    private readonly IReadOnlyList<string?> _texts;

    public FoundColumn(TableColumn column)
    {
        Column = column;
        IReadOnlyList<string?> texts = _texts = column switch
        {
            TextColumn or NumberColumn => Preprocessing.LevelsOf(column),
            _ => [],
        };
        _gaps = texts.Count(text => text is null);
        Levels = texts.OfType<string>().CountBy(text => text).ToDictionary();
        IsDistinct = Levels.Count == column.Rows;
        _isWhole = column is NumberColumn numbers && numbers.Values.ToArray().All(number => number == Math.Floor(number));
        _isFree = column is TextColumn free && Preprocessing.IsFreeText(free);
        _meanWords = column is TextColumn ? texts.OfType<string>().DefaultIfEmpty("").Average(CountWords) : 0;
        Unplain = column is not TextColumn mixed ? null
            : Preprocessing.MarkedNumberIn(mixed)
                ?? (Preprocessing.IsMostlyNumbers(mixed) ? texts.OfType<string>().FirstOrDefault(text => !IsNumber(text)) : null);
        MeanLength = column is TextColumn ? texts.OfType<string>().DefaultIfEmpty("").Average(text => text.Length) : 0;
    }

    public TableColumn Column { get; }

    public string Name => Column.Name;

    /// <summary>Its different values, and how many rows have each.</summary>
    public IReadOnlyDictionary<string, int> Levels { get; }

    /// <summary>Whether it holds texts to read: of several words, and hardly any comes twice.</summary>
    public bool IsText => _isFree && _meanWords >= FewestWords;

    /// <summary>Whether it holds names, codes or dates, of which hardly any comes twice.</summary>
    public bool AreNames => _isFree && _meanWords < FewestWords;

    /// <summary>Whether it holds dates.</summary>
    public bool AreDates => Column is TextColumn && Levels.Count > 0
        && Levels.Keys.All(text => DateTime.TryParse(text, CultureInfo.InvariantCulture, out _));

    /// <summary>Whether no value comes twice, and none is missing.</summary>
    public bool IsDistinct { get; }

    /// <summary>Whether values are missing.</summary>
    public bool HasGaps => _gaps > 0;

    /// <summary>A value that keeps a column from being one of numbers; null where that is not so.</summary>
    public string? Unplain { get; }

    /// <summary>How many letters its texts have.</summary>
    public double MeanLength { get; }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Column is TextColumn or NumberColumn && Levels.Count == 0;

    /// <summary>Whether it holds images.</summary>
    public bool IsImages => Column is ImageColumn;

    /// <summary>Whether it may be labels: a few different values, each several times.</summary>
    public bool CanBeLabels(int most) => Levels.Count >= 2 && Levels.Count <= most && Levels.Count <= Column.Rows / 2
        && (Column is TextColumn || _isWhole) && _gaps < Column.Rows / 2;

    /// <summary>Whether it may be numbers to predict: many different ones, and none is missing.</summary>
    public bool CanBeNumbers(int fewest) => Column is NumberColumn && Levels.Count > fewest && _gaps == 0;

    /// <summary>From its least number to its largest.</summary>
    public string Range
    {
        get
        {
            double[] values = ((NumberColumn)Column).Values.ToArray();
            return string.Create(CultureInfo.InvariantCulture, $"{values.Min():R},{values.Max():R}");
        }
    }

    /// <summary>About a tenth of the standard deviation of its numbers, as a round number.</summary>
    public string Tenth
    {
        get
        {
            double[] values = ((NumberColumn)Column).Values.ToArray();
            double mean = values.Average(), tenth = Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / 10;
            double unit = Math.Pow(10, Math.Floor(Math.Log10(tenth)));
            return (Math.Round(tenth / unit) * unit).ToString("G6", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Whether it says what rows are called.</summary>
    public bool IsId(string[] names) => IsDistinct && Column.Rows > 2
        && (Column is TextColumn ? MeanLength < 40 && Levels.Keys.All(text => !text.Contains(' ', StringComparison.Ordinal)) : _isWhole)
        && (names.Contains(Name, StringComparer.OrdinalIgnoreCase) || Name.EndsWith("Id", StringComparison.Ordinal)
            || Name.EndsWith("_id", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Cohen's kappa, how far it agrees with another column beyond chance; NaN where chance would agree always, or no
    /// row has a value in both.
    /// </summary>
    public double KappaWith(FoundColumn other)
    {
        (string?, string?)[] both = [.. _texts.Zip(other._texts).Where(pair => pair is { First: not null, Second: not null })];
        var own = both.CountBy(pair => pair.Item1!).ToDictionary();
        var its = both.CountBy(pair => pair.Item2!).ToDictionary();
        double rows = both.Length, agreeing = both.Count(pair => pair.Item1 == pair.Item2) / rows;
        double chance = own.Sum(level => level.Value / rows * (its.GetValueOrDefault(level.Key) / rows));
        return (agreeing - chance) / (1 - chance);
    }

    /// <summary>What it is.</summary>
    public string Kind => Column switch
    {
        VectorColumn { RowShape.Count: > 1 } shaped => $"{string.Join("×", shaped.RowShape)} numbers",
        VectorColumn vectors => Wording.Count(vectors.Values.Columns, "number"),
        ImageColumn => "image",
        _ when IsEmpty => "empty",
        NumberColumn => "number",
        _ => IsText ? "text" : AreNames ? "name" : "category",
    };

    /// <summary>What is in it.</summary>
    public string Contents => Column switch
    {
        NumberColumn numbers when !IsEmpty =>
            $"{NumericData.Shown(numbers.Values.ToArray().Where(double.IsFinite).Min())} to "
                + NumericData.Shown(numbers.Values.ToArray().Where(double.IsFinite).Max()),
        TextColumn when IsText => Levels.Keys.First(),
        TextColumn when !IsEmpty => $"{Wording.Count(Levels.Count, "name")}: {string.Join(", ", Counts(4).Select(level => level.Key))}",
        _ => "",
    };

    /// <summary>How many rows have nothing in it.</summary>
    public string Gaps => _gaps == 0 || IsEmpty ? "" : $"{_gaps:N0}";

    /// <summary>The commonest values, with how many rows have each.</summary>
    public IEnumerable<KeyValuePair<string, int>> Counts(int most) =>
        Levels.OrderByDescending(level => level.Value).ThenBy(level => level.Key, StringComparer.Ordinal).Take(most);

    private static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static bool IsNumber(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out _);
}
