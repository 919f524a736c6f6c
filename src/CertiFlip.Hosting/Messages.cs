using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using CertiFlip.Data;
using CertiFlip.Data.Pipelines;
using Microsoft.AspNetCore.Mvc;

namespace CertiFlip.Hosting;

/// <summary>Rows to certify: <c>{"rows": [[…], {…}, …], "witness": false}</c>.</summary>
/// <param name="Rows">The rows (m × k), columns in the order of the model.</param>
/// <param name="Witness">Whether to find a witness for each: labels whose flips change the prediction.</param>
internal sealed record CertifyRequest(FeatureMatrix Rows, bool Witness)
{
    /// <summary>
    /// What is to be said of how features were made of the rows, such as of levels that are not known.
    /// </summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    private const int LongestShown = 30;

    // An object, its rows, a row, a number. What comes twice is refused below, with its name.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4 };

    /// <summary>Reads a body that has arrived whole.</summary>
    /// <exception cref="BadRequestException">It is no such request; the message says where.</exception>
    public static CertifyRequest Read(ReadOnlySequence<byte> body, RowShape shape, int maxRows)
    {
        try
        {
            RefuseTooManyValues(body, MostTokens(shape.Values, maxRows));

            // Into memory of its own: what it takes from the shared pool, many times the body, stays there for good.
            return Of(JsonElement.Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray(), Strict), shape, maxRows);
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber is { } line ? $"line {line + 1}, byte {exception.BytePositionInLine}" : exception.Message;
            throw new BadRequestException($"The body is not the JSON expected, an object with \"rows\": {place.TrimEnd('.')}.");
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException(
                "The body has a text that is not Unicode: bytes that are not UTF-8, or half of a surrogate pair.");
        }
    }

    /// <summary>
    /// Names, numbers, brackets: more than this no request has, in either form of rows, and a bad one only for fun.
    /// </summary>
    private static long MostTokens(int features, int maxRows) => 1000 + 2 * (features + 1L) * (maxRows + 1L);

    /// <summary>Reads a body once without keeping anything: what is parsed takes many times the memory.</summary>
    private static void RefuseTooManyValues(ReadOnlySequence<byte> body, long most)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        for (long tokens = 0; reader.Read(); tokens++)
        {
            if (tokens > most)
                throw new BadRequestException("The body has more values than the most rows with all their numbers.", 413);
        }
    }

    private static CertifyRequest Of(JsonElement root, RowShape shape, int maxRows)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new BadRequestException($"The body is {Shown(root)}; expected an object with \"rows\".");
        JsonElement? rows = null, witness = null;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            string name = NameOf(property);
            ref JsonElement? known = ref rows;
            if (name == "witness")
                known = ref witness;
            else if (name != "rows")
                throw new BadRequestException($"There is a property \"{Cut(name)}\"; expected \"rows\" and, if wanted, \"witness\".");
            if (known is not null)
                throw new BadRequestException($"There is \"{name}\" twice; expected it once.");
            known = property.Value;
        }

        if (witness is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } neither)
            throw new BadRequestException($"\"witness\" is {Shown(neither)}; expected true or false.");
        if (rows is not { ValueKind: JsonValueKind.Array } list)
        {
            string found = rows is { } other ? Shown(other) : "missing";
            throw new BadRequestException($"\"rows\" is {found}; expected a list of rows {shape.InWords}.");
        }
        int count = list.GetArrayLength();
        if (count == 0)
            throw new BadRequestException("\"rows\" is empty; expected at least one row.");
        if (count > maxRows)
            throw new BadRequestException($"There are {count} rows; expected at most {maxRows} in one request.", 413);
        IReadOnlyList<string> remarks = [];
        FeatureMatrix features = shape.Pipeline is null ? Matrix(list, count, shape) : shape.Map(list, out remarks);
        return new CertifyRequest(features, witness is { ValueKind: JsonValueKind.True }) { Remarks = remarks };
    }

    private static FeatureMatrix Matrix(JsonElement list, int count, RowShape shape)
    {
        // All widths first, so that no more is allocated than was sent.
        foreach ((int row, JsonElement element) in list.EnumerateArray().Index())
            shape.CheckWidth(row, element);
        double[] values = new double[checked(count * shape.Features)];
        foreach ((int row, JsonElement element) in list.EnumerateArray().Index())
            shape.Read(row, element, values.AsSpan(row * shape.Features, shape.Features));
        return new FeatureMatrix(count, shape.Features, values);
    }

    /// <summary>The name of a property.</summary>
    /// <exception cref="BadRequestException">
    /// It is no text: it has half of a pair of UTF-16, or bytes that are not UTF-8.
    /// </exception>
    internal static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException("The name of a property is not text in Unicode.");
        }
    }

    internal static string Shown(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Cut(element.GetRawText()),
    };

    internal static string Cut(string text) => ShownText.Cut(text, LongestShown);
}

/// <summary>
/// What a row must have: as many numbers as the model has features, in its order, or each with the name of its column;
/// or, where the model makes features of rows itself, the columns that it makes them of.
/// </summary>
internal sealed class RowShape
{
    private const int MostNames = 5;

    private readonly int _features;
    private readonly IReadOnlyList<string> _names;
    private readonly Dictionary<string, int> _columns;

    /// <param name="training">The rows that the model was fitted to.</param>
    public RowShape(Dataset training)
    {
        Pipeline = RawColumns(training) is null ? null : training.Pipeline;
        (_features, _names) = (training.Features.Columns, Pipeline?.Rows.Columns ?? training.FeatureNames);
        _columns = _names.Index().ToDictionary(column => column.Item, column => column.Index);
    }

    public int Features => _features;

    /// <summary>What makes features of rows; null where rows are features.</summary>
    public Pipeline? Pipeline { get; }

    /// <summary>How many values a row has.</summary>
    public int Values => Pipeline is null ? _features : _names.Count;

    /// <summary>What rows are, after the word.</summary>
    public string InWords => Pipeline is null ? $"of {_features} numbers" : "that are objects with the model's columns as keys";

    /// <summary>The columns that features are made of; null where rows are features.</summary>
    public static IReadOnlyList<string>? RawColumns(Dataset training) =>
        training.Pipeline is { } pipeline && pipeline is not { Rows: Preprocessing { IsPlain: true }, Maps.Count: 0 }
            ? pipeline.Rows.Columns
            : null;

    /// <summary>Makes features of rows.</summary>
    /// <param name="list">A list of objects.</param>
    /// <param name="remarks">What is to be said of them.</param>
    /// <exception cref="BadRequestException">A row is no such object, or features cannot be made of it.</exception>
    public FeatureMatrix Map(JsonElement list, out IReadOnlyList<string> remarks)
    {
        foreach ((int row, JsonElement element) in list.EnumerateArray().Index())
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw Refuse(row, $" is {CertifyRequest.Shown(element)}; expected an object with the model's columns as keys.");
            CheckNames(row, element);
        }

        try
        {
            Table table = TableReader.FromJson("rows", list.EnumerateArray(), Pipeline!.ReadAs);
            table = Pipeline.Rows.TakesImages ? WithImages(table) : table;
            remarks = [.. Pipeline.Rows.RemarksOn(table).Select(remark => $"{remark.Text}; {remark.Advice}")];
            return Pipeline.Transform(table);
        }
        catch (DataException exception)
        {
            throw new BadRequestException(exception.Message);
        }
    }

    /// <summary>Images come as the bytes of their files in base 64.</summary>
    private static Table WithImages(Table table) => table.With([.. table.Columns.Select(column => column is not TextColumn texts
        ? column
        : new ImageColumn(texts.Name, [.. texts.Values.Select((text, row) => new StoredImage($"row {row}", () => Decoded(text, row)))]))]);

    private static MemoryStream Decoded(string? text, int row)
    {
        byte[] bytes = new byte[(text?.Length ?? 0) * 3 / 4];
        return Convert.TryFromBase64String(text ?? "", bytes, out int count)
            ? new MemoryStream(bytes, 0, count, writable: false)
            : throw new BadRequestException($"Row {row} (from 0) has an image that is not in base 64.");
    }

    /// <exception cref="BadRequestException">There are more or fewer numbers, or the names are others.</exception>
    public void CheckWidth(int row, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                int numbers = element.GetArrayLength();
                if (numbers != _features)
                    throw Refuse(row, $" has {numbers} {(numbers == 1 ? "number" : "numbers")}; expected {_features}.");
                break;
            case JsonValueKind.Object when _names.Count == 0:
                throw Refuse(row, $" is an object, but the columns of this model have no names; expected a list of {_features} numbers.");
            case JsonValueKind.Object:
                CheckNames(row, element);
                break;
            default:
                throw Refuse(row, $" is {CertifyRequest.Shown(element)}; expected a list of {_features} numbers.");
        }
    }

    /// <summary>Reads a row whose width was checked.</summary>
    /// <exception cref="BadRequestException">One of its values is no finite number.</exception>
    public void Read(int row, JsonElement element, Span<double> values)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach ((int column, JsonElement number) in element.EnumerateArray().Index())
            {
                values[column] = NumberOf(number)
                    ?? throw new BadRequestException($"Row {row}, column {column} (from 0) {NotANumber(number)}");
            }

            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = property.Name;
            values[_columns[name]] = NumberOf(property.Value)
                ?? throw new BadRequestException($"Row {row} (from 0), column \"{CertifyRequest.Cut(name)}\" {NotANumber(property.Value)}");
        }
    }

    private void CheckNames(int row, JsonElement element)
    {
        HashSet<int> found = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = CertifyRequest.NameOf(property);
            if (!_columns.TryGetValue(name, out int column))
                throw Refuse(row, $" has a column \"{CertifyRequest.Cut(name)}\", which the model does not know; see GET /v1/model.");
            if (!found.Add(column))
                throw Refuse(row, $" has the column \"{CertifyRequest.Cut(name)}\" twice; expected it once.");
        }

        if (found.Count == Values)
            return;
        string[] missing = [.. Enumerable.Range(0, Values).Where(column => !found.Contains(column)).Select(column => _names[column])];
        string shown = string.Join(", ", missing.Take(MostNames).Select(name => $"\"{CertifyRequest.Cut(name)}\""));
        string more = missing.Length > MostNames ? $" and {missing.Length - MostNames} more" : "";
        throw Refuse(row, $" lacks the {(missing.Length == 1 ? "column" : "columns")} {shown}{more}.");
    }

    private static BadRequestException Refuse(int row, string problem) => new($"Row {row} (from 0){problem}");

    private static double? NumberOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;

    private static string NotANumber(JsonElement element) => $"is {CertifyRequest.Shown(element)}; expected a finite number.";
}

/// <summary>Answers to a batch of rows, in their order.</summary>
/// <param name="Model">Names the model that answered: the first digits of its file's checksum.</param>
/// <param name="ConditionalOnLambda">Whether λ was computed from the labels.</param>
/// <param name="Remarks">What is to be said of the rows, left out where that is nothing.</param>
/// <param name="Rows">The answers.</param>
internal sealed record CertifyResponse(
    string Model, bool ConditionalOnLambda, IReadOnlyList<string>? Remarks, IReadOnlyList<RowAnswer> Rows);

/// <summary>
/// What is certified of one row: the smoothed vote's prediction and radii, and those of the head itself.
/// </summary>
/// <param name="Prediction">The smoothed vote's class.</param>
/// <param name="Certified">Whether that is certified.</param>
/// <param name="LogFailure">An upper bound on log B; "-Infinity" where every labelling agrees.</param>
/// <param name="FailureProbability">Its exponential, at most 1.</param>
/// <param name="Radii">The radii of the vote.</param>
/// <param name="Exact">The head's own.</param>
/// <param name="NullRadius">Why a radius is null, where one is.</param>
/// <param name="ListedClassesOnly">
/// The certificates whose radius holds for this list of classes only: the list was read off the training labels, and
/// flips within the radius could remove a class from them.
/// </param>
/// <param name="Witness">Where it was asked for and there is one: labels whose flips change the prediction.</param>
internal sealed record RowAnswer(
    string Prediction,
    bool Certified,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double LogFailure,
    double FailureProbability,
    VoteRadii Radii,
    ExactAnswer Exact,
    string? NullRadius,
    IReadOnlyList<string>? ListedClassesOnly,
    IReadOnlyList<FlipAnswer>? Witness)
{
    /// <summary>What <see cref="NullRadius"/> says.</summary>
    public const string WhyNull = "no flips of training labels among the listed classes change this prediction";
}

/// <summary>Radii of the smoothed vote; null where no flips change its prediction.</summary>
internal sealed record VoteRadii(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Kl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Tight,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Structured);

/// <summary>The head's class, and how many wrong labels leave it unchanged; null where no flips change it.</summary>
internal sealed record ExactAnswer(string Prediction, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Radius);

/// <summary>A training label to flip.</summary>
internal sealed record FlipAnswer(int Row, string From, string To);

/// <summary>
/// The model that is served: training data, head, noise, limits. What the head does not have is left out.
/// </summary>
internal sealed record ModelDescription
{
    /// <summary>Names it: the first digits of its file's checksum.</summary>
    public required string Model { get; init; }

    public required int TrainingRows { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>
    /// The keys of rows, where the model makes features of them itself; left out where rows are features.
    /// </summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>What makes the features, left out where rows are features.</summary>
    public string? FeaturesMadeBy { get; init; }

    /// <summary>Whether what makes the features was trained on labels; left out where it was not.</summary>
    public bool? MapSawLabels { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Whether the list of classes was stated. Otherwise it was read off the training labels.</summary>
    public required bool ClassesStated { get; init; }

    /// <summary>The stated prior in the order of the classes, left out where there is none.</summary>
    public IReadOnlyList<double>? ClassPrior { get; init; }

    /// <summary>The stated shares in the order of the classes, left out where there are none.</summary>
    public IReadOnlyList<double>? ClassShares { get; init; }

    /// <summary>The head as written.</summary>
    public required string Head { get; init; }

    public string? Ridge { get; init; }

    public double? Lambda { get; init; }

    public bool? Intercept { get; init; }

    public double? Gain { get; init; }

    /// <summary>Left out where each row has its own, too.</summary>
    public double? Offset { get; init; }

    public double? Lift { get; init; }

    public IReadOnlyList<int>? Levels { get; init; }

    public double? Bound { get; init; }

    public int? Neighbours { get; init; }

    public double? Bandwidth { get; init; }

    public required bool ConditionalOnLambda { get; init; }

    public required double Noise { get; init; }

    public required int MaxRows { get; init; }

    public required long MaxBodyBytes { get; init; }

    public static ModelDescription Of(LoadedModel loaded, double noise, CertiFlipOptions options)
    {
        TrainedModel model = loaded.Model;
        HeadValues values = model.Choice.Values(model.Head);
        return new ModelDescription
        {
            Model = loaded.Id,
            TrainingRows = model.Head.TrainingRows,
            Features = model.Head.Features,
            FeatureNames = model.Training.FeatureNames,
            Columns = RowShape.RawColumns(model.Training),
            FeaturesMadeBy = RowShape.RawColumns(model.Training) is null ? null : model.Training.Pipeline!.Description,
            MapSawLabels = model.Training.Pipeline is { DependsOnLabels: true } ? true : null,
            Classes = model.Labels.Classes,
            ClassesStated = model.Labels.Classes.IsStated,
            ClassPrior = model.Labels.Classes.Prior is { Count: > 0 } prior ? prior : null,
            ClassShares = model.Labels.Classes.Shares is { Count: > 0 } shares ? shares : null,
            Head = model.Choice.Text,
            Ridge = values.Ridge,
            Lambda = values.Lambda,
            Intercept = values.Intercept,
            Gain = values.Gain,
            Offset = values.Offset,
            Lift = values.Lift,
            Levels = values.Levels,
            Bound = values.Bound,
            Neighbours = values.Neighbours,
            Bandwidth = values.Bandwidth,
            ConditionalOnLambda = model.Head.DependsOnLabels,
            Noise = noise,
            MaxRows = options.MaxRows,
            MaxBodyBytes = options.MaxBodyBytes,
        };
    }
}

/// <summary>Writes the messages as JSON without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CertifyResponse))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class MessageContext : JsonSerializerContext;
