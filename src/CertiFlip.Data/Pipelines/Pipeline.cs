using CertiFlip.Features;

namespace CertiFlip.Data.Pipelines;

/// <summary>
/// The fitted way from the rows of a file to features: a <see cref="RowMap"/>, then maps of numbers. Nothing in it has
/// seen a label that is defended. It is stored with a model, so that later rows go the same way.
/// </summary>
public sealed record Pipeline
{
    private const string First = "first", Then = "then", Reading = "reading";

    /// <summary>A pipeline of fitted steps.</summary>
    /// <param name="rows">The first step.</param>
    /// <param name="maps">The others, each made for what the one before it makes.</param>
    /// <exception cref="ArgumentException">A map takes another number of inputs than it would get.</exception>
    public Pipeline(RowMap rows, params IReadOnlyList<FittedNumberMap> maps)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(maps);
        int features = rows.Features;
        foreach (FittedNumberMap map in maps)
        {
            if (map.Map.Inputs != features)
            {
                throw new ArgumentException(
                    $"The map {map.Choice.Name} was fitted to {map.Map.Inputs} numbers a row, but the step before it makes {features}.",
                    nameof(maps));
            }

            features = map.Map.Features;
        }

        (Rows, Maps) = (rows, maps);
    }

    /// <summary>The first step.</summary>
    public RowMap Rows { get; }

    /// <summary>The steps after it.</summary>
    public IReadOnlyList<FittedNumberMap> Maps { get; }

    /// <summary>The column that each number that comes out is made of; empty where each is made of several.</summary>
    public IReadOnlyList<string> FeatureColumns => Maps.Count == 0 ? Rows.FeatureColumns : [];

    /// <summary>The names of the numbers that come out; empty where they have none.</summary>
    public IReadOnlyList<string> FeatureNames => Maps.Count == 0 ? Rows.FeatureNames : [];

    /// <inheritdoc cref="Dataset.RowShape"/>
    public IReadOnlyList<int> RowShape => Maps.Count == 0 ? Rows.RowShape : [Maps[^1].Map.Features];

    /// <summary>How the files are read whose rows it was fitted to, as a start for those to come.</summary>
    public TableOptions ReadAs { get; init; } = new();

    /// <summary>The column that says what rows are called; null where they are called by their numbers.</summary>
    public string? IdColumn { get; init; }

    /// <summary>Columns of the training rows that no option named and that features are not made of.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>Whether a step was trained on labels, which must be trusted.</summary>
    public bool DependsOnLabels => Rows.DependsOnLabels || Maps.Any(map => map.Map.DependsOnLabels);

    /// <summary>The steps in a few words.</summary>
    public string Description => string.Join("; ", [Rows.Description, .. Maps.Select(map => $"{map.Map.Features} {map.Choice.Name}")]);

    /// <summary>Fits the steps to training rows, one after the other.</summary>
    /// <param name="training">The training rows with the columns that features are made of; no labels.</param>
    /// <param name="steps">
    /// The maps in their order; without one that takes rows, columns go through <paramref name="rules"/>.
    /// </param>
    /// <param name="rules">What is done with columns of numbers and categories.</param>
    /// <param name="textColumn">The column of texts, where the first map is one of texts.</param>
    /// <param name="fittedTo">
    /// The rows that steps are fitted to, from 0; null for all. The others go through what was fitted.
    /// </param>
    /// <param name="progress">
    /// Is told what is being done and with how many rows, 0 where rows are not counted; what it returns is told how
    /// many more are done.
    /// </param>
    /// <param name="parallel">How many threads may work, and when to stop; the result does not depend on it.</param>
    /// <returns>The pipeline, and the features of the training rows.</returns>
    /// <exception cref="DataException">A step cannot be fitted to these rows.</exception>
    public static (Pipeline Pipeline, FeatureMatrix Features) Fit(
        Table training, IReadOnlyList<MapStep> steps, PreprocessingRules rules, string? textColumn = null,
        IReadOnlyList<int>? fittedTo = null, Func<string, int, IProgress<int>?>? progress = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(steps);
        return Named(training, () =>
        {
            Table fitted = fittedTo is null ? training : training.Select(fittedTo);
            (RowMap rows, IEnumerable<MapStep> others) = steps switch
            {
                [RowStep { Map: var map }, ..] => (map, steps.Skip(1)),
                [FitStep { Map: TextMapChoice map }, ..] => (FitTexts(fitted, map, textColumn, progress, parallel), steps.Skip(1)),
                _ => (Preprocessing.Fit(fitted, rules), steps),
            };
            FeatureMatrix features = rows.Transform(training, Mapping(training, rows, progress), parallel);
            List<FittedNumberMap> maps = [];
            ImageShape? image = PixelShape.Of(rows.FeatureNames, rows.RowShape);
            foreach (MapStep step in others)
            {
                FittedNumberMap map = step switch
                {
                    NumberStep { Map: var own } => own,
                    FitStep { Map: NumberMapChoice choice } => FitNumbers(
                        fittedTo is null ? features : features.SelectRows([.. fittedTo]), choice, image, progress, parallel),
                    FitStep { Map: var other } => throw new DataException(
                        $"{training.Source}: the map {other.Name} takes texts; name it before maps of numbers."),
                    _ => throw new DataException($"{training.Source}: a map of texts or images must come before maps of numbers."),
                };
                features = map.Map.Transform(features, parallel);
                maps.Add(map);
                image = map.Map.Output;
            }

            return (new Pipeline(rows, maps), features);
        });
    }

    /// <summary>Makes features of rows.</summary>
    /// <param name="table">The rows: the columns that the first step reads, and maybe others.</param>
    /// <param name="progress">Is told what is being done, as in <see cref="Fit"/>.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <exception cref="DataException">The rows cannot be mapped.</exception>
    public FeatureMatrix Transform(
        Table table, Func<string, int, IProgress<int>?>? progress = null, ParallelOptions? parallel = null) => Named(table, () =>
        Maps.Aggregate(
            Rows.Transform(table, Mapping(table, Rows, progress), parallel), (features, map) => map.Map.Transform(features, parallel)));

    /// <summary>Stores the pipeline.</summary>
    /// <param name="arrays">Receives it.</param>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("kinds", [Rows.Kind, .. Maps.Select(map => map.Choice.Name)]);
        Add(arrays, First, Rows.Store);
        foreach ((int index, FittedNumberMap map) in Maps.Index())
            Add(arrays, $"{Then} {index}", own => map.Choice.Store(own, map.Map));
        arrays.Add("id column", IdColumn is null ? Array.Empty<string>() : [IdColumn]);
        Add(arrays, Reading, own =>
        {
            own.Add("ignored", [.. ReadAs.Ignored]);
            own.Add("as text", [.. ReadAs.AsText]);
            own.Add("header", ReadAs.HasHeader is { } has ? [has ? 1 : 0] : Array.Empty<int>());
            own.Add("delimiter", ReadAs.Delimiter is { } delimiter ? [$"{delimiter}"] : Array.Empty<string>());
            own.Add("encoding", ReadAs.Encoding is { } encoding ? [encoding.WebName] : Array.Empty<string>());
            own.Add("decimal comma", [ReadAs.DecimalComma ? 1 : 0]);
            own.Add("sparse", ReadAs is { SparseColumns: { } columns, FirstIndex: { } sparse } ? [columns, sparse] : Array.Empty<int>());
        });
    }

    /// <summary>Restores a pipeline: it makes the same bits.</summary>
    /// <param name="arrays">What <see cref="Store"/> made.</param>
    /// <param name="others">
    /// Restores first steps that are not of this library, such as ONNX models; null for a kind that it does not know.
    /// </param>
    /// <exception cref="ArgumentException">Something is missing, or does not fit together.</exception>
    public static Pipeline Restore(ModelArrays arrays, Func<string, ModelArrays, RowMap?>? others = null)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        if (arrays.Texts("kinds") is not [var first, .. var then])
            throw new ArgumentException("The steps of the pipeline are missing.", nameof(arrays));
        ModelArrays own = arrays.Part(First), reading = arrays.Part(Reading);
        RowMap rows = first == Preprocessing.StoredKind ? Preprocessing.Restore(own)
            : first == PairDifferences.StoredKind ? PairDifferences.Restore(own)
            : FeatureMapChoice.TryParse(first) is { } choice && TextMapKind.Of(choice) is { } texts ? TextRowMap.Restore(own, texts)
            : others?.Invoke(first, own)
            ?? throw new ArgumentException($"There is no step '{first}' that takes rows.", nameof(arrays));
        return new Pipeline(rows, [.. then.Index().Select(step => FeatureMapChoice.TryParse(step.Item) is NumberMapChoice map
            ? new FittedNumberMap(map, map.Restore(arrays.Part($"{Then} {step.Index}")))
            : throw new ArgumentException($"There is no map '{step.Item}' of numbers.", nameof(arrays)))])
        {
            IdColumn = arrays.Texts("id column") is [var id] ? id : null,
            ReadAs = new TableOptions
            {
                Ignored = reading.Texts("ignored"),
                AsText = reading.Texts("as text"),
                HasHeader = reading.Integers("header") is [var header] ? header == 1 : null,
                Delimiter = reading.Texts("delimiter") is [[var delimiter]] ? delimiter : null,
                Encoding = reading.Texts("encoding") is [var encoding] ? TableOptions.EncodingNamed(encoding) : null,
                DecimalComma = reading.Integers("decimal comma") is [1],
                SparseColumns = reading.Integers("sparse") is [> 0 and var columns, _] ? columns : null,
                FirstIndex = reading.Integers("sparse") is [_, (0 or 1) and var sparse] ? sparse : null,
            },
        };
    }

    /// <summary>What a column calls the rows.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="DataException">There is no such column, or a row has no id or that of another.</exception>
    public static IReadOnlyList<string> IdsOf(Table table, string column)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Find(column) is not { } found)
            throw new DataException($"{table.Source}: no column is named {DataException.Quote(column)}; --id names the column of ids.");
        IReadOnlyList<string?> ids = Preprocessing.LevelsOf(found);
        Dictionary<string, int> seen = [];
        for (int row = 0; row < ids.Count; row++)
        {
            if (ids[row] is not { } id)
            {
                throw new DataException(
                    $"{table.PlaceOf(row)}: the id in column {DataException.Quote(column)} is empty; each row needs one.");
            }

            if (!seen.TryAdd(id, row))
            {
                throw new DataException(
                    $"{table.PlaceOf(row)}: the id {DataException.Quote(id)} is there twice, first in {table.PlaceOf(seen[id])}; ids "
                    + "tell rows apart.");
            }
        }

        return [.. ids.OfType<string>()];
    }

    private static IProgress<int>? Mapping(Table table, RowMap rows, Func<string, int, IProgress<int>?>? progress) =>
        progress?.Invoke($"mapping {Path.GetFileName(table.Source)}: {rows.Description}", table.Rows);

    private static TextRowMap FitTexts(
        Table training, TextMapChoice map, string? column, Func<string, int, IProgress<int>?>? progress, ParallelOptions? parallel)
    {
        column ??= training.Columns.OfType<TextColumn>().ToArray() is [var only]
            ? only.Name
            : throw new DataException($"{training.Source}: the map {map.Name} takes texts; name their column with --text.");
        int steps = map.Steps(training.Rows);
        IProgress<int>? done = progress?.Invoke(steps > 0 ? map.Work : $"{map.Work}: {training.Rows:N0} texts", steps);
        return new TextRowMap(column, map.Fit(TextRowMap.TextsOf(training, column), done, parallel), TextMapKind.Of(map)!);
    }

    private static FittedNumberMap FitNumbers(
        FeatureMatrix inputs, NumberMapChoice map, ImageShape? image, Func<string, int, IProgress<int>?>? progress,
        ParallelOptions? parallel)
    {
        progress?.Invoke($"{map.Work}: {inputs.Rows:N0} rows of {inputs.Columns:N0} numbers", 0);
        if (map.TakesImages && map.Image is null && image is not null)
            map = (NumberMapChoice)map.WithImage(image)!;
        return new FittedNumberMap(map, map.Fit(inputs, progress: null, parallel));
    }

    private static void Add(ModelArrays arrays, string part, Action<ModelArrays> store)
    {
        var own = new ModelArrays();
        store(own);
        arrays.AddPart(part, own);
    }

    /// <summary>What maps say of numbers names the file, and no parameter of the library.</summary>
    private static T Named<T>(Table table, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            throw new DataException($"{table.Source}: {exception.Message.Split(" (Parameter")[0]}", exception);
        }
    }
}

/// <summary>A map of numbers that is fitted, with what was chosen about it.</summary>
/// <param name="Choice">What was chosen; it stores the map.</param>
/// <param name="Map">The map.</param>
public sealed record FittedNumberMap(NumberMapChoice Choice, IFeatureMap Map);

/// <summary>
/// A step of a pipeline before it is fitted: a <see cref="FitStep"/>, <see cref="RowStep"/> or
/// <see cref="NumberStep"/>.
/// </summary>
public abstract record MapStep
{
    private protected MapStep()
    {
    }
}

/// <summary>A map that is to be fitted to what the step before it makes.</summary>
/// <param name="Map">Which map.</param>
public sealed record FitStep(FeatureMapChoice Map) : MapStep;

/// <summary>A fitted map of rows, such as a pre-trained model.</summary>
/// <param name="Map">The map.</param>
public sealed record RowStep(RowMap Map) : MapStep;

/// <summary>A fitted map of numbers.</summary>
/// <param name="Map">The map.</param>
public sealed record NumberStep(FittedNumberMap Map) : MapStep;
