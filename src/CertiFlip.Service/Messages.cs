using System.Text.Json;
using System.Text.Json.Serialization;
using CertiFlip.Data;
using Microsoft.AspNetCore.Mvc;

namespace CertiFlip.Service;

/// <summary>Rows to certify: <c>{"rows": [[…], …], "witness": false}</c>.</summary>
/// <param name="Rows">The rows (m × k).</param>
/// <param name="Witness">Whether to find a witness for each: labels whose flips change the prediction.</param>
internal sealed record CertifyRequest(FeatureMatrix Rows, bool Witness)
{
    private const int LongestShown = 30;

    // An object, its rows, a row, a number.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Reads a body that has arrived whole.</summary>
    /// <exception cref="BadRequestException">It is no such request; the message says where.</exception>
    public static CertifyRequest Read(Stream body, int features, int maxRows)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Strict);
            return Of(document.RootElement, features, maxRows);
        }
        catch (JsonException exception)
        {
            string place = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}";
            throw new BadRequestException($"The body is not the JSON expected, an object with \"rows\": {place}.");
        }
    }

    private static CertifyRequest Of(JsonElement root, int features, int maxRows)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new BadRequestException($"The body is {Shown(root)}; expected an object with \"rows\".");
        JsonElement? rows = null;
        bool witness = false;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            switch (property.Name)
            {
                case "rows":
                    rows = property.Value;
                    break;
                case "witness" when property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    witness = property.Value.GetBoolean();
                    break;
                case "witness":
                    throw new BadRequestException($"\"witness\" is {Shown(property.Value)}; expected true or false.");
                default:
                    string name = Cut(property.Name);
                    throw new BadRequestException($"There is a property \"{name}\"; expected \"rows\" and, if wanted, \"witness\".");
            }
        }

        if (rows is not { ValueKind: JsonValueKind.Array } list)
        {
            string found = rows is { } other ? Shown(other) : "missing";
            throw new BadRequestException($"\"rows\" is {found}; expected a list of rows of {features} numbers.");
        }
        int count = list.GetArrayLength();
        if (count == 0)
            throw new BadRequestException("\"rows\" is empty; expected at least one row.");
        if (count > maxRows)
            throw new BadRequestException($"There are {count} rows; expected at most {maxRows} in one request.", 413);
        return new CertifyRequest(Matrix(list, count, features), witness);
    }

    private static FeatureMatrix Matrix(JsonElement list, int count, int features)
    {
        // All widths first, so that no more is allocated than was sent.
        foreach ((int row, JsonElement element) in list.EnumerateArray().Index())
        {
            if (element.ValueKind != JsonValueKind.Array)
                throw new BadRequestException($"Row {row} (from 0) is {Shown(element)}; expected a list of {features} numbers.");
            int numbers = element.GetArrayLength();
            if (numbers != features)
            {
                throw new BadRequestException(
                    $"Row {row} (from 0) has {numbers} {(numbers == 1 ? "number" : "numbers")}; expected {features}.");
            }
        }

        double[] values = new double[checked(count * features)];
        int at = 0;
        foreach (JsonElement row in list.EnumerateArray())
        {
            foreach (JsonElement element in row.EnumerateArray())
            {
                if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out values[at]) || !double.IsFinite(values[at]))
                {
                    throw new BadRequestException(
                        $"Row {at / features}, column {at % features} (from 0) is {Shown(element)}; expected a finite number.");
                }
                at++;
            }
        }

        return new FeatureMatrix(count, features, values);
    }

    private static string Shown(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Cut(element.GetRawText()),
    };

    private static string Cut(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";
}

/// <summary>Answers to a batch of rows, in their order.</summary>
internal sealed record CertifyResponse(bool ConditionalOnLambda, IReadOnlyList<RowAnswer> Rows);

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
    public const string WhyNull = "no flips of training labels change this prediction";
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
    public required int TrainingRows { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> FeatureNames { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Whether the list of classes was stated. Otherwise it was read off the training labels.</summary>
    public required bool ClassesStated { get; init; }

    /// <summary>The head as written.</summary>
    public required string Head { get; init; }

    public string? Ridge { get; init; }

    public double? Lambda { get; init; }

    public bool? Intercept { get; init; }

    public double? Gain { get; init; }

    /// <summary>Left out where each row has its own, too.</summary>
    public double? Offset { get; init; }

    public int? Neighbours { get; init; }

    public double? Bandwidth { get; init; }

    public required bool ConditionalOnLambda { get; init; }

    public required double Noise { get; init; }

    public required int MaxRows { get; init; }

    public required long MaxBodyBytes { get; init; }

    public static ModelDescription Of(TrainedModel model, ServiceOptions options)
    {
        HeadValues values = model.Choice.Values(model.Head);
        return new ModelDescription
        {
            TrainingRows = model.Head.TrainingRows,
            Features = model.Head.Features,
            FeatureNames = model.Training.FeatureNames,
            Classes = model.Labels.Classes,
            ClassesStated = model.Labels.Classes.IsStated,
            Head = model.Choice.Text,
            Ridge = values.Ridge,
            Lambda = values.Lambda,
            Intercept = values.Intercept,
            Gain = values.Gain,
            Offset = values.Offset,
            Neighbours = values.Neighbours,
            Bandwidth = values.Bandwidth,
            ConditionalOnLambda = model.Head.DependsOnLabels,
            Noise = options.Noise,
            MaxRows = options.MaxRows,
            MaxBodyBytes = options.MaxBodyBytes,
        };
    }
}

/// <summary>The state of the service.</summary>
internal sealed record Health(string Status);

/// <summary>Writes the messages as JSON without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CertifyResponse))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class MessageContext : JsonSerializerContext;
