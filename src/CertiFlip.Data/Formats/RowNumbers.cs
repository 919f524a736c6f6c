using System.Globalization;

namespace CertiFlip.Data.Formats;

/// <summary>
/// The column <c>row</c> of a table: which row, from 0, a line belongs to. Every table that has it is put in the order
/// of these numbers, so that files whose lines come in other orders still fit each other.
/// </summary>
internal sealed class RowNumbers
{
    /// <summary>The name of the column.</summary>
    public const string Column = "row";

    private const int MostShown = 5;

    // Columns of the files that certify and attack write: a row for each test row.
    private static readonly string[] OfTestRows = ["log_failure", "exact_radius", "flipped_rows"];

    private readonly string _path;
    private readonly List<int> _rows = [];
    private readonly List<long> _lines = [];
    private readonly Dictionary<int, long> _lineOf = [];

    private RowNumbers(string path) => _path = path;

    /// <summary>The numbers that a table has; null if it has none, or if they are what is asked for.</summary>
    /// <param name="table">The table.</param>
    /// <param name="wanted">The column that is asked for.</param>
    /// <exception cref="DataException">A column is spelled like it but for case.</exception>
    public static RowNumbers? Of(DelimitedTable table, string wanted)
    {
        int at = wanted == Column ? -1 : table.Columns.IndexOf(Column);
        if (at >= 0)
            return new RowNumbers(table.Path) { At = at };
        int similar = table.Columns.FindIndex(name => name.Equals(Column, StringComparison.OrdinalIgnoreCase));
        return similar < 0 || table.Columns[similar] == wanted || wanted == Column
            ? null
            : throw new DataException(
                $"{table.Path}: column {DataException.Quote(table.Columns[similar])} is spelled like '{Column}', the column that numbers "
                + $"the rows, but for case; name it '{Column}', or something else.");
    }

    /// <summary>Where in the table the column is.</summary>
    public int At { get; private init; }

    /// <summary>Whether a column of this name says that the rows of a table are test rows with certificates.</summary>
    public static bool AreOfTestRows(string name) => OfTestRows.Contains(name);

    /// <summary>Reads numbers of rows, each at most once, and in any order.</summary>
    /// <param name="values">What a file holds.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <exception cref="DataException">One is no number of a row, or is there twice.</exception>
    public static IReadOnlyList<int> Read(RowValues values, int rows)
    {
        var numbers = new RowNumbers(values.Path);
        foreach ((int index, string text) in values.Texts.Index())
        {
            int row = Parse(text, values.PlaceOf(index), rows);
            if (!numbers._lineOf.TryAdd(row, index))
                throw Repeated(values.PlaceOf(index), row, values.PlaceOf((int)numbers._lineOf[row]));
            numbers._rows.Add(row);
        }

        return numbers._rows;
    }

    /// <summary>Reads the number of the line that the table is at.</summary>
    public void ReadFrom(DelimitedTable table)
    {
        int row = Parse(table.GetText(At), $"{_path}, line {table.Line}, column '{Column}'", rows: null);
        if (!_lineOf.TryAdd(row, table.Line))
            throw Repeated($"{_path}, line {table.Line}", row, $"line {_lineOf[row]}");
        _rows.Add(row);
        _lines.Add(table.Line);
    }

    /// <summary>For each row, from 0, which of the lines that were read it is.</summary>
    /// <param name="rows">How many rows there are; if that is not known, as many as there are lines.</param>
    /// <exception cref="DataException">A row is missing, or there is no row of a number.</exception>
    public int[] Order(int? rows)
    {
        int count = rows ?? _rows.Count;
        if (!_lineOf.ContainsKey(0) && _lineOf.ContainsKey(count) && _rows.Count == count)
            throw new DataException($"{_path}: column '{Column}' counts from 1 to {count}; expected 0 to {count - 1}: rows count from 0.");
        int[] order = new int[count];
        Array.Fill(order, -1);
        foreach ((int index, int row) in _rows.Index())
        {
            if (row >= count)
            {
                string known = rows is null ? $"there are {count} lines, so they are" : "they are";
                throw new DataException(
                    $"{_path}, line {_lines[index]}, column '{Column}': there is no row {row}; {known} numbered from 0 to {count - 1}. "
                    + "If these are no numbers of rows, give the column another name.");
            }

            order[row] = index;
        }

        int[] missing = [.. Enumerable.Range(0, count).Where(row => order[row] < 0)];
        if (missing.Length == 0)
            return order;
        string shown = string.Join(", ", missing.Take(MostShown));
        string which = missing.Length == 1 ? $"row {shown} is"
            : $"rows {shown}{(missing.Length > MostShown ? $" and {missing.Length - MostShown} more" : "")} are";
        throw new DataException($"{_path}: {which} missing from column '{Column}'; expected each from 0 to {count - 1} once.");
    }

    private static int Parse(string text, string place, int? rows)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int row) && !(row >= rows))
            return row;
        string range = rows is null ? "counted from 0" : $"numbered from 0 to {rows - 1}";
        throw new DataException($"{place}: {DataException.Quote(text)} is not the number of a row; they are {range}.");
    }

    private static DataException Repeated(string place, int row, string first) =>
        new($"{place}: row {row} is there twice, first in {first}; expected it once.");
}

/// <summary>
/// Columns of a table that tell rows apart, under other names than <see cref="RowNumbers.Column"/>. If lines were taken
/// in their order although such a column says something else, values would land on the wrong rows.
/// </summary>
internal sealed class HiddenNumbers
{
    private const int FewestLines = 3;

    private static readonly string[] FirstWords = ["row", "rows", "rowid", "rownum", "rownumber", "line", "index", "unnamed"];
    private static readonly string[] LastWords = ["id", "ids", "idx", "index", "uid", "uuid", "guid", "key", "nr"];
    private static readonly string[] WholeNames = ["number", "position", "#"];

    private readonly string _path;
    private readonly List<Candidate> _candidates;

    /// <param name="table">The table.</param>
    /// <param name="wanted">The column whose values are read.</param>
    /// <exception cref="DataException">A column tells rows apart by its name.</exception>
    public HiddenNumbers(DelimitedTable table, int wanted)
    {
        _path = table.Path;
        _candidates =
        [
            .. table.Columns.Index().Where(column => column.Index != wanted).Select(column => new Candidate(column.Index, column.Item)),
        ];
        if (_candidates.Find(candidate => IsIdentifier(candidate.Name)) is { } identifier)
            throw Refuse(identifier.Name, "seems to say which row a line belongs to");
    }

    /// <summary>How many columns may still number the lines.</summary>
    public int Count => _candidates.Count;

    /// <summary>Looks at the line that the table is at. Most columns are out after a few lines.</summary>
    public void ReadFrom(DelimitedTable table) => _candidates.RemoveAll(candidate => !candidate.Take(table.GetWholeNumber(candidate.At)));

    /// <exception cref="DataException">A column numbers the lines, and not in their order.</exception>
    public void ThrowIfAnyNumbers(int lines)
    {
        if (lines >= FewestLines && _candidates.Find(candidate => candidate.Numbers(lines)) is { } hidden)
            throw Refuse(hidden.Name, "numbers the lines in another order than they are in");
    }

    private static bool IsIdentifier(string name)
    {
        IEnumerable<string> letters = name.Select((c, i) => c switch
        {
            _ when !char.IsLetterOrDigit(c) => " ",
            _ when char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]) => $" {char.ToLowerInvariant(c)}",
            _ => $"{char.ToLowerInvariant(c)}",
        });
        string[] words = string.Concat(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return WholeNames.Contains(name.ToLowerInvariant())
            || (words.Length > 0 && (FirstWords.Contains(words[0]) || LastWords.Contains(words[^1])));
    }

    private DataException Refuse(string column, string why) => new(
        $"{_path}: column {DataException.Quote(column)} {why}. Name it '{RowNumbers.Column}' if it numbers the rows from 0; "
        + "otherwise drop it, and lines are taken in their order.");

    private sealed class Candidate(int at, string name)
    {
        private readonly HashSet<int> _seen = [];
        private int _last = -1;
        private bool _isAscending = true;

        public int At => at;

        public string Name => name;

        /// <summary>Whether it is a number that has not come before.</summary>
        public bool Take(int? number)
        {
            _isAscending &= number > _last;
            _last = number ?? _last;
            return number is { } row && _seen.Add(row);
        }

        /// <summary>Whether these are the numbers of so many lines, from 0 or from 1, in another order.</summary>
        public bool Numbers(int lines) =>
            !_isAscending && _seen.Count == lines && _seen.Min() is var first and <= 1 && _seen.Max() - first == lines - 1;
    }
}
