using System.Text.Json;

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
