using System.Text.RegularExpressions;

namespace CertiFlip.Data.Formats;

/// <summary>Text of which each line is a row: cells between commas, tabs, semicolons, bars or blanks.</summary>
internal sealed partial class DelimitedTables : ITableFormat
{
    private const int MostWithDots = 50;

    public string Name => "text";

    public bool Recognises(InputFile file) => ForeignFormat.Of(file) is null;

    public Table Read(InputFile file, TableOptions options)
    {
        TextLayout layout = TextLayout.Of(file, options);
        Reading reading = Reading.Of(file, layout, options, mixed: []);
        string[] mixed = [.. reading.Columns.Where(column => column.IsMixed).Select(column => column.Name)];

        // Numbers before the first text were not kept as they are written, "007" for example: they are read again.
        if (mixed.Length > 0)
            reading = Reading.Of(file, layout, options, mixed);
        List<string> notes = [];
        // One column with a decimal comma says what 1,234 means in the others.
        foreach (ColumnBuilder column in reading.Columns
            .Where(column => column.IsText && !options.AsText.Contains(column.Name))
            .OrderByDescending(column => HaveDecimalCommas(Fractions(column))))
            Check(column, reading, layout, options);
        if (reading.Columns.FirstOrDefault(column => !column.IsText && column.Ambiguous is not null) is { } ambiguous)
            throw DecimalPoint(reading, ambiguous, ambiguous.Ambiguous!);
        if (reading.IsReordered)
            notes.Add($"rows are in the order of column '{RowNumbers.Column}'");
        string[] empty = [.. reading.Columns.Where(column => column.IsEmpty && reading.Unnamed.Contains(column.Name)).Select(c => c.Name)];
        if (empty.Length > 0 && empty.Length < reading.Columns.Length)
        {
            notes.Add($"columns without a name and without a value are passed over: {string.Join(", ", empty)}");
            reading.Columns = [.. reading.Columns.Where(column => !empty.Contains(column.Name))];
        }

        TableColumn[] columns = [.. reading.Columns.Select(column => column.ToColumn(file.Path))];
        if (!reading.HasNames && reading.Columns[^1] is { IsText: true, Different.Count: <= MostWithDots } last
            && last.Different.All(text => text is [.. { Length: > 0 }, '.']))
        {
            columns[^1] = new TextColumn(last.Name, [.. ((TextColumn)columns[^1]).Values.Select(text => text?[..^1])]);
            notes.Add("the full stop at the end of every line is left out");
        }

        return new Table(file.Path, columns)
        {
            HasNames = reading.HasNames,
            LinesOfRows = reading.Lines,
            IgnoredColumns = reading.Ignored,
            Notes = notes,
        };
    }

    /// <summary>Refuses what would become a category by mistake.</summary>
    private static void Check(ColumnBuilder column, Reading reading, TextLayout layout, TableOptions options)
    {
        if (options.HasHeader is null && reading.HasNames && column.NamesakeCount > 1)
        {
            throw new DataException(
                $"{reading.Path}, line 1: {DataException.Quote(column.Name)} is read as the name of a column, but it is also a value in "
                + $"{column.NamesakeCount} rows of it. {TextLayout.NoHeaderAdvice}");
        }

        string[] numbers = Fractions(column);
        if (numbers.Length == 0)
            return;
        if (layout.DecimalComma && numbers.All(text => DelimitedTable.IsNumber(text) || Thousands().IsMatch(text) || IsRead(text))
            && numbers.FirstOrDefault(text => DelimitedTable.IsNumber(text) && !IsRead(text)) is { } other)
            throw DecimalPoint(reading, column, other);
        if (!layout.DecimalComma && HaveDecimalCommas(numbers))
        {
            throw new DataException(
                $"{reading.Path}, column {DataException.Quote(column.Name)}: {DataException.Quote(numbers[0])} is a number with a decimal "
                + "comma, as all others here; say so with --decimal comma (TableOptions.DecimalComma).");
        }

        if (numbers.All(Thousands().IsMatch))
        {
            throw new DataException(
                $"{reading.Path}, column {DataException.Quote(column.Name)}: {DataException.Quote(numbers[0])} is a number with marks "
                + "between thousands, as all others here; write numbers without them, such as 1234.5. If the comma is decimal, say so "
                + "with --decimal comma.");
        }

        bool IsRead(string text) => layout.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out _);
    }

    /// <summary>What is in a column of texts that is no whole number.</summary>
    private static string[] Fractions(ColumnBuilder column) => [.. column.Different.Where(text => !long.TryParse(text, out _))];

    private static bool HaveDecimalCommas(string[] numbers) =>
        numbers.Length > 0 && numbers.All(DecimalComma().IsMatch) && !numbers.All(Thousands().IsMatch);

    private static DataException DecimalPoint(Reading reading, ColumnBuilder column, string number) => new(
        $"{reading.Path}, column {DataException.Quote(column.Name)}: {DataException.Quote(number)} is read as a number with a decimal "
        + "point, and no comma shows otherwise, but a decimal comma was asked for; leave out --decimal comma "
        + "(TableOptions.DecimalComma), or write thousands without points.");

    [GeneratedRegex(@"^[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)?,[0-9]+([eE][+-]?[0-9]+)?$")]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}([,' ][0-9]{3})+(\.[0-9]+)?$")]
    private static partial Regex Thousands();

    /// <summary>What was read of a file.</summary>
    private sealed class Reading
    {
        public required string Path { get; init; }

        public required ColumnBuilder[] Columns { get; set; }

        public required bool HasNames { get; init; }

        public required IReadOnlyList<string> Ignored { get; init; }

        public required HashSet<string> Unnamed { get; init; }

        public required IReadOnlyList<int> Lines { get; init; }

        /// <summary>Whether a column numbers the rows, and not in the order of the lines.</summary>
        public required bool IsReordered { get; init; }

        public static Reading Of(InputFile file, TextLayout layout, TableOptions options, string[] mixed)
        {
            using DelimitedTable table = new(file, layout, options.Ignored);
            RowNumbers? numbers = options.Ignored.Contains(RowNumbers.Column) || options.AsText.Contains(RowNumbers.Column)
                ? null
                : RowNumbers.Of(table, wanted: "");
            string Place() => $"{file.Path}, line {table.Line}";
            (int At, bool IsAsWritten, ColumnBuilder Values)[] columns =
            [
                .. from column in table.Columns.Index()
                   where column.Index != numbers?.At && !options.Ignored.Contains(column.Item)
                   let isAsWritten = options.AsText.Contains(column.Item)
                   select (column.Index, isAsWritten,
                       new ColumnBuilder(column.Item, file.Budget, isAsWritten || mixed.Contains(column.Item), Place)),
            ];
            if (columns.Length == 0)
                throw new DataException($"{file.Path}: no column is left; {table.Columns.Count} are passed over.");
            List<int> lines = [];
            NumberList list = new();
            while (table.ReadRow())
            {
                lines.Add((int)table.Line);
                file.Budget.Take(sizeof(int));
                foreach ((int at, bool isAsWritten, ColumnBuilder values) in columns)
                    ReadCell(table, at, isAsWritten, values, list, Place, layout);
                numbers?.ReadFrom(table);
            }

            bool isReordered = false;
            if (numbers?.Order(rows: null) is { } order)
            {
                isReordered = order.Index().Any(row => row.Index != row.Item);
                foreach ((_, _, ColumnBuilder values) in columns)
                    values.Reorder(order);
                lines = [.. order.Select(row => lines[row])];
            }

            return new Reading
            {
                Path = file.Path,
                Columns = [.. columns.Select(column => column.Values)],
                HasNames = table.HasNames,
                Ignored = [.. table.Columns.Intersect(options.Ignored)],
                Unnamed = [.. table.Columns.Index().Where(column => table.IsUnnamed(column.Index)).Select(column => column.Item)],
                Lines = lines,
                IsReordered = isReordered,
            };
        }

        private static void ReadCell(
            DelimitedTable table, int at, bool isAsWritten, ColumnBuilder values, NumberList list, Func<string> place,
            TextLayout layout)
        {
            if (!values.IsText)
            {
                if (table.TryGetNumber(at) is { } number && values.TryAdd(number))
                {
                    if (layout.DecimalComma && !double.IsNaN(number))
                        values.LookAt(table.GetBytes(at));
                    return;
                }

                if (!values.IsText && list.TryRead(table.GetBytes(at), place) && values.TryAdd(list.Numbers, list.HasBrackets))
                    return;
            }

            string text = table.GetText(at);
            if (!isAsWritten && MissingCell.IsOne(text))
                values.AddGaps(1);
            else
                values.Add(text);
        }
    }
}
