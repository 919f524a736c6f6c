using System.Text.Json;
using System.Text.Json.Serialization;

namespace CertiFlip.Data.Formats;

/// <summary>JSON: an object for each row, in lines (JSON Lines) or in one array.</summary>
/// <remarks>
/// A key is a column; one that an object lacks, or that is null, is a gap. Objects inside are columns with a dot in
/// their names; arrays of numbers are vectors; true and false are 1 and 0, or stay words where a column is kept as
/// text.
/// </remarks>
internal sealed partial class JsonTables : ITableFormat
{
    private const string Advice = "in pandas, frame.to_json('data.jsonl', orient='records', lines=True) writes what is read";

    public string Name => "JSON";

    public bool Recognises(InputFile file) => ForeignFormat.IsJson(file.Start);

    public Table Read(InputFile file, TableOptions options) =>
        Read(file.Path, file.Budget, options, () => Objects(file), isFile: true);

    /// <summary>A table of objects.</summary>
    /// <param name="source">Where they came from, as messages name it.</param>
    /// <param name="rows">At least one object.</param>
    /// <param name="options">How to read them.</param>
    /// <exception cref="DataException">They do not make a table.</exception>
    public static Table FromObjects(string source, IEnumerable<JsonElement> rows, TableOptions options) =>
        Read(source, ReaderOptions.Current.BudgetFor(source, size: null, isPacked: false), options, () => rows, isFile: false);

    private static Table Read(
        string source, ReadBudget budget, TableOptions options, Func<IEnumerable<JsonElement>> rows, bool isFile)
    {
        var read = new Reading(source, budget, options, mixed: [], isFile);
        read.ReadAll(rows());
        string[] mixed = [.. read.Columns.Where(column => column.IsMixed).Select(column => column.Name)];

        // Numbers before the first text were not kept as they are written: they are read again.
        if (mixed.Length > 0)
        {
            read = new Reading(source, budget, options, mixed, isFile);
            read.ReadAll(rows());
        }

        return new Table(source, [.. read.Columns.Select(column => column.ToColumn(source))]) { IgnoredColumns = [.. read.Ignored] };
    }

    private static IEnumerable<JsonElement> Objects(InputFile file)
    {
        bool isArray = ForeignFormat.IsJsonArray(file.Start);
        using Stream text = TextEncoding.OpenUtf8(file);
        IAsyncEnumerator<JsonElement> values = JsonSerializer
            .DeserializeAsyncEnumerable(text, ElementTypes.Default.JsonElement, topLevelValues: !isArray).GetAsyncEnumerator();
        while (Next())
            yield return values.Current;

        bool Next()
        {
            try
            {
                // The stream is read as it is asked for, in this thread.
                return values.MoveNextAsync().AsTask().GetAwaiter().GetResult();
            }
            catch (JsonException e)
            {
                string where = e.LineNumber is { } line ? $", line {line + 1}" : "";
                throw new DataException(
                    $"{file.Path}{where}: this is not JSON as it is expected there: an object for each row, in a line of its own or in one "
                    + $"array; {Advice}.", e);
            }
        }
    }

    /// <summary>The columns of objects as they come.</summary>
    private sealed class Reading(string source, ReadBudget budget, TableOptions options, string[] mixed, bool isFile)
    {
        private readonly Dictionary<string, ColumnBuilder> _columns = [];
        private readonly List<double> _list = [];

        // Whether the first value of a column that is not null is true or false.
        private readonly Dictionary<string, bool> _areTruths = [];
        private int _rows;

        /// <summary>In the order in which their names came.</summary>
        public List<ColumnBuilder> Columns { get; } = [];

        public HashSet<string> Ignored { get; } = [];

        private string Place => $"{source}, row {_rows} (from 0)";

        public void ReadAll(IEnumerable<JsonElement> rows)
        {
            foreach (JsonElement row in rows)
            {
                if (row.ValueKind != JsonValueKind.Object)
                    throw new DataException($"{Place}: {InWords(row)} is there; expected an object with the names of columns; {Advice}.");
                try
                {
                    ReadObject("", row);
                }
                catch (InvalidOperationException e)
                {
                    throw new DataException($"{Place}: a text is not in UTF-8; save the file in that encoding.", e);
                }

                _rows++;
                budget.ThrowIfCancelled();
            }

            if (Columns.Count == 0)
                throw new DataException($"{source}: there is no row with a value in it.");
            foreach (ColumnBuilder column in Columns)
                column.AddGaps(_rows - column.Rows);
        }

        private void ReadObject(string prefix, JsonElement row)
        {
            foreach (JsonProperty property in row.EnumerateObject())
            {
                string name = prefix + property.Name;
                if (options.Ignored.Contains(name))
                    Ignored.Add(name);
                else if (property.Value.ValueKind == JsonValueKind.Object && !IsFrame(property.Value))
                    ReadObject(name + ".", property.Value);
                else
                    Add(name, property.Value);
            }
        }

        /// <summary>
        /// Whether these are values by numbers of rows, as pandas writes a table where it is not told otherwise.
        /// </summary>
        private bool IsFrame(JsonElement value) => isFile && _rows == 0 && value.TryGetProperty("0", out _);

        private void Add(string name, JsonElement value)
        {
            ColumnBuilder column = ColumnOf(name);
            if (column.Rows > _rows)
                throw new DataException($"{Place}: the name {DataException.Quote(name)} is there twice.");
            column.AddGaps(_rows - column.Rows);
            bool isTruth = value.ValueKind is JsonValueKind.True or JsonValueKind.False;
            if (value.ValueKind != JsonValueKind.Null && !_areTruths.TryAdd(name, isTruth) && _areTruths[name] != isTruth)
            {
                throw new DataException(
                    $"{Place}, {DataException.Quote(name)}: {InWords(value)} is there, but the rows before have "
                    + $"{(isTruth ? "other values than true and false" : "true and false")}; write one kind of value, such as 1 and 0. "
                    + "--ignore passes over the column.");
            }

            switch (value.ValueKind)
            {
                case JsonValueKind.Null:
                    column.AddGaps(1);
                    break;
                case JsonValueKind.String:
                    AddText(column, value.GetString()!);
                    break;
                case JsonValueKind.Number:
                    if (column.IsText || !column.TryAdd(Finite(name, value)))
                        column.Add(value.GetRawText());
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    if (column.IsText || !column.TryAdd(value.GetBoolean() ? 1 : 0))
                        column.Add(value.GetRawText());
                    break;
                case JsonValueKind.Array:
                    AddList(column, value);
                    break;
                case JsonValueKind.Object or JsonValueKind.Undefined:
                    throw new DataException($"{source}: the columns stand one after the other here, not an object for each row; {Advice}.");
                default:
                    throw new ArgumentOutOfRangeException(nameof(value), value.ValueKind, "This is no kind of value.");
            }
        }

        private void AddText(ColumnBuilder column, string text)
        {
            if (MissingCell.IsOne(text) && !options.AsText.Contains(column.Name))
                column.AddGaps(1);
            else
                column.Add(text);
        }

        private void AddList(ColumnBuilder column, JsonElement value)
        {
            _list.Clear();
            foreach (JsonElement number in value.EnumerateArray())
            {
                if (number.ValueKind != JsonValueKind.Number)
                {
                    throw new DataException(
                        $"{Place}, {DataException.Quote(column.Name)}: {InWords(number)} is in the list; lists must be "
                        + $"of numbers, such as an "
                        + $"embedding. --ignore passes over it. If the list is a column, {Advice}.");
                }

                _list.Add(Finite(column.Name, number));
            }

            if (_list.Count == 0)
                throw new DataException(
                    $"{Place}, {DataException.Quote(column.Name)}: the list is empty; expected as many numbers in each row.");
            if (column.IsText || !column.TryAdd(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_list), isSure: true))
                column.Add(value.GetRawText());
        }

        private ColumnBuilder ColumnOf(string name)
        {
            if (_columns.TryGetValue(name, out ColumnBuilder? known))
                return known;
            budget.Take(ReadBudget.BytesOf(name));
            var column = new ColumnBuilder(name, budget, options.AsText.Contains(name) || mixed.Contains(name), () => Place);
            _columns.Add(name, column);
            Columns.Add(column);
            return column;
        }

        private double Finite(string name, JsonElement value) =>
            value.TryGetDouble(out double number) && double.IsFinite(number)
                ? number
                : throw new DataException($"{Place}, {DataException.Quote(name)}: {value.GetRawText()} is no finite number.");

        private static string InWords(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.Null => "null",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => DataException.Quote(value.ToString()),
        };
    }

    [JsonSerializable(typeof(JsonElement))]
    private sealed partial class ElementTypes : JsonSerializerContext;
}
