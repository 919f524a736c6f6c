using System.Globalization;
using System.Text;
using CsvHelper;

namespace CertiFlip.Data.Formats;

/// <summary>Reads a table of text row by row. Blanks around a cell that is not quoted do not count.</summary>
internal sealed class DelimitedTable : IDisposable
{
    // A quote that is never closed swallows the rest of the file; this bounds what is kept of it.
    private const int LongestRow = 1 << 26;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly CsvReader _reader;
    private string _hint = "";
    private bool _anyRow;

    /// <summary>Reads the header.</summary>
    /// <exception cref="DataException">There is no header, or columns in it have no name or the same.</exception>
    public DelimitedTable(InputFile file, char delimiter)
    {
        Path = file.Path;
        _reader = CsvReader.Create(file.Open(), new CsvReaderOptions
        {
            HasHeader = false,
            Separator = delimiter,
            SkipEmptyLines = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = LongestRow,
        });
        try
        {
            Columns = ReadHeader();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>Names of the columns, all different.</summary>
    public List<string> Columns { get; }

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="DataException">There is no row at all, or the next one is not one of this table.</exception>
    public bool ReadRow()
    {
        long blankLine = 0;
        while (Advance())
        {
            if (IsBlank())
            {
                blankLine = blankLine > 0 ? blankLine : _reader.LineNumber;
                continue;
            }
            if (blankLine > 0)
                throw new DataException($"{Path}, line {blankLine}: the line is blank, but rows follow it; remove it.");
            if (_reader.FieldCount != Columns.Count)
                throw new DataException($"{Path}, line {_reader.LineNumber}: {(Columns.Count == 1 ? "1 cell is" : $"{Columns.Count} cells are")} expected, as in the header, but there are {_reader.FieldCount}.{(Columns.Count == 1 ? _hint : "")}");
            return _anyRow = true;
        }
        return _anyRow ? false : throw new DataException($"{Path}: there is a header but no row after it.");
    }

    /// <summary>Whether the name of a column is a number, as it is where the header is missing.</summary>
    public static bool IsNumber(string name) => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Adds a sentence to what is said of text where a number should be, and of more cells than a header of one.</summary>
    public void AddHint(string hint) => _hint = hint;

    /// <summary>A cell of this row as a number.</summary>
    /// <exception cref="DataException">It is no number, or not finite.</exception>
    public double GetNumber(int column)
    {
        if (double.TryParse(_reader.GetSpan(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number;
        string text = GetText(column);
        throw Problem(column, text.Length == 0
            ? "the cell is empty; every feature needs a number."
            : $"{DataException.Quote(text)} is not a finite number; numbers are written as 3.14 or 1e-5.{_hint}");
    }

    /// <summary>A cell of this row as a label.</summary>
    /// <exception cref="DataException">It is blank.</exception>
    public string GetLabel(int column)
    {
        string label = GetText(column);
        return !string.IsNullOrWhiteSpace(label) ? label : throw Problem(column, "the label is empty; every row needs one.");
    }

    /// <summary>A cell of this row as text, which may be empty.</summary>
    /// <exception cref="DataException">It is not in UTF-8.</exception>
    public string GetText(int column)
    {
        try
        {
            return StrictUtf8.GetString(_reader.GetSpan(column));
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException($"{Path}, line {_reader.LineNumber}, cell {column + 1}: this is not text in UTF-8; save the file in that encoding.", e);
        }
    }

    public void Dispose() => _reader.Dispose();

    private List<string> ReadHeader()
    {
        _ = Advance();
        List<string> names = [.. Enumerable.Range(0, _reader.FieldCount).Select(GetText)];
        if (names.TrueForAll(IsNumber))
            throw new DataException($"{Path}, line 1: a header row with the names of the columns is expected, but there are only numbers.");
        HashSet<string> seen = [];
        foreach ((int column, string name) in names.Index())
        {
            if (name.Length == 0)
                throw new DataException($"{Path}, line 1: column {column + 1} has no name; name or drop it (pandas leaves it out with index=False).");
            if (!seen.Add(name))
                throw new DataException($"{Path}, line 1: columns {names.IndexOf(name) + 1} and {column + 1} are both named {DataException.Quote(name)}; names must differ.");
        }
        return names;
    }

    private bool Advance()
    {
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException e)
        {
            throw new DataException($"{Path}: {e.Message}", e);
        }
    }

    private bool IsBlank() => _reader.FieldCount == 1 && _reader.RawRecord.Trim(" \t"u8).IsEmpty;

    private DataException Problem(int column, string problem) =>
        new($"{Path}, line {_reader.LineNumber}, column {DataException.Quote(Columns[column])}: {problem}");
}
