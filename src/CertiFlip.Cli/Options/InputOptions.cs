using System.CommandLine;
using System.Text;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Data.Pipelines;
using CertiFlip.Onnx;

namespace CertiFlip.Cli.Options;

/// <summary>
/// The options that say how files are read, which of their columns are features, and what makes features of them.
/// </summary>
internal sealed class InputOptions
{
    private const string Auto = "auto", Plain = "none", Comma = "comma", Point = "point", First = "first";
    private const string UsualLabel = "label", UsualText = "text", UsualPath = "path";

    private readonly Option<IReadOnlyList<string>?> _features = Names(
        "--features", "The columns that are features, separated by commas; all others are passed over. [default: all but label and id]");

    private readonly Option<string> _id = new("--id")
    {
        Description = "A column that says what each row is called: the id stands in outputs instead of the row's number, and is no "
            + "feature.",
        HelpName = "NAME",
    };

    private readonly Option<string> _text = new("--text")
    {
        Description = "The column of texts: what a map of texts reads, and what the report shows. [default: text]",
        HelpName = "NAME",
    };

    private readonly Option<IReadOnlyList<string>?> _categories = Names(
        "--category", "Columns whose values are names, even where they look like numbers: codes, for example.");

    private readonly Option<IReadOnlyList<string>?> _pairs = new("--pairs")
    {
        Description = "Rows are pairs of items, and features their differences: what the names of the first item's columns begin with, "
            + "and those of the second item's, such as a_,b_ or chosen,rejected. With --head pairs, for preferences.",
        HelpName = "A,B",
        CustomParser = result => OptionValue.Parse<IReadOnlyList<string>?>(
            result, "two beginnings of columns' names with a comma between them",
            text => text.Split(',') is [{ Length: > 0 } first, { Length: > 0 } second] && first != second ? [first, second] : null),
    };

    private readonly Option<string> _preprocess = new("--preprocess")
    {
        Description = "What is done with columns: auto makes a column for each level of a category, fills gaps by the median with a column "
            + "that says so, and brings numbers to one unit; none takes numbers as they are; or a .json file of rules. It sees no label. "
            + "[default: auto where there are categories or gaps, otherwise none]",
        HelpName = "WHAT",
        CompletionSources = { Choices.PathOr(Choices.Path.File, Auto, Plain) },
    };

    private readonly Option<IReadOnlyList<string>?> _maps = new("--map")
    {
        Description = "What makes features of texts, images or numbers: the name of a map (latent-semantics, principal-components, …; :N "
            + "after it is the number of features, :NAME=VALUE an option of features fit), a map that features fit saved, or an "
            + "ONNX model (.onnx). Repeat it: each takes what the one before makes.",
        HelpName = "MAP",
        CompletionSources = { Choices.OneOf(() => MapSteps.Names, Choices.Path.PerhapsFile) },
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => OptionValue.ParseEach(
            result,
            $"a file, or one of {string.Join(", ", MapSteps.Names)}, with :N after it for N features, or :NAME=VALUE",
            MapSteps.Checked),
    };

    private readonly Option<IReadOnlyList<string>?> _mapOptions = OnnxOptions.Settings();
    private readonly Option<string> _cache = OnnxOptions.Cache();

    private readonly Option<string> _header = Words(
        "--header",
        "Whether the first line of a text file names the columns: first, or none, and they are c1, c2, … [default: found out]",
        [First, Plain]);

    private readonly Option<string> _delimiter = new("--delimiter")
    {
        Description = "What stands between cells: a letter, or comma, semicolon, tab, bar, blank. [default: by the file]",
        HelpName = "WHAT",
        CompletionSources = { Choices.OneOf(Comma, "semicolon", "tab", "bar", "blank") },
        CustomParser = result => OptionValue.Parse(
            result, "one letter, or comma, semicolon, tab, bar or blank", text => DelimiterOf(text) is null ? null : text),
    };

    private readonly Option<string> _encoding = new("--encoding")
    {
        Description = "How text without a byte order mark is written: utf-8, latin-1, windows-1252, utf-16 and others. [default: utf-8]",
        HelpName = "NAME",
        CompletionSources = { Choices.OneOf("utf-8", "latin-1", "windows-1252", "utf-16") },
        CustomParser = result => OptionValue.Parse(
            result, "the name of an encoding, such as latin-1", text => EncodingOf(text) is null ? null : text),
    };

    private readonly Option<string> _decimal = Words(
        "--decimal", "What numbers have before their fraction: point or comma. [default: point]", [Point, Comma]);

    /// <summary>The column of texts.</summary>
    public Option<string> Text => _text;

    /// <summary>Whether other options name files that have the column of texts.</summary>
    public Func<ParseResult, bool> IsTextElsewhere { get; set; } = _ => false;

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
        [_id, _features, _text, _categories, _pairs, _preprocess, _maps, _mapOptions, _cache, _header, _delimiter, _encoding, _decimal];

    /// <summary>What a trained model has settled.</summary>
    public IEnumerable<Option> OfTraining => [_id, _features, _categories, _pairs, _preprocess, _maps, _mapOptions];

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) =>
    [
        .. (parsed.GetValue(_maps) ?? []).Where(MapSteps.IsFile),
        .. parsed.GetValue(_preprocess) is { } rules and not (Auto or Plain) ? (string[])[rules] : [],
    ];

    /// <summary>Reads training data and fits the pipeline to them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">The files, and how their labels are found.</param>
    /// <param name="fittedTo">The rows that the pipeline is fitted to, from 0; null for all.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <exception cref="DataException">
    /// They cannot be read, have no labels, or no features can be made of them.
    /// </exception>
    public Dataset ReadTraining(
        ParseResult parsed, LabelledSource source, Func<Table, IReadOnlyList<int>?> fittedTo, IWorkProgress progress)
    {
        ParallelOptions parallel = CommandOptions.Parallel(parsed);
        PreprocessingRules? stated = StatedRules(parsed);
        TableOptions reading = ReadingFrom(parsed, source);
        reading = reading with { AsText = [.. reading.AsText, .. CategoriesOf(stated)] };
        Table table = Read(source, reading, progress);
        string? id = parsed.GetValue(_id) ?? (table.Columns.Any(column => column is ImageColumn) && table.Find(UsualPath) is not null
            ? UsualPath
            : null);
        IReadOnlyList<string> ids = id is null ? [] : Pipeline.IdsOf(table, id);
        CollectedVotes? votes = source.Votes?.Invoke(table, ids);
        IReadOnlyList<string> labels = LabelsOf(
            table, votes is null ? source : source with { Labels = votes.Labels }, id, isNeeded: true);
        string labelColumn = source.LabelColumn;
        TableColumn[] candidates = [.. table.Columns.Where(
            column => column.Name != labelColumn && column.Name != id && !source.VoteColumns.Contains(column.Name))];
        var maps = new MapSteps(
            table, candidates, name => TextColumnOf(parsed, table, candidates, name)!, parsed.GetValue(_mapOptions) ?? [],
            CacheFrom(parsed));
        MapStep[] steps = [.. maps.Read(parsed.GetValue(_maps) ?? [], progress)];
        if (parsed.GetValue(_pairs) is [var first, var second])
        {
            CommandOptions.RefuseGiven(
                parsed, [_features, _categories, _preprocess, _maps], $"{_pairs.Name}, which takes the differences of numbers as they are");
            steps = [new RowStep(PairDifferences.Of(table.With(candidates), first, second))];
        }

        TableColumn[] features = FeaturesAmong(parsed, table, candidates, steps, maps.Columns, out string[] passedOver);
        if (votes is not null)
            RefuseVotesAmong(parsed, table, features, votes);
        var sparse = features.OfType<VectorColumn>().FirstOrDefault(column => column.FirstIndex is not null);
        bool isUsual = steps.Length == 0 && id is null && sparse is null
            && ((Option[])[_features, _text, _categories, _preprocess, _header, _delimiter, _encoding, _decimal])
                .All(option => !CommandOptions.IsGiven(parsed, option));
        bool needsWork = features.Any(column => column is TextColumn or NumberColumn { HasGaps: true });
        PreprocessingRules rules = RulesFor(steps, stated, needsWork);
        if (needsWork && isUsual && features.OfType<TextColumn>().Any(Preprocessing.IsMostlyNumbers))
            source.ReadStrictly(reading.Ignored);
        if (needsWork && rules == PreprocessingRules.None && steps.Length == 0)
            source.ReadStrictly(reading.Ignored);
        (Pipeline pipeline, FeatureMatrix made) =
            Pipeline.Fit(
                table.With(features), steps, rules, TextColumnOf(parsed, table, candidates, null), fittedTo(table), Counted(progress),
                parallel);
        pipeline = pipeline with
        {
            ReadAs = reading with
            {
                AsText = [.. reading.AsText, .. features.OfType<TextColumn>().Select(column => column.Name)],
                SparseColumns = sparse?.Values.Columns,
                FirstIndex = sparse?.FirstIndex,
            },
            IdColumn = id,
            PassedOver = passedOver,
        };
        Dataset data = Dataset.Of(table, pipeline, made);
        if (isUsual && passedOver.Length == 0 && pipeline.Rows is Preprocessing { IsPlain: true })
            data = data with { Pipeline = null };
        data = Labelled(data, labels, source);
        return votes is null ? data : data with { Votes = votes, LabelSource = votes.Source };
    }

    /// <summary>Reads other rows, whose features are made like those of training rows.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="source">The files, and how their labels are found.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <exception cref="DataException">They cannot be read, or lack a column.</exception>
    public Dataset ReadOther(
        ParseResult parsed, Dataset training, LabelledSource source, IWorkProgress progress)
    {
        TableOptions reading = ReadingFrom(parsed, source);
        if (training.Pipeline is { } fitted)
        {
            TableOptions usual = fitted.ReadAs;
            reading = reading with
            {
                Ignored = [.. reading.Ignored.Union(usual.Ignored)],
                AsText = [.. reading.AsText.Union(usual.AsText)],
                HasHeader = reading.HasHeader ?? usual.HasHeader,
                Delimiter = reading.Delimiter ?? usual.Delimiter,
                Encoding = reading.Encoding ?? usual.Encoding,
                DecimalComma = CommandOptions.IsGiven(parsed, _decimal) ? reading.DecimalComma : usual.DecimalComma,
                SparseColumns = usual.SparseColumns,
                FirstIndex = usual.FirstIndex,
            };
        }

        // One archive may hold both.
        if (source.Path == training.Source)
            source = source with { Path = InputTables.TestPartOf(source.Path) };
        Table table = Read(source, reading, progress);
        IReadOnlyList<string> labels =
            LabelsOf(table, source, training.Pipeline?.IdColumn is { } id && table.Find(id) is not null ? id : null, isNeeded: false);
        Dataset data;
        if (training.Pipeline is { } pipeline)
        {
            data = Dataset.Of(table, pipeline, progress: Counted(progress), parallel: CommandOptions.Parallel(parsed));
            string[] known =
                [.. pipeline.Rows.Columns, .. pipeline.PassedOver, source.LabelColumn, pipeline.IdColumn ?? "", .. reading.AsText];
            string[] others = [.. table.Columns.Select(column => column.Name).Except(known)];
            if (others.Length > 0 && pipeline.Rows is Preprocessing)
                data = data with { Remarks = [.. data.Remarks, DataRemark.OfPassedOver(source.Path, "training rows have no", others)] };
        }
        else
        {
            string labelColumn = source.LabelColumn;
            TableColumn[] features = [.. table.Columns.Where(column => column.Name != labelColumn)];
            if (features.Any(column => column is TextColumn or NumberColumn { HasGaps: true }))
                source.ReadStrictly(reading.Ignored);
            var plain = new Pipeline(Preprocessing.Fit(table.With(features), PreprocessingRules.None));
            data = Dataset.Of(table, plain) with { Pipeline = null };
        }

        return DataColumns.Of(training).Align(Labelled(data, labels, source));
    }

    /// <summary>Refuses a column that looks like one more person's votes, unless it is named as a feature.</summary>
    private void RefuseVotesAmong(ParseResult parsed, Table table, TableColumn[] features, CollectedVotes votes)
    {
        string[] meant = [.. parsed.GetValue(_features) ?? [], .. parsed.GetValue(_categories) ?? []];
        foreach (TextColumn column in features.OfType<TextColumn>().Where(column => !meant.Contains(column.Name)))
        {
            string[] levels = [.. Preprocessing.LevelsOf(column).OfType<string>().Distinct()];
            if (levels.Length > 0 && levels.All(level => votes.Votes.Classes.TryFind(level, out _)))
            {
                throw new DataException(
                    $"{table.Source}: column '{column.Name}' holds names of classes only: add it to --votes, or pass over it with --ignore "
                    + $"{column.Name}; if it is a feature, name it with --category {column.Name}.");
            }
        }
    }

    private static Dataset Labelled(Dataset data, IReadOnlyList<string> labels, LabelledSource source) =>
        data with { Labels = labels, LabelSource = source.LabelPath ?? source.Path };

    /// <summary>Where rows are kept that ONNX models computed; null where they are not to be kept.</summary>
    public FeatureCache? CacheFrom(ParseResult parsed) => OnnxOptions.CacheOf(parsed.GetValue(_cache));

    private static Func<string, int, IProgress<int>?> Counted(IWorkProgress progress) => (stage, rows) =>
    {
        if (rows > 0)
            return progress.ReportCount($"{stage}:", rows, "rows");
        progress.Report(stage);
        return null;
    };

    private static Table Read(LabelledSource source, TableOptions reading, IWorkProgress progress)
    {
        progress.Report($"reading {source.Path}");
        return InputTables.Read(source.Path, reading);
    }

    private TableOptions ReadingFrom(ParseResult parsed, LabelledSource source) => new()
    {
        Ignored = source.Ignored,
        AsText =
        [
            source.LabelColumn, .. source.VoteColumns, .. ((string?[])[parsed.GetValue(_id), parsed.GetValue(_text)]).OfType<string>(),
            .. parsed.GetValue(_categories) ?? [],
        ],
        HasHeader = parsed.GetValue(_header) switch
        {
            First => true,
            Plain => false,
            _ => null,
        },
        Delimiter = parsed.GetValue(_delimiter) is { } delimiter ? DelimiterOf(delimiter) : null,
        Encoding = parsed.GetValue(_encoding) is { } encoding ? EncodingOf(encoding) : null,
        DecimalComma = parsed.GetValue(_decimal) == Comma,
    };

    /// <summary>The rules for these steps: a saved map of numbers was fitted to numbers as they are.</summary>
    private static PreprocessingRules RulesFor(MapStep[] steps, PreprocessingRules? stated, bool needsWork)
    {
        if (steps is not [NumberStep { Map.Choice.Name: var name }, ..])
            return stated ?? (needsWork ? new PreprocessingRules() : PreprocessingRules.None);
        return stated is null || stated == PreprocessingRules.None
            ? PreprocessingRules.None
            : throw new UsageException(
                $"--preprocess and --category do not go with a saved map of numbers ({name}), which was fitted to numbers as they are: "
                + "leave them out.");
    }

    /// <summary>The columns that rules say to be categories: they are read as they are written.</summary>
    private static IEnumerable<string> CategoriesOf(PreprocessingRules? rules) =>
        (rules?.Columns ?? new Dictionary<string, ColumnRules>())
            .Where(column => column.Value.Kind == ColumnKind.Category).Select(column => column.Key);

    /// <summary>The rules that the user wrote; null where there are none.</summary>
    private PreprocessingRules? StatedRules(ParseResult parsed)
    {
        PreprocessingRules? rules = parsed.GetValue(_preprocess) switch
        {
            Auto => new PreprocessingRules(),
            Plain => PreprocessingRules.None,
            { } path => PreprocessingRules.Read(path),
            null => null,
        };
        if (parsed.GetValue(_categories) is not { } categories)
            return rules;
        rules ??= new PreprocessingRules();
        if (rules == PreprocessingRules.None)
            throw new UsageException("--category has no effect with --preprocess none: leave one of them out.");
        var columns = rules.Columns.ToDictionary();
        foreach (string name in categories)
            columns[name] = columns.GetValueOrDefault(name, new ColumnRules()) with { Kind = ColumnKind.Category };
        return rules with { Columns = columns };
    }

    /// <summary>The columns that features are made of.</summary>
    private TableColumn[] FeaturesAmong(
        ParseResult parsed, Table table, TableColumn[] candidates, MapStep[] steps, IReadOnlyList<string> columnsOfMap,
        out string[] passedOver)
    {
        passedOver = [];
        string[] read = steps switch
        {
            [RowStep { Map: var map }, ..] => [.. map.Columns],
            [FitStep { Map: Features.TextMapChoice }, ..] => [TextColumnOf(parsed, table, candidates, "--map")!],
            [NumberStep, ..] => [.. columnsOfMap],
            _ => [],
        };
        if (parsed.GetValue(_features) is { } names)
        {
            if (read.Length > 0 && names.Except(read).FirstOrDefault() is { } unread)
            {
                throw new UsageException(
                    $"--features names '{unread}', but the first --map reads {string.Join(", ", read.Select(name => $"'{name}'"))} alone: "
                    + "leave it out.");
            }

            return [.. names.Select(name => candidates.FirstOrDefault(column => column.Name == name) ?? throw new DataException(
                $"{table.Source}: there is no column '{name}' that could be a feature, but --features names it."))];
        }

        if (read.Length > 0)
        {
            passedOver = [.. candidates.Select(column => column.Name).Except(read)];
            return [.. read.Select(name => candidates.FirstOrDefault(column => column.Name == name) ?? throw new DataException(
                $"{table.Source}: there is no column '{name}', which the first --map was fitted to."))];
        }

        // Beside a vector, numbers and texts are what it was made of, or its ids.
        TableColumn[] vectors = [.. candidates.Where(column => column is VectorColumn)];
        if (vectors.Length == 1 && candidates.Length > 1)
        {
            passedOver = [.. candidates.Except(vectors).Select(column => column.Name)];
            return vectors;
        }

        // A text that was named is shown, and is no category.
        candidates = [.. candidates.Where(column => column.Name != parsed.GetValue(_text))];
        return candidates.Length > 0
            ? candidates
            : throw new DataException($"{table.Source}: there is no column that could be a feature.");
    }

    /// <summary>
    /// The column of texts: the one that was named, the usual one, or the only one that is read as text.
    /// </summary>
    private string? TextColumnOf(ParseResult parsed, Table table, TableColumn[] candidates, string? wantedBy)
    {
        if (parsed.GetValue(_text) is { } named)
        {
            if (wantedBy is null && table.Find(named) is null && IsTextElsewhere(parsed))
                return null;
            return table.Find(named) is TextColumn
                ? named
                : throw new DataException($"{table.Source}: there is no column '{named}' of texts; --text names it.");
        }

        TextColumn[] texts = [.. candidates.OfType<TextColumn>()];
        string? found = texts.Any(column => column.Name == UsualText) ? UsualText
            : texts is [var only] ? only.Name
            : texts.Where(Preprocessing.IsFreeText).ToArray() is [var free] ? free.Name : null;
        return found ?? (wantedBy is null
            ? null
            : throw new DataException(
                $"{table.Source}: {wantedBy} takes texts, and it is not clear which column holds them; name it with --text."));
    }

    private static IReadOnlyList<string> LabelsOf(Table table, LabelledSource source, string? id, bool isNeeded)
    {
        string name = source.LabelColumn;
        if (source.Labels is { } voted)
        {
            return table.Find(name) is null && source.LabelPath is null
                ? voted
                : throw new DataException(
                    $"{source.LabelPath ?? source.Path}: there are labels beside the votes; use one or the other"
                    + $"{(source.LabelPath is null ? $", such as with --ignore {name}" : "")}.");
        }

        if (table.Columns.FirstOrDefault(column => column.Name != name && column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            is { } similar && table.Find(name) is null)
        {
            throw new DataException(
                $"{table.Source}: column '{similar.Name}' is spelled like the label column '{name}' but for case; make them the same.");
        }

        if (table.Find(name) is { } column)
        {
            return source.LabelPath is null
                ? LabelTextsOf(column)
                : throw new DataException($"{source.LabelPath}: {table.Source} already holds labels; use one or the other.");
        }

        if (source.LabelPath is { } path)
        {
            RowIds? ids = id is null ? null
                : new RowIds(id, Pipeline.IdsOf(table, id).Index().ToDictionary(row => row.Item, row => row.Index));
            IReadOnlyList<string> labels = LabelReader.ReadValues(path, source.LabelColumn, table.Rows, ids).Texts;
            return labels.Count == table.Rows
                ? labels
                : throw new DataException(
                    $"{path}: holds {labels.Count} labels, but {table.Source} holds {table.Rows} rows; there must be one label per row.");
        }

        if (!isNeeded)
            return [];
        throw new DataException(table.HasNames
            ? $"{table.Source}: no column is named '{name}', so there are no labels; name their column with --label, or a file of labels "
                + "with --train-labels."
            : $"{table.Source}: the file names no columns, so they are {table.Columns[0].Name} to "
                + $"{table.Columns[^1].Name}; name the one that "
                + "holds the labels with --label, or a file of labels with --train-labels.");
    }

    /// <summary>Labels as they are written.</summary>
    private static IReadOnlyList<string> LabelTextsOf(TableColumn column) =>
        column is TextColumn texts
            ? [.. texts.Values.Select(label => string.IsNullOrWhiteSpace(label) ? "" : label)]
            : [.. Preprocessing.LevelsOf(column).Select(label => label ?? "")];

    private static char? DelimiterOf(string text) => text switch
    {
        "comma" => ',',
        "semicolon" => ';',
        "tab" or "\\t" => '\t',
        "bar" => '|',
        "blank" => ' ',
        [var letter] when !char.IsLetterOrDigit(letter) => letter,
        _ => null,
    };

    private static Encoding? EncodingOf(string name)
    {
        try
        {
            return TableOptions.EncodingNamed(name);
        }
        catch (DataException)
        {
            return null;
        }
    }

    private static Option<IReadOnlyList<string>?> Names(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        CustomParser = result => OptionValue.Parse<IReadOnlyList<string>>(
            result, "names of columns, separated by commas", text => text.Split(',', StringSplitOptions.TrimEntries)),
    };

    private static Option<string> Words(string name, string description, string[] words) => new(name)
    {
        Description = description,
        HelpName = "WHAT",
        CompletionSources = { Choices.Exactly(words) },
        CustomParser = result => OptionValue.Parse(result, string.Join(" or ", words), text => words.Contains(text) ? text : null),
    };
}

/// <summary>Files of rows, and how their labels are found.</summary>
/// <param name="Path">The file.</param>
/// <param name="LabelPath">A file of labels, where they are apart.</param>
/// <param name="LabelColumn">The column that holds labels.</param>
/// <param name="IsLabelColumnGiven">Whether the user named it.</param>
/// <param name="Ignored">Columns that are passed over.</param>
internal sealed record LabelledSource(
    string Path, string? LabelPath, string LabelColumn, bool IsLabelColumnGiven, IReadOnlyList<string> Ignored)
{
    /// <summary>Columns of votes, which are no features.</summary>
    public IReadOnlyList<string> VoteColumns { get; init; } = [];

    /// <summary>Counts the votes on the rows of a table with these ids; null where there are none.</summary>
    public Func<Table, IReadOnlyList<string>, CollectedVotes?>? Votes { get; init; }

    /// <summary>Labels that come from elsewhere; null where they do not.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Reads numbers alone, in a table that has something else: what is wrong is said with its line.</summary>
    /// <exception cref="DataException">It says what is no number.</exception>
    public void ReadStrictly(IReadOnlyCollection<string> ignored)
    {
        if (Formats.Any(extension => Path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
            _ = DatasetReader.Read(Path, LabelColumn, [.. ignored, .. VoteColumns]);
    }

    private static readonly string[] Formats = [".csv", ".tsv", ".csv.gz", ".tsv.gz"];
}
