using System.Buffers;
using System.Globalization;
using System.Text;
using CsvHelper;

namespace CertiFlip.Data.Formats;

/// <summary>Comma- or tab-separated text: a header row, numbers, and at most one column of labels.</summary>
/// <param name="delimiter">What stands between cells.</param>
/// <param name="labelColumn">The column that may hold labels.</param>
/// <param name="ignored">Columns that are passed over, whatever they hold.</param>
internal sealed class DelimitedFormat(char delimiter, string labelColumn, IReadOnlyCollection<string> ignored) : IDataFormat
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(",;\t| ");

    public Dataset ReadDataset(InputFile file)
    {
        using DelimitedTable table = new(file, delimiter, ignored);
        int labelAt = FindLabelColumn(table);
        if (labelAt < 0)
            table.AddHint(LikelyReason(table.Columns));
        RowNumbers? numbers = ignored.Contains(RowNumbers.Column) ? null : RowNumbers.Of(table, labelColumn);
        int[] featuresAt =
        [
            .. Enumerable.Range(0, table.Columns.Count)
                .Where(column => column != labelAt && column != numbers?.At && !ignored.Contains(table.Columns[column])),
        ];
        if (featuresAt.Length == 0)
        {
            string others = string.Join(" and ", table.Columns.Select(DataException.Quote));
            throw new DataException($"{file.Path}: there is no column but {others}; features need at least one.");
        }

        List<double> values = [];
        List<string> labels = [];
        List<int> lines = [];
        while (table.ReadRow())
        {
            lines.Add((int)table.Line);
            foreach (int column in featuresAt)
                values.Add(table.GetNumber(column));
            if (labelAt >= 0)
                labels.Add(table.GetLabel(labelAt));
            numbers?.ReadFrom(table);
        }

        var features = new FeatureMatrix(values.Count / featuresAt.Length, featuresAt.Length, [.. values]);
        if (numbers?.Order(rows: null) is { } order)
        {
            features = features.SelectRows(order);
            labels = labels.Count == 0 ? [] : [.. order.Select(line => labels[line])];
            lines = [.. order.Select(line => lines[line])];
        }

        return new Dataset(features, file.Path)
        {
            FeatureNames = [.. featuresAt.Select(column => table.Columns[column])],
            Labels = labels,
            LinesOfRows = lines,
            IgnoredColumns = [.. table.Columns.Intersect(ignored)],
        };
    }

    public RowValues ReadLabels(InputFile file, int? rows)
    {
        using DelimitedTable table = new(file, delimiter);
        int labelAt = FindLabelColumn(table);
        if (labelAt < 0 && table.Columns is [var only] && !IsAnother(only))
            labelAt = 0;
        if (labelAt < 0)
            throw table.NoColumnNamed(labelColumn, "expected a column of that name, or a single one");
        return table.ReadLabels(labelAt, labelColumn, rows);
    }

    /// <summary>Whether the only column holds something else, by its name.</summary>
    private static bool IsAnother(string only) => ((string[])[RowNumbers.Column, "cost", "text"]).Contains(only);

    /// <summary>Why there may be text where a number should be, in a table that has no column of labels.</summary>
    private string LikelyReason(List<string> columns)
    {
        if (columns is [var only] && only.AsSpan().IndexOfAny(Separators) >= 0)
        {
            return " The header is read as one cell: cells of a .csv are separated by commas, those of a .tsv by tabs, "
                + "and numbers have decimal points.";
        }
        return columns.Exists(DelimitedTable.IsNumber)
            ? " Line 1 is read as the names of the columns; are they missing?"
            : $" No column is named {DataException.Quote(labelColumn)}, so every column is read as a feature; is this one the labels'?";
    }

    /// <summary>The index of the column, or −1.</summary>
    private int FindLabelColumn(DelimitedTable table)
    {
        if (ignored.Contains(labelColumn))
            return -1;
        int found = table.Columns.IndexOf(labelColumn);
        int similar = table.Columns.FindIndex(name => name.Equals(labelColumn, StringComparison.OrdinalIgnoreCase));
        // Read as a feature, a column of numeric labels would tell a head the answer.
        return found >= 0 || similar < 0
            ? found
            : throw new DataException(
                $"{table.Path}: column {DataException.Quote(table.Columns[similar])} is spelled like the label column "
                + $"{DataException.Quote(labelColumn)} but for case; make them the same.");
    }
}

/// <summary>Reads a table of text row by row. Blanks around a cell that is not quoted do not count.</summary>
internal sealed class DelimitedTable : IDisposable
{
    // A quote that is never closed swallows the rest of the file; this bounds how much of it is read.
    private const int LongestRow = 1 << 26;
    private readonly CsvReader _reader;
    private readonly IReadOnlyCollection<string> _ignored;
    private string _hint = "";
    private bool _anyRow;

    /// <summary>Reads the header.</summary>
    /// <param name="file">The file.</param>
    /// <param name="delimiter">What stands between cells.</param>
    /// <param name="ignored">Columns that are not read; their names need not differ, and may be empty.</param>
    /// <exception cref="DataException">There is no header, or columns in it have no name or the same.</exception>
    public DelimitedTable(InputFile file, char delimiter, IReadOnlyCollection<string>? ignored = null)
    {
        (Path, _ignored) = (file.Path, ignored ?? []);
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

    /// <summary>The line of the row read last, from 1.</summary>
    public long Line => _reader.LineNumber;

    /// <summary>Names of the columns, all different.</summary>
    public List<string> Columns { get; }

    /// <summary>Decodes UTF-8 and throws at bytes that are not.</summary>
    public static Encoding StrictUtf8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Bytes that <see cref="StrictUtf8"/> refused.</summary>
    /// <param name="place">The file and where in it.</param>
    /// <param name="refusal">What the decoder threw.</param>
    public static DataException NotUtf8(string place, DecoderFallbackException refusal) =>
        new($"{place}: this is not text in UTF-8; save the file in that encoding.", refusal);

    /// <summary>Whether the name of a column is a number, as it is where the header is missing.</summary>
    public static bool IsNumber(string name) => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="DataException">There is no row at all, or the next one does not fit the header.</exception>
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
            {
                string expected = Columns.Count == 1 ? "1 cell is" : $"{Columns.Count} cells are";
                throw new DataException(
                    $"{Path}, line {_reader.LineNumber}: {expected} expected, as in the header, but there are {_reader.FieldCount}."
                    + (Columns.Count == 1 ? _hint : ""));
            }
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
        RowValues labels = ReadLines(numbers, rows, () =>
        {
            others?.ReadFrom(this);
            return GetLabel(at);
        });
        others?.ThrowIfAnyNumbers(labels.Texts.Count);
        return labels;
    }

    /// <summary>A text for each row, in the order of the rows.</summary>
    /// <param name="at">The column.</param>
    /// <param name="wanted">What the column is called where it is asked for.</param>
    public IReadOnlyList<string> ReadTexts(int at, string wanted) =>
        ReadLines(RowNumbers.Of(this, wanted), rows: null, () => GetText(at)).Texts;

    private RowValues ReadLines(RowNumbers? numbers, int? rows, Func<string> read)
    {
        List<string> texts = [];
        List<long> lines = [];
        while (ReadRow())
        {
            texts.Add(read());
            lines.Add(Line);
            numbers?.ReadFrom(this);
        }

        return numbers?.Order(rows) is { } order
            ? new RowValues(Path, [.. order.Select(line => texts[line])], [.. order.Select(line => lines[line])])
            : new RowValues(Path, texts, lines);
    }

    /// <summary>A column that is not there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="advice">What to do.</param>
    public DataException NoColumnNamed(string name, string advice) =>
        new($"{Path}: {(Columns is [var only]
            ? $"the only column is named {DataException.Quote(only)}, not {DataException.Quote(name)}"
            : $"none of the {Columns.Count} columns is named {DataException.Quote(name)}")}; {advice}.");

    /// <summary>
    /// Adds a sentence to messages about text in place of a number, or too many cells in a table of one column.
    /// </summary>
    public void AddHint(string hint) => _hint = hint;

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
        throw BadCell(column, text.Length == 0
            ? "the cell is empty; every feature needs a number."
            : $"{DataException.Quote(text)} is not a finite number; numbers are written as 3.14 or 1e-5.{_hint}");
    }

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
    public string GetText(int column)
    {
        try
        {
            return StrictUtf8.GetString(_reader.GetSpan(column));
        }
        catch (DecoderFallbackException e)
        {
            throw NotUtf8($"{Path}, line {_reader.LineNumber}, cell {column + 1}", e);
        }
    }

    public void Dispose() => _reader.Dispose();

    private List<string> ReadHeader()
    {
        _ = Advance();
        List<string> names = [.. Enumerable.Range(0, _reader.FieldCount).Select(GetText)];
        if (names.TrueForAll(IsNumber))
        {
            throw new DataException(
                $"{Path}, line 1: a header row with the names of the columns is expected, but there are only numbers.");
        }
        HashSet<string> seen = [];
        foreach ((int column, string name) in names.Index())
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
                throw new DataException(
                    $"{Path}, line 1: columns {names.IndexOf(name) + 1} and {column + 1} are both named {DataException.Quote(name)}; "
                    + "names must differ.");
            }
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

    private DataException BadCell(int column, string problem) =>
        new($"{Path}, line {_reader.LineNumber}, column {DataException.Quote(Columns[column])}: {problem}");
}
