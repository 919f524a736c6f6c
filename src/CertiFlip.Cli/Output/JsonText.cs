using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
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
    public static void Write<T>(IAnsiConsole console, T value) => console.Profile.Out.Writer.WriteLine(Of(value));

    /// <summary>A value as a document that more can be added to.</summary>
    public static JsonObject ObjectOf<T>(T value) => JsonSerializer.SerializeToNode(value, Options)!.AsObject();

    /// <summary>One document. Within its lines, what <see cref="ShownText"/> escapes can only stand in texts.</summary>
    public static string Of<T>(T value) =>
        string.Join('\n', JsonSerializer.Serialize(value, Options).Split('\n').Select(ShownText.Escape));
}
