using System.Collections.Concurrent;
using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using Json.Schema;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>
/// The JSON Schemas of what the command writes: made from its types and their documentation, and used on what it wrote.
/// </summary>
internal static partial class Schemas
{
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Dictionary<string, string> Documentation = XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, "CertiFlip.Cli.xml")).Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, member => InWords(member.Element("summary")));

    private static readonly ConcurrentDictionary<string, Lazy<JsonSchema>> Closed = [];

    /// <summary>Every kind of document, with what its type's documentation says that it is.</summary>
    public static IReadOnlyList<(JsonForm Form, string Description)> Forms { get; } =
    [
        .. from type in typeof(CertiFlipCommand).Assembly.GetTypes()
           from field in type.ContainsGenericParameters ? [] : type.GetFields(AnyStatic)
           where field.FieldType.IsAssignableTo(typeof(JsonForm))
           let form = (JsonForm)field.GetValue(null)!
           orderby form.Name
           select (form, DocumentationOf("T", type)),
    ];

    /// <summary>The schema of a kind of document, as text.</summary>
    public static string Of(JsonForm form, string description)
    {
        JsonObject own = Generate(form.Type);
        JsonObject[] parts = form.HasHeader ? [Generate(RunJson.Header), own] : [own];
        var properties = new JsonObject
        {
            ["schema"] = new JsonObject { ["description"] = "The kind of document, and its version.", ["const"] = form.Id },
            [JsonForm.Configuration] = new JsonObject
            {
                ["description"] = "What came from certiflip.json, left out where nothing did.",
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["file"] = new JsonObject { ["description"] = "The file.", ["type"] = "string" },
                    ["settings"] = new JsonObject
                    {
                        ["description"] = "What it set, as it would be written on the command line.",
                        ["type"] = "array",
                        ["items"] = new JsonObject { ["type"] = "string" },
                    },
                },
                ["required"] = new JsonArray("file", "settings"),
            },
        };
        foreach ((string name, JsonNode? property) in parts.SelectMany(part => part["properties"]!.AsObject()))
            properties[name] = property!.DeepClone();
        if (form.HasHeader)
            properties["seconds"] = new JsonObject { ["description"] = "How long the run took.", ["type"] = "number" };
        string[] required =
        [
            "schema", .. parts.SelectMany(part => part["required"]!.AsArray()).Select(name => (string)name!),
            .. form.HasHeader ? (string[])["seconds"] : [],
        ];
        return Text(new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:{form.Id.Replace('/', ':')}",
            ["title"] = form.Id,
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
        });
    }

    /// <summary>The schema of certiflip.json, made of the commands and their options.</summary>
    public static string OfConfiguration()
    {
        CommandNode[] sections = [.. Configuration.Sections(CertiFlipCommand.Whole(), CertiFlipCommand.IsConfigured)];
        var properties = new JsonObject
        {
            ["$schema"] = new JsonObject { ["description"] = "Where this schema is, for editors.", ["type"] = "string" },
            [Configuration.Common] = Section(
                "Options that every command takes that has them.",
                sections.SelectMany(node => node.Options).GroupBy(option => option.Name).Select(same => same.ToArray())),
        };
        foreach (CommandNode node in sections)
            properties[node.Name] = Section(node.Command.Description!, node.Options.Select(option => (Option[])[option]));
        return Text(new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "urn:certiflip:configuration:1",
            ["title"] = "certiflip.json",
            ["description"] = "Options of all commands. The command line wins over them, and the section of a command over common.",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        });
    }

    private static JsonObject Section(string description, IEnumerable<Option[]> options)
    {
        var properties = new JsonObject();
        foreach (Option[] same in options.Where(same => Configuration.CanSet(same[0])))
        {
            string[] values = [.. same.Select(option => ValueOf(option).ToJsonString()).Distinct()];
            JsonObject value = values.Length == 1
                ? ValueOf(same[0])
                : new JsonObject { ["anyOf"] = new JsonArray([.. values.Select(one => JsonNode.Parse(one))]) };
            value.Insert(0, "description", CommandNode.Describe(same[0]));
            properties[Configuration.KeyOf(same[0])] = value;
        }

        return new JsonObject
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject ValueOf(Option option)
    {
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        var choices = Choices.Of(option);
        string[] words = [.. choices.Words];
        if (CommandNode.IsSwitch(option))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(ulong))
            return new JsonObject { ["type"] = "integer" };
        if (type == typeof(double))
            return new JsonObject { ["type"] = "number" };
        bool isList = CommandNode.IsList(option);
        if (choices.IsClosed)
            return new JsonObject { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };
        JsonObject One()
        {
            JsonObject one = type == typeof(string) && !isList
                ? new JsonObject { ["type"] = "string" }
                : new JsonObject { ["type"] = new JsonArray("string", "number") };
            if (words.Length > 0)
                one["examples"] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
            return one;
        }

        if (option.Arity.MinimumNumberOfValues == 0)
            return new JsonObject
            {
                ["type"] = new JsonArray("boolean", "string", "number", "array"),
                ["items"] = new JsonObject { ["type"] = "number" },
            };
        return isList || CommandNode.IsRepeated(option)
            ? new JsonObject
            {
                ["anyOf"] = new JsonArray(One(), new JsonObject { ["type"] = "array", ["items"] = One(), ["minItems"] = 1 }),
            }
            : One();
    }

    public static string Text(JsonNode schema) => schema.ToJsonString(Indented) + "\n";

    /// <summary>
    /// Fails unless a document is as the schema says that it names, and has nothing that the schema does not name.
    /// </summary>
    public static void Validate(string document)
    {
        using var read = JsonDocument.Parse(document);
        string id = read.RootElement.GetProperty("schema").GetString()!;
        JsonSchema schema = Closed.GetOrAdd(id.Split('/')[1], name => new Lazy<JsonSchema>(() =>
        {
            JsonNode text = JsonNode.Parse(File.ReadAllText(Repository.File("docs", "schemas", $"{name}.json")))!;
            text["$id"] = $"{text["$id"]}:closed";
            Close(text);
            return JsonSchema.FromText(text.ToJsonString()); // A schema can be registered once.
        })).Value;
        EvaluationResults results = schema.Evaluate(read.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(results.IsValid, $"{id}: {string.Join("\n", Problems(results))}");
    }

    public static IEnumerable<string> Problems(EvaluationResults results) =>
        from detail in results.Details ?? []
        from error in detail.Errors?.AsEnumerable() ?? []
        select $"{detail.InstanceLocation}: {error.Key}: {error.Value}";

    /// <summary>The properties of a schema that nothing is said of.</summary>
    public static IEnumerable<string> Undescribed(string schema) => Undescribed(JsonNode.Parse(schema), "");

    private static IEnumerable<string> Undescribed(JsonNode? node, string path) => node switch
    {
        JsonObject { } one =>
        [
            .. (one["properties"] as JsonObject ?? []).Where(property => property.Value!["description"] is null)
                .Select(property => $"{path}/{property.Key}"),
            .. one.SelectMany(child => Undescribed(child.Value, $"{path}/{child.Key}")),
        ],
        JsonArray list => list.SelectMany(child => Undescribed(child, path)),
        _ => [],
    };

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject { } schema)
        {
            if (schema["properties"] is JsonObject && !schema.ContainsKey("additionalProperties"))
                schema["additionalProperties"] = false;
            foreach ((_, JsonNode? child) in schema.ToArray())
                Close(child);
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? child in list)
                Close(child);
        }
    }

    private static JsonObject Generate(JsonTypeInfo type) => JsonSchemaExporter.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    }).AsObject();

    /// <summary>
    /// What is null is left out, unless its property says otherwise: so it is not required, and is never null.
    /// </summary>
    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema.ContainsKey("properties"))
        {
            schema["required"] = new JsonArray(
                [.. context.TypeInfo.Properties.Where(IsRequired).Select(property => (JsonNode)property.Name)]);
        }

        schema.Remove("default");
        if (context.PropertyInfo is not { } property)
        {
            if (context.Path.Length == 0 || !IsNullable(context.TypeInfo.Type))
                NotNull(schema);
            return schema;
        }

        if (!(IsRequired(property) && IsMaybeNull(property)))
            NotNull(schema);
        if (DocumentationOf("P", property.DeclaringType, Member(property)) is { Length: > 0 } description)
            schema.Insert(0, "description", description);
        return schema;
    }

    private static bool IsNullable(Type type) => Nullable.GetUnderlyingType(type) is not null;

    private static void NotNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            string[] left = [.. types.Select(type => (string)type!).Where(type => type != "null")];
            schema["type"] = left.Length == 1 ? left[0] : new JsonArray([.. left.Select(type => (JsonNode)type)]);
        }
    }

    private static bool IsMaybeNull(JsonPropertyInfo property) => IsNullable(property.PropertyType) || property.IsGetNullable;

    private static bool IsRequired(JsonPropertyInfo property) => !IsMaybeNull(property)
        || property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), true) is [
            JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Never }];

    private static string Member(JsonPropertyInfo property) => ((MemberInfo)property.AttributeProvider!).Name;

    private static string DocumentationOf(string kind, Type type, string? member = null) => Documentation.GetValueOrDefault(
        $"{kind}:{type.FullName!.Replace('+', '.')}{(member is null ? "" : $".{member}")}", "");

    private static string InWords(XElement? summary) => summary is null ? "" : Blanks().Replace(
        string.Concat(summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => code.Value,
            XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.')[^1],
            _ => node.ToString(),
        })),
        " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
