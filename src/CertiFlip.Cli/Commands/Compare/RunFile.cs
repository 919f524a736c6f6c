using System.Globalization;
using System.Text.Json;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>A run of <c>certify</c>, read from what it printed with <c>--json</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Subject">What the data are called there; null where the user did not say.</param>
/// <param name="Settings">Everything that is not a result, by the names of its properties.</param>
/// <param name="TestRows">Which test rows these are: of which file, with its checksum where that is known.</param>
/// <param name="Unit">What radii count.</param>
/// <param name="Classes">The list of classes.</param>
/// <param name="Ids">The rows' ids; empty where they have none.</param>
/// <param name="Numbers">The rows' numbers in their file.</param>
/// <param name="Labels">The rows' labels; empty where they are not known.</param>
/// <param name="Certificates">What each certificate says of the rows, in order.</param>
internal sealed record RunFile(
    string Path, string? Subject, IReadOnlyList<(string Name, string Value)> Settings, RunFile.Origin TestRows, string Unit,
    IReadOnlyList<string> Classes, IReadOnlyList<string> Ids, IReadOnlyList<int> Numbers, IReadOnlyList<string> Labels,
    IReadOnlyList<RunFile.Certified> Certificates)
{
    private const int LongestKind = 40;
    private const string Rows = "rows", Options = "options", Name = "name", Checksum = "sha256";

    // What a run found out, which is compared on its own, and what says nothing of it.
    private static readonly string[] Results =
    [
        Rows, Options, Name, "schema", "certificates", "collective", "random_noise", "periods", "attack", "conditions", "remarks",
        "commonest_class", "median_ceiling", "radii_assume_classes_from", "abstentions", "seconds",
    ];

    /// <summary>How many rows there are.</summary>
    public int Count => Numbers.Count;

    /// <summary>What outputs call a row.</summary>
    public string NameOf(int row) => Ids.Count > 0 ? Ids[row] : Numbers[row].ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It is not what <c>certify --json</c> prints.</exception>
    public static RunFile Read(string path)
    {
        const string Expected = "expected what certiflip certify --json prints";
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            if (document.RootElement is { ValueKind: JsonValueKind.Object } run && Optional(run, "schema") is { } schema
                && !schema.StartsWith("certiflip/certify/", StringComparison.Ordinal))
            {
                throw new DataException(schema.StartsWith("certiflip/certify-regression/", StringComparison.Ordinal)
                    ? $"{path}: is a run of regression (labels that are numbers); expected runs with classes, whose rows have radii."
                    : $"{path}: is a document of the kind {ShownText.Cut(schema, LongestKind)}; {Expected}.");
            }

            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(Rows, out _))
                throw new DataException($"{path}: this JSON tells nothing of single rows; {Expected}, of this version or a later one.");
            return Of(path, document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new DataException($"{path}: is not JSON (line {exception.LineNumber + 1}); {Expected}.", exception);
        }
        catch (Exception exception) when (
            exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
                or IndexOutOfRangeException)
        {
            throw new DataException($"{path}: is damaged; {Expected}.", exception);
        }
    }

    private static RunFile Of(string path, JsonElement run)
    {
        JsonElement rows = run.GetProperty(Rows);
        string[] classes = [.. run.GetProperty("classes").EnumerateArray().Select(Text)];
        Certified[] certificates =
        [
            .. rows.GetProperty("certificates").EnumerateArray().Select(one => new Certified(
                Text(one.GetProperty(Name)),
                [.. List(one, "predictions").Select(c => c.GetInt32() is var index and >= 0 ? classes[index] : null)],
                [.. RadiiOf(one)])),
        ];
        int count = certificates.Select(one => one.Predictions.Count).First();
        string[] ids = [.. List(rows, "ids").Select(Text)];
        int[] numbers = [.. List(rows, "numbers").Select(number => number.GetInt32())];
        string[] labels = [.. List(rows, "labels").Select(c => classes[c.GetInt32()])];
        IEnumerable<int> lengths =
            [.. ((int[])[ids.Length, numbers.Length, labels.Length]).Where(length => length > 0),
                .. certificates.SelectMany(one => (int[])[one.Predictions.Count, one.Radii.Count])];
        if (lengths.Any(length => length != count) || ids.Distinct().Count() != ids.Length)
            throw new FormatException();
        (string, string?, string?)[] options =
        [
            .. List(run, Options)
                .Select(option => (Text(option.GetProperty("option")), Optional(option, "value"), Optional(option, Checksum))),
        ];
        return new RunFile(
            path, Optional(run, Name), [.. SettingsOf(run, options)], Origin.Of(run, options),
            Text(rows.GetProperty("radii_count")), classes,
            ids, numbers.Length > 0 ? numbers : [.. Enumerable.Range(0, count)], labels, certificates);
    }

    private static IEnumerable<(string Name, string Value)> SettingsOf(
        JsonElement run, IEnumerable<(string Name, string? Value, string? Checksum)> options)
    {
        foreach ((string name, string? value, string? checksum) in options)
        {
            yield return (name, value ?? "given");
            if (checksum is not null)
                yield return ($"{name}, {Checksum}", checksum);
        }

        foreach (JsonProperty property in run.EnumerateObject().Where(property => !Results.Contains(property.Name)))
        {
            foreach ((string name, string value) in Leaves(property.Name, property.Value))
                yield return (name, value);
        }
    }

    private static IEnumerable<(string Name, string Value)> Leaves(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Leaves($"{name}.{property.Name}", property.Value)),
        JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) =>
            [(name, string.Join(", ", value.EnumerateArray().Select(Plain)))],
        _ => [(name, Plain(value))],
    };

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? Text(value) : value.GetRawText();

    private static Radius?[] RadiiOf(JsonElement certificate)
    {
        Radius?[] radii =
        [
            .. List(certificate, "radii")
                .Select(radius => radius.ValueKind == JsonValueKind.Null ? (Radius?)null : Radius.Of(radius.GetInt32())),
        ];
        foreach (JsonElement row in List(certificate, "any"))
            radii[row.GetInt32()] = Radius.Any;
        return radii;
    }

    private static JsonElement[] List(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement list) ? [.. list.EnumerateArray()] : [];

    private static string? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static string Text(JsonElement text) => text.GetString() ?? throw new FormatException();

    /// <summary>What one certificate says.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Predictions">The predicted classes; null where it abstains.</param>
    /// <param name="Radii">The radii; null where a prediction is not certified.</param>
    internal sealed record Certified(string Name, IReadOnlyList<string?> Predictions, IReadOnlyList<Radius?> Radii);

    /// <summary>Where test rows come from.</summary>
    /// <param name="InWords">In words.</param>
    /// <param name="Checksum">
    /// The checksum of the file, with which rows of it are meant; null where it is not known.
    /// </param>
    internal sealed record Origin(string InWords, string? Checksum)
    {
        public static Origin Of(JsonElement run, IReadOnlyList<(string Name, string? Value, string? Checksum)> options)
        {
            bool isHeldOut = run.TryGetProperty("holdout", out _), isLeftOut = run.TryGetProperty("leave_one_out", out _);
            (string? _, string? file, string? checksum) =
                options.FirstOrDefault(option => option.Name == (isHeldOut || isLeftOut ? "--train" : "--test"));
            string kind = isHeldOut ? "held out of" : isLeftOut ? "left out in turn of" : "of";
            return new Origin($"{kind} {file ?? "a file that is not named"}", checksum is null
                ? null
                : $"{isHeldOut || isLeftOut} {checksum}");
        }
    }
}
