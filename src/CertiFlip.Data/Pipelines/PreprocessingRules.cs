using System.Text.Json;
using System.Text.Json.Serialization;

namespace CertiFlip.Data.Pipelines;

/// <summary>
/// What is done with a value that is missing. The rule is the same for all rows and looks at no label.
/// </summary>
[JsonConverter(typeof(RuleNames<MissingRule>))]
public enum MissingRule
{
    /// <summary>
    /// A number becomes the median of its column, and a further column says that it was missing; a category becomes a
    /// level of its own.
    /// </summary>
    Median,

    /// <summary>
    /// It becomes the most frequent value of its column; of equally frequent ones the first in order.
    /// </summary>
    MostFrequent,

    /// <summary>The data are refused.</summary>
    Refuse,
}

/// <summary>What is done with the units of numbers.</summary>
[JsonConverter(typeof(RuleNames<ScaleRule>))]
public enum ScaleRule
{
    /// <summary>x becomes (x − μ)/σ, with mean μ and standard deviation σ over the training rows.</summary>
    Standard,

    /// <summary>Numbers stay as they are.</summary>
    None,
}

/// <summary>What a column is taken for.</summary>
[JsonConverter(typeof(RuleNames<ColumnKind>))]
public enum ColumnKind
{
    /// <summary>Numbers, whose size means something.</summary>
    Number,

    /// <summary>Names of categories, whatever they look like.</summary>
    Category,
}

/// <summary>How columns become features: for all of them, and for some by name.</summary>
/// <remarks>
/// In a file it is JSON: <c>{"missing": "median", "scale": "standard", "columns": {"zip": {"kind": "category"}}}</c>.
/// </remarks>
public sealed record PreprocessingRules
{
    /// <summary>Numbers as they are, and nothing else.</summary>
    public static PreprocessingRules None { get; } = new() { Missing = MissingRule.Refuse, Scale = ScaleRule.None };

    /// <summary>What is done with missing values.</summary>
    public MissingRule Missing { get; init; } = MissingRule.Median;

    /// <summary>What is done with the units of numbers.</summary>
    public ScaleRule Scale { get; init; } = ScaleRule.Standard;

    /// <summary>Rules for some columns, by name.</summary>
    public IReadOnlyDictionary<string, ColumnRules> Columns { get; init; } = new Dictionary<string, ColumnRules>();

    /// <summary>Reads a file of rules.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It cannot be read, or is no such JSON.</exception>
    public static PreprocessingRules Read(string path) => Formats.InputFile.Read(path, file =>
    {
        file.Budget.Take(file.Length);
        using Stream content = file.Open();
        try
        {
            return JsonSerializer.Deserialize(content, RulesJson.Default.PreprocessingRules)
                ?? throw new DataException($"{path}: the rules are null.");
        }
        catch (JsonException exception)
        {
            string where = exception.LineNumber is { } line ? $", line {line + 1}" : "";
            throw new DataException(
                $"{path}{where}: these are no rules of preprocessing; expected such as {{\"missing\": \"median\", \"scale\": \"standard\", "
                + "\"columns\": {\"zip\": {\"kind\": \"category\"}}}, with missing median, most-frequent or refuse, scale standard or "
                + "none, and kind number or category.", exception);
        }
    });

    internal MissingRule MissingOf(string column) => Columns.GetValueOrDefault(column)?.Missing ?? Missing;

    internal ScaleRule ScaleOf(string column) => Columns.GetValueOrDefault(column)?.Scale ?? Scale;
}

/// <summary>Rules for one column; what is null is as for all others.</summary>
public sealed record ColumnRules
{
    /// <summary>What it is taken for.</summary>
    public ColumnKind? Kind { get; init; }

    /// <summary>What is done with missing values.</summary>
    public MissingRule? Missing { get; init; }

    /// <summary>What is done with the unit of numbers.</summary>
    public ScaleRule? Scale { get; init; }
}

/// <summary>Names in lower case with hyphens, and nothing else: no numbers.</summary>
internal sealed class RuleNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(PreprocessingRules))]
internal sealed partial class RulesJson : JsonSerializerContext;
