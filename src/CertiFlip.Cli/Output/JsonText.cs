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
    public static void Write<T>(IAnsiConsole console, JsonForm<T> form, T value) => Write(console, form.Document(value));

    /// <inheritdoc cref="Write{T}"/>
    public static void Write(IAnsiConsole console, JsonObject document) => console.Profile.Out.Writer.WriteLine(Of(document));

    /// <summary>One document as text.</summary>
    public static string Of(JsonObject document) => Shown(document.ToJsonString(Options));

    /// <summary>How a type is written: its properties in lower case, without those that are null.</summary>
    public static JsonTypeInfo<T> TypeOf<T>(IJsonTypeInfoResolver types) =>
        (JsonTypeInfo<T>)new JsonSerializerOptions(Options) { TypeInfoResolver = types }.GetTypeInfo(typeof(T));

    /// <summary>Within the lines of a document, what <see cref="ShownText"/> escapes can only stand in texts.</summary>
    private static string Shown(string document) => string.Join('\n', Joined(document.Split('\n')).Select(ShownText.Escape));

    /// <summary>Lists of numbers or texts stand on one line each: there may be thousands in them.</summary>
    private static IEnumerable<string> Joined(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            int end = i + 1;
            while (lines[i].EndsWith('[') && end < lines.Length && lines[end][^1] is not ('{' or '[') && lines[end].TrimStart()[0] != ']')
                end++;
            if (end > i + 1 && lines[end].TrimStart()[0] == ']')
            {
                yield return $"{lines[i]}{string.Join(' ', lines[(i + 1)..end].Select(line => line.Trim()))}{lines[end].TrimStart()}";
                i = end;
            }
            else
            {
                yield return lines[i];
            }
        }
    }
}
