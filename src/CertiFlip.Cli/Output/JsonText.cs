using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>How JSON is written for programs.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // Class names are shown as they are, so far as they can be seen; nothing here goes into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Writes one document. Not by the console's own writing, which wraps at the width of a terminal.
    /// </summary>
    public static void Write<T>(IAnsiConsole console, T value, IJsonTypeInfoResolver types) => Write(console, Of(value, types));

    /// <inheritdoc cref="Write{T}"/>
    public static void Write(IAnsiConsole console, JsonObject document) => Write(console, Shown(document.ToJsonString(Options)));

    /// <summary>A value as a document that more can be added to.</summary>
    public static JsonObject ObjectOf<T>(T value, IJsonTypeInfoResolver types) =>
        JsonSerializer.SerializeToNode(value, TypeOf<T>(types))!.AsObject();

    /// <summary>One document.</summary>
    /// <param name="value">Its numbers and texts.</param>
    /// <param name="types">
    /// The properties of all types in it, which the compiler lists: nothing is looked up at run time.
    /// </param>
    public static string Of<T>(T value, IJsonTypeInfoResolver types) => Shown(JsonSerializer.Serialize(value, TypeOf<T>(types)));

    private static void Write(IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(text);

    private static JsonTypeInfo<T> TypeOf<T>(IJsonTypeInfoResolver types) =>
        (JsonTypeInfo<T>)new JsonSerializerOptions(Options) { TypeInfoResolver = types }.GetTypeInfo(typeof(T));

    /// <summary>Within the lines of a document, what <see cref="ShownText"/> escapes can only stand in texts.</summary>
    private static string Shown(string document) => string.Join('\n', document.Split('\n').Select(ShownText.Escape));
}
