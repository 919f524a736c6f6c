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

    private const string NoHeader = "--header none", Latin = "latin-1";

    private static readonly string[] WithoutHeader = NoHeader.Split(' ');

    private static readonly string[] LabelNames =
        ["label", "labels", "target", "class", "y", "category", "sentiment", "species", "outcome", "survived", "diagnosis", "v1"];

    private static readonly string[] IdNames = ["id", "index", "row", "key", "uid", "uuid", "unnamed: 0", "path"];

    private readonly IReadOnlyList<string> _reading;

    private FoundTable(string path, Table table, IReadOnlyList<string> reading)
    {
        (Path, Table, _reading) = (path, table, reading);
        Columns = [.. table.Columns.Select(column => new FoundColumn(column))];
        Label = LikelyLabel();
        Voters = LikelyVoters();
        Id = Columns.FirstOrDefault(column => column != Label && !Voters.Contains(column) && column.IsId(IdNames));
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

    /// <summary>Reads a file as it wants to be read.</summary>
    /// <param name="path">The file, or a part of one.</param>
    /// <exception cref="DataException">It holds no table.</exception>
    public static FoundTable Read(string path)
    {
        var options = new TableOptions();
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
        }
    }

    /// <summary>The words of a command that certifies it, the labels' column left out where there is none.</summary>
    /// <param name="test">Other rows of the same kind, where there are some.</param>
    /// <param name="model">A model that makes features of images, where one was found.</param>
    public IReadOnlyList<string> Command(string? test, string? model)
    {
        FoundColumn[] features = [.. Columns.Where(column => column != Label && column != Id && !Voters.Contains(column))];
        FoundColumn? text = TextAmong(features);
        bool hasVectors = features.Any(column => column.Column is VectorColumn), hasImages = features.Any(column => column.IsImages);
        string[] ignored =
        [
            .. features.Where(column => column.IsEmpty || (text is null && !hasVectors && !hasImages && column.IsFreeText))
                .Select(column => column.Name),
        ];
        int components = Math.Clamp(Table.Rows / 4, 1, Components);
        bool needsPart = test is null && Table.Rows > MostLeftOut;
        return
        [
            "--train", Path, .. test is null ? [] : (string[])["--test", test],
            .. Voters.Count > 0 ? ["--votes", string.Join(',', Voters.Select(column => column.Name))]
                : Label is null || Label.Name == LabelNames[0] ? []
                : (string[])["--label", Label.Name],
            .. _reading,
            .. Id is null || hasImages ? [] : (string[])["--id", Id.Name],
            .. ignored.Length == 0 ? [] : (string[])["--ignore", string.Join(',', ignored)],
            .. hasImages ? ["--map", model ?? "MODEL.onnx"]
                : text is null || hasVectors ? []
                : (string[])["--text", text.Name, "--map", string.Create(CultureInfo.InvariantCulture, $"latent-semantics:{components}")],
            .. needsPart ? (string[])["--holdout", "0.2"] : [],
        ];
    }

    /// <summary>The column of texts that features are made of; null where other columns are features.</summary>
    private static FoundColumn? TextAmong(FoundColumn[] features)
    {
        FoundColumn[] texts = [.. features.Where(column => column.IsFreeText)];
        int others = features.Count(column => !column.IsFreeText && !column.IsEmpty);
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
            .. Columns.Where(column => column is { Column: TextColumn, Levels.Count: >= 1 and <= MostVoted, IsFreeText: false }),
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

    private FoundColumn? LikelyLabel()
    {
        foreach (string name in LabelNames)
        {
            if (Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
                && column.CanBeLabels(MostClasses))
                is { } named)
                return named;
        }

        return Columns.LastOrDefault(column => column.Column is TextColumn && column.CanBeLabels(MostClasses))
            ?? Columns.LastOrDefault(column => column.Column is NumberColumn && column.CanBeLabels(MostCodes));
    }
}

/// <summary>A column as it was found.</summary>
internal sealed class FoundColumn
{
    private readonly int _gaps;
    private readonly bool _isWhole, _isDistinct;
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
        _isDistinct = Levels.Count == column.Rows;
        _isWhole = column is NumberColumn numbers && numbers.Values.ToArray().All(number => number == Math.Floor(number));
        IsFreeText = column is TextColumn free && Preprocessing.IsFreeText(free);
        MeanLength = column is TextColumn ? texts.OfType<string>().DefaultIfEmpty("").Average(text => text.Length) : 0;
    }

    public TableColumn Column { get; }

    public string Name => Column.Name;

    /// <summary>Its different values, and how many rows have each.</summary>
    public IReadOnlyDictionary<string, int> Levels { get; }

    /// <summary>Whether it holds texts to read, not names.</summary>
    public bool IsFreeText { get; }

    /// <summary>How many letters its texts have.</summary>
    public double MeanLength { get; }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Column is TextColumn or NumberColumn && Levels.Count == 0;

    /// <summary>Whether it holds images.</summary>
    public bool IsImages => Column is ImageColumn;

    /// <summary>Whether it may be labels: a few different values, each several times.</summary>
    public bool CanBeLabels(int most) => Levels.Count >= 2 && Levels.Count <= most && Levels.Count <= Column.Rows / 2
        && (Column is TextColumn || _isWhole) && _gaps < Column.Rows / 2;

    /// <summary>Whether it says what rows are called.</summary>
    public bool IsId(string[] names) => _isDistinct && Column.Rows > 2
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
        _ => IsFreeText ? "text" : "category",
    };

    /// <summary>What is in it.</summary>
    public string Contents => Column switch
    {
        NumberColumn numbers when !IsEmpty =>
            $"{NumericData.Shown(numbers.Values.ToArray().Where(double.IsFinite).Min())} to "
                + NumericData.Shown(numbers.Values.ToArray().Where(double.IsFinite).Max()),
        TextColumn when IsFreeText => Levels.Keys.First(),
        TextColumn when !IsEmpty => $"{Wording.Count(Levels.Count, "name")}: {string.Join(", ", Counts(4).Select(level => level.Key))}",
        _ => "",
    };

    /// <summary>How many rows have nothing in it.</summary>
    public string Gaps => _gaps == 0 || IsEmpty ? "" : $"{_gaps:N0}";

    /// <summary>The commonest values, with how many rows have each.</summary>
    public IEnumerable<KeyValuePair<string, int>> Counts(int most) =>
        Levels.OrderByDescending(level => level.Value).ThenBy(level => level.Key, StringComparer.Ordinal).Take(most);
}
