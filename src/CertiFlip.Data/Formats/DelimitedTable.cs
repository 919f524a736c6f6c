using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;

namespace CertiFlip.Data.Formats;

/// <summary>Reads a table of text row by row. Blanks around a cell that is not quoted do not count.</summary>
/// <remarks>
/// A separator at the end of every line makes no column: a last column without a name must be empty.
/// </remarks>
internal sealed class DelimitedTable : IDisposable
{
    private const char NoQuote = '\x1F';
    private static readonly char[] Separators = [',', ';', '\t', '|', ' '];
    private readonly TextLayout _layout;
    private readonly ReadBudget _budget;
    private readonly CsvReader _reader;
    private readonly IReadOnlyCollection<string> _ignored;
    private readonly bool _endsInSeparator;
    private int[] _numbersAt = [];
    private string _hint = "";
    private readonly HashSet<int> _unnamed = [];
    private readonly bool _firstIsRow;
    private bool _anyRow;
    private bool _isAtRow;
    private long _returnsInCells;

    /// <summary>Reads the header.</summary>
    /// <param name="file">The file.</param>
    /// <param name="delimiter">What stands between cells.</param>
    /// <param name="ignored">Columns that are not read; their names need not differ, and may be empty.</param>
    /// <exception cref="DataException">There is no header, or columns in it have no name or the same.</exception>
    public DelimitedTable(InputFile file, char delimiter, IReadOnlyCollection<string>? ignored = null)
        : this(file, new TextLayout(delimiter), ignored)
    {
    }

    /// <summary>Reads the header where there is one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">How its cells are laid out.</param>
    /// <param name="ignored">Columns that are not read; their names need not differ, and may be empty.</param>
    /// <exception cref="DataException">There is no header, or columns in it have no name or the same.</exception>
    public DelimitedTable(InputFile file, TextLayout layout, IReadOnlyCollection<string>? ignored = null)
    {
        (Path, _ignored, _layout, _budget) = (file.Path, ignored ?? [], layout, file.Budget);
        _reader = Open(file, layout, layout.Delimiter == '\t' ? QuoteOf(file, layout) : layout.Quotes, allowLineBreaks: true);
        try
        {
            Columns = ReadHeader();
            _firstIsRow = !(layout.HasHeader ?? !(Columns.TrueForAll(IsNumberHere) && !DoNamesCount()));
            if (_firstIsRow || layout.IsAsFound)
                NameByPlace();
            _endsInSeparator = Columns.Count > 1 && Columns[^1].Length == 0;
            if (_endsInSeparator)
                Columns.RemoveAt(Columns.Count - 1);
            CheckNames();
            OtherSeparator = _firstIsRow ? null : FindOtherSeparator();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>
    /// The line on which the row read last begins, from 1. A carriage return alone inside a quoted cell ends no line:
    /// editors and SARIF do not count it.
    /// </summary>
    public long Line => _reader.LineNumber - _returnsInCells + (_layout.HasComment ? 1 : 0);

    /// <summary>Names of the columns, all different.</summary>
    public List<string> Columns { get; }

    /// <summary>Whether the first line names the columns.</summary>
    public bool HasNames => !_firstIsRow;

    /// <summary>Whether a column has no name in the first line, so that its name is its place.</summary>
    /// <param name="column">The column.</param>
    public bool IsUnnamed(int column) => _unnamed.Contains(column);

    /// <summary>What seems to separate the cells instead of the delimiter; null where the delimiter is right.</summary>
    public char? OtherSeparator { get; }

    /// <summary>Whether the name of a column is a number, as it is where the header is missing.</summary>
    public static bool IsNumber(string name) => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="DataException">There is no row at all, or the next one does not fit the header.</exception>
    public bool ReadRow()
    {
        long blankLine = 0;
        while (AdvanceToRow())
        {
            if (IsBlank())
            {
                blankLine = blankLine > 0 ? blankLine : Line;
                continue;
            }
            if (blankLine > 0)
                throw new DataException($"{Path}, line {blankLine}: the line is blank, but rows follow it; remove it.");
            CheckCells();
            return _anyRow = true;
        }
        return _anyRow ? false : throw new DataException($"{Path}: there is a header but no row after it.");
    }

    /// <summary>A label or another value for each row of other data, in the order of those rows.</summary>
    /// <param name="at">The column.</param>
    /// <param name="wanted">What the column is called where it is asked for.</param>
    /// <param name="rows">How many rows there are, if that is known.</param>
    /// <exception cref="DataException">
    /// There is no value in a line, the column <see cref="RowNumbers.Column"/> does not number each row once, or
    /// another column numbers them; or numbers of training rows are asked for, and the table has certificates of test
    /// rows.
    /// </exception>
    public RowValues ReadLabels(int at, string wanted, int? rows)
    {
        if (wanted == RowNumbers.Column && Columns.Find(RowNumbers.AreOfTestRows) is { } certificates)
        {
            throw new DataException(
                $"{Path}: column '{wanted}' numbers test rows, as column {DataException.Quote(certificates)} shows; "
                + "expected training rows.");
        }

        var numbers = RowNumbers.Of(this, wanted);
        HiddenNumbers? others = numbers is null && wanted != RowNumbers.Column ? new HiddenNumbers(this, at) : null;
        var names = new LabelNames(_budget);
        RowValues labels = ReadLines(numbers, rows, () =>
        {
            others?.ReadFrom(this);
            _budget.Take(others?.Count ?? 0, 2 * sizeof(long));
            return names.Same(GetLabel(at));
        });
        others?.ThrowIfAnyNumbers(labels.Texts.Count);
        return labels;
    }

    /// <summary>A text for each row, in the order of the rows.</summary>
    /// <param name="at">The column.</param>
    /// <param name="wanted">What the column is called where it is asked for.</param>
    public IReadOnlyList<string> ReadTexts(int at, string wanted) => ReadLines(RowNumbers.Of(this, wanted), rows: null, () =>
    {
        string text = GetText(at);
        _budget.Take(ReadBudget.BytesOf(text));
        return text;
    }).Texts;

    private RowValues ReadLines(RowNumbers? numbers, int? rows, Func<string> read)
    {
        List<string> texts = [];
        List<long> lines = [];
        while (ReadRow())
        {
            texts.Add(read());
            lines.Add(Line);
            numbers?.ReadFrom(this);
            _budget.Take(1, numbers is null ? sizeof(long) : 8 * sizeof(long));
        }

        return numbers?.Order(rows) is { } order
            ? new RowValues(Path, [.. order.Select(line => texts[line])], [.. order.Select(line => lines[line])])
            : new RowValues(Path, texts, lines);
    }

    /// <summary>A column that is not there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="advice">What to do.</param>
    public DataException NoColumnNamed(string name, string advice) => new($"{Path}: {Columns switch
    {
        _ when OtherSeparator is not null => $"no column is named {DataException.Quote(name)}.{SeparatorHint}",
        [var only] => $"the only column is named {DataException.Quote(only)}, not {DataException.Quote(name)}; {advice}.",
        _ => $"none of the {Columns.Count} columns is named {DataException.Quote(name)}; {advice}.",
    }}");

    /// <summary>Says which columns hold numbers.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="hint">
    /// A sentence for messages about text in place of a number, or too many cells in a table of one column.
    /// </param>
    public void ExpectNumbers(int[] columns, string hint) => (_numbersAt, _hint) = (columns, hint);

    /// <summary>A cell of this row as a number.</summary>
    /// <exception cref="DataException">It is no number, or not finite.</exception>
    public double GetNumber(int column)
    {
        if (double.TryParse(_reader.GetSpan(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number))
        {
            return number;
        }
        string text = GetText(column);
        if (text.Length == 0)
            throw BadCell(column, "the cell is empty; every feature needs a number: drop or fill in such rows.");
        string advice = NoNumber.Advice(text);
        throw BadCell(
            column, $"{DataException.Quote(text)} is not a finite number; {advice}.{OtherTexts(column, advice)}{_hint}{SeparatorHint}");
    }

    /// <summary>A cell of this row as a number, NaN where it is missing; null if it is something else.</summary>
    public double? TryGetNumber(int column)
    {
        ReadOnlySpan<byte> cell = _reader.GetSpan(column);
        if (_layout.TryParse(cell, out double number) && double.IsFinite(number))
            return number;
        return MissingCell.IsOneAmongNumbers(GetText(column)) ? double.NaN : null;
    }

    /// <summary>The bytes of a cell of this row.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => _reader.GetSpan(column);

    /// <summary>A cell of this row as a whole number from 0; null if it is none.</summary>
    public int? GetWholeNumber(int column) =>
        int.TryParse(_reader.GetSpan(column), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>A cell of this row as a label; empty where it is blank.</summary>
    public string GetLabel(int column)
    {
        string label = GetText(column);
        return string.IsNullOrWhiteSpace(label) ? "" : label;
    }

    /// <summary>A cell of this row as text, which may be empty.</summary>
    /// <exception cref="DataException">It is not in UTF-8.</exception>
    public string GetText(int column) =>
        TextEncoding.Decode(_reader.GetSpan(column), () => $"{Path}, line {Line}, cell {column + 1}", _layout.IsAsFound);

    public void Dispose() => _reader.Dispose();

    private static CsvReader Open(InputFile file, TextLayout layout, char quote, bool allowLineBreaks) =>
        CsvReader.Create(layout.Open(file), new CsvReaderOptions
        {
            HasHeader = false,
            Separator = layout.Separator,
            Quote = quote,
            AllowLineBreaksInQuotes = allowLineBreaks,
            SkipEmptyLines = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            // A quote that is never closed swallows the rest of the file; this bounds how much of it is read.
            MaxRecordSize = TextLines.Longest,
            Encoding = TextEncoding.Utf8,
        });

    /// <summary>
    /// Whether quotes in tab-separated text are what they are in .csv, or plain letters. They are plain where they make
    /// no sense as quotes, or only over the end of a line, and every line has as many tabs as the first.
    /// </summary>
    private static char QuoteOf(InputFile file, TextLayout layout) =>
        IsRegular(file, layout, '"') || !IsRegular(file, layout, NoQuote) ? '"' : NoQuote;

    private static bool IsRegular(InputFile file, TextLayout layout, char quote)
    {
        using CsvReader reader = Open(file, layout, quote, allowLineBreaks: false);
        try
        {
            int count = reader.Read() ? reader.FieldCount : 0;
            while (reader.Read())
            {
                if (reader.FieldCount != count && !IsBlank(reader))
                    return false;
            }

            return true;
        }
        catch (CsvFormatException)
        {
            return false;
        }
    }

    private static bool IsBlank(CsvReader reader) => reader.FieldCount == 1 && reader.RawRecord.Trim(" \t"u8).IsEmpty;

    private List<string> ReadHeader()
    {
        _ = Advance();
        List<string> names = new(_reader.FieldCount);
        for (int column = 0; column < _reader.FieldCount; column++)
        {
            names.Add(GetText(column));
            // The name is in a set as well.
            _budget.Take(2 * ReadBudget.BytesOf(names[^1]));
        }

        return names;
    }

    private bool IsNumberHere(string name) => _layout.TryParse(Encoding.UTF8.GetBytes(name), out _);

    /// <summary>Whether the cells of the first line count the columns, from 0 or from 1.</summary>
    private bool DoNamesCount() =>
        Columns.Count > 1 && int.TryParse(Columns[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) && first is 0 or 1
        && Columns.Index().All(column => column.Item == (first + column.Index).ToString(CultureInfo.InvariantCulture));

    /// <summary>Columns without a name get that of their place, such as c3.</summary>
    private void NameByPlace()
    {
        for (int column = 0; column < Columns.Count; column++)
        {
            if (!_firstIsRow && (Columns[column].Length > 0 || _ignored.Contains("")))
                continue;
            Columns[column] = string.Create(CultureInfo.InvariantCulture, $"c{column + 1}");
            _unnamed.Add(column);
        }
    }

    private void CheckNames()
    {
        if (!_layout.IsAsFound && Columns.TrueForAll(IsNumber))
        {
            throw new DataException(
                $"{Path}, line 1: a header row with the names of the columns is expected, but there are only numbers; "
                + "put a line of names before it.");
        }
        HashSet<string> seen = [];
        foreach ((int column, string name) in Columns.Index())
        {
            if (_ignored.Contains(name))
                continue;
            if (name.Length == 0)
            {
                throw new DataException(
                    $"{Path}, line 1: column {column + 1} has no name; name or drop it (pandas leaves out its index with index=False, "
                    + "and --ignore '' passes over it).");
            }
            if (!seen.Add(name))
            {
                string missing = _layout.IsAsFound ? $" {TextLayout.NoHeaderAdvice}"
                    : IsNumber(name) ? " Are the names of the columns missing?" : "";
                throw new DataException(
                    $"{Path}, line 1: columns {Columns.IndexOf(name) + 1} and {column + 1} are both named {DataException.Quote(name)}; "
                    + $"names must differ.{missing}");
            }
        }
    }

    private void CheckCells()
    {
        int count = _reader.FieldCount;
        if (count == Columns.Count)
            return;
        bool hasEmptyCell = count == Columns.Count + 1 && _reader.GetSpan(count - 1).IsEmpty;
        if (hasEmptyCell && _endsInSeparator)
            return;
        string expected = (Columns.Count == 1 ? "1 cell is" : $"{Columns.Count} cells are") + " expected, as in "
            + (_firstIsRow ? "line 1" : "the header");
        string reason = hasEmptyCell ? " The line ends in a separator, and the header does not; remove it, or add one to every line."
            : _endsInSeparator && count == Columns.Count + 1 ? $" Cell {count} is not empty, but its column has no name in line 1; name it."
            : count < Columns.Count || Columns.Count == 1 ? ""
            : " A cell that has the separator in it is written in double quotes.";
        throw new DataException(
            $"{Path}, line {Line}: {expected}, but there are {count}."
            + reason + (Columns.Count == 1 ? _hint : "") + SeparatorHint);
    }

    /// <summary>The next cells of this row that are not numbers either: one message names several.</summary>
    private string OtherTexts(int column, string advice)
    {
        const int MostNamed = 3;
        return string.Concat(_numbersAt
            .Where(other => other > column && _hint.Length == 0)
            .Select(other => (Name: Columns[other], Text: Encoding.Latin1.GetString(_reader.GetSpan(other))))
            .Where(other => other.Text.Length > 0 && !IsNumber(other.Text))
            .Take(MostNamed)
            .Select(other => $" Nor is {DataException.Quote(other.Text)} in column {DataException.Quote(other.Name)}"
                + $"{(NoNumber.Advice(other.Text) is var its && its == advice ? "" : $"; {its}")}."));
    }

    private char? FindOtherSeparator()
    {
        if (Columns is not [var only])
            return null;
        int[] counts = [.. Separators.Select(separator => separator == _layout.Delimiter ? 0 : only.Count(letter => letter == separator))];
        int most = counts.Max();
        return most > 0 ? Separators[Array.IndexOf(counts, most)] : null;
    }

    private string SeparatorHint
    {
        get
        {
            string found = OtherSeparator switch
            {
                ',' => "commas",
                ';' => "semicolons",
                '\t' => "tabs",
                '|' => "bars",
                ' ' => "blanks",
                _ => "",
            };
            return found.Length == 0 ? ""
                : _layout.IsAsFound
                ? $" The header is read as one cell and has {found} in it: say what separates cells with --delimiter "
                    + $"(TableOptions.Delimiter)."
                : $" The header is read as one cell and has {found} in it: cells of a .csv are separated by commas, those of a .tsv by "
                    + "tabs, and numbers have decimal points; save the file so.";
        }
    }

    /// <summary>The first line has been read already, and may be a row.</summary>
    private bool AdvanceToRow()
    {
        if (!_firstIsRow || _anyRow)
            return Advance();
        _anyRow = true;
        return true;
    }

    /// <summary>Carriage returns without a line feed after them, in what is left of a row.</summary>
    private static int CountReturns(ReadOnlySpan<byte> row) =>
        row.Contains((byte)'\r') ? row.Count((byte)'\r') - row.Count("\r\n"u8) : 0;

    private bool Advance()
    {
        try
        {
            // The reader's number is that of the line on which a row begins: what is in a row counts for the next.
            if (_isAtRow)
                _returnsInCells += CountReturns(_reader.RawRecord.TrimEnd("\r\n"u8));
            return _isAtRow = _reader.Read();
        }
        catch (CsvFormatException e)
        {
            string where = e.LineNumber > 0 ? $", line {e.LineNumber - _returnsInCells}" : "";
            throw new DataException($"{Path}{where}: {ReasonOf(e)}", e);
        }
    }

    private static string ReasonOf(CsvFormatException e) => e.Message switch
    {
        var message when message.Contains("MaxRecordSize", StringComparison.Ordinal) =>
            $"row {e.RecordNumber} is longer than {TextLines.Longest:N0} bytes; is a double quote never closed, or is this no table?",
        var message when message.Contains("never closed", StringComparison.Ordinal) =>
            "a double quote is never closed; a quote that belongs to the text is doubled, and its cell is quoted: \"say \"\"hi\"\"\".",
        var message when message.Contains("quote", StringComparison.Ordinal) =>
            "a double quote stands inside a cell; double it and quote the cell: \"say \"\"hi\"\"\".",
        var message => message,
    };

    private bool IsBlank() => IsBlank(_reader);

    private DataException BadCell(int column, string problem) =>
        new($"{Path}, line {Line}, column {DataException.Quote(Columns[column])}: {problem}");
}

/// <summary>What a text may be that stands where a number is expected.</summary>
internal static partial class NoNumber
{
    private const int FewestBlanksOfText = 3;
    private const string Usual = "numbers are written as 3.14 or 1e-5";

    /// <summary>How to write it, without a full stop.</summary>
    /// <param name="text">What is not a number, and not empty.</param>
    public static string Advice(string text)
    {
        if (IsMissing(text))
            return "the value is missing: drop or fill in such rows, or drop the column";
        if (text is ['[' or '(', ..])
            return "numbers in one cell are read as text: give each a column of its own, or save them in NumPy as .npy or .npz";
        if (Date().IsMatch(text))
            return "a date or time cannot be a feature: write it as a number, such as days since a fixed day";
        if (DecimalComma().IsMatch(text))
            return $"commas are not read in numbers: {Usual}";
        if (Amount().IsMatch(text))
            return $"leave out units, signs and blanks: {Usual}";
        if (bool.TryParse(text, out _))
            return "write 1 for true and 0 for false";
        if (text.Count(char.IsWhiteSpace) >= FewestBlanksOfText)
            return "a text becomes numbers by a feature map for texts (certiflip features fit)";
        return text.Any(char.IsAsciiDigit)
            ? Usual
            : $"{Usual}. A column of categories becomes one column of 0 and 1 for each (pandas.get_dummies)";
    }

    private static bool IsMissing(string text) => text.Trim().ToUpperInvariant() is
        "?" or "NA" or "N/A" or "#N/A" or "NAN" or "-NAN" or "NULL" or "NONE" or "-" or "--" or "." or "<NA>" or "NAT" or "\\N";

    [GeneratedRegex(@"^([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{1,2}:[0-9]{2})(\D|$)")]
    private static partial Regex Date();

    [GeneratedRegex(@"^[+-]?[0-9.' ]*,[0-9,.]*([eE][+-]?[0-9]+)?$")]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[$€£¥+-]*\s*[0-9][0-9 _.,]*\s*(%|[a-zA-Z$€£¥°µ/]{1,6})?$")]
    private static partial Regex Amount();
}
