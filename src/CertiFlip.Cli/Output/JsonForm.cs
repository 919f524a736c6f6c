using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CertiFlip.Cli.Output;

/// <summary>
/// One kind of JSON document that the command writes. Its first property, <c>schema</c>, says which: docs/schemas has
/// the JSON Schema of each, and docs/schemas.md when the version rises.
/// </summary>
/// <param name="name">Its name, which is that of its schema's file.</param>
/// <param name="version">Counts changes that a program which reads the document could stumble over.</param>
/// <param name="hasHeader">Whether <see cref="JsonHeader"/> stands before the properties of its own.</param>
internal abstract class JsonForm(string name, int version, bool hasHeader)
{
    /// <summary>The property that says what came from certiflip.json; left out where nothing did.</summary>
    public const string Configuration = "configuration";

    public string Name { get; } = name;

    /// <summary>What <c>schema</c> holds.</summary>
    public string Id { get; } = $"certiflip/{name}/{version}";

    public bool HasHeader { get; } = hasHeader;

    /// <summary>The type of the properties of its own.</summary>
    public abstract JsonTypeInfo Type { get; }
}

/// <inheritdoc cref="JsonForm"/>
/// <param name="name">Its name, which is that of its schema's file.</param>
/// <param name="version">Counts changes that a program which reads the document could stumble over.</param>
/// <param name="types">
/// The properties of all types in it, which the compiler lists: nothing is looked up at run time.
/// </param>
/// <param name="hasHeader">Whether <see cref="JsonHeader"/> stands before the properties of its own.</param>
internal sealed class JsonForm<T>(string name, int version, IJsonTypeInfoResolver types, bool hasHeader = false)
    : JsonForm(name, version, hasHeader)
{
    public override JsonTypeInfo Type => JsonText.TypeOf<T>(types);

    /// <summary>The document that a value becomes.</summary>
    public JsonObject Document(T value)
    {
        JsonObject document = JsonSerializer.SerializeToNode(value, (JsonTypeInfo<T>)Type)!.AsObject();
        document.Insert(0, "schema", Id);
        if (UsedConfiguration.Current is { } used)
            document.Insert(1, Configuration, used.Said().ToJson());
        return document;
    }
}
