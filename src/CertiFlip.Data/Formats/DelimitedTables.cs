namespace CertiFlip.Data.Formats;

/// <summary>Comma- or tab-separated text as a table. A column holds numbers where every cell is one or is missing.</summary>
internal sealed class DelimitedTables : ITableFormat
{
    public string Name => "CSV";

    public bool Recognises(InputFile file) => file.Extension is ".csv" or ".tsv" && ForeignFormat.Of(file) is null;

    public Table Read(InputFile file, TableOptions options)
    {
        char delimiter = file.Extension == ".tsv" ? '\t' : ',';
        Column[] columns = ReadColumns(file, delimiter, options, [], out IReadOnlyList<string> ignored, out IReadOnlyList<int> lines);
        string[] mixed = [.. columns.Where(column => column.IsMixed).Select(column => column.Name)];

        // Numbers before the first text were not kept as they are written, "007" for example: they are read again.
        if (mixed.Length > 0)
            columns = ReadColumns(file, delimiter, options, mixed, out ignored, out lines);
        return new Table(file.Path, [.. columns.Select(column => column.ToTableColumn(file.Path))])
        {
            LinesOfRows = lines,
            IgnoredColumns = ignored,
        };
    }

    private static Column[] ReadColumns(
        InputFile file, char delimiter, TableOptions options, string[] mixed, out IReadOnlyList<string> ignored,
        out IReadOnlyList<int> lines)
    {
        using DelimitedTable table = new(file, delimiter, options.Ignored);
        RowNumbers? numbers = options.Ignored.Contains(RowNumbers.Column) || options.AsText.Contains(RowNumbers.Column)
            ? null
            : RowNumbers.Of(table, wanted: "");
        Column[] columns =
        [
            .. table.Columns.Index()
                .Where(column => column.Index != numbers?.At && !options.Ignored.Contains(column.Item))
                .Select(column => new Column(
                    column.Index, column.Item, file.Budget, options.AsText.Contains(column.Item), mixed.Contains(column.Item))),
        ];
        List<int> found = [];
        while (table.ReadRow())
        {
            found.Add((int)table.Line);
            file.Budget.Take(sizeof(int));
            foreach (Column column in columns)
                column.ReadFrom(table);
            numbers?.ReadFrom(table);
        }

        ignored = [.. table.Columns.Intersect(options.Ignored)];
        if (numbers?.Order(rows: null) is { } order)
        {
            foreach (Column column in columns)
                column.Reorder(order, file.Path);
            found = [.. order.Select(line => found[line])];
        }

        lines = found;
        return columns;
    }

    /// <summary>The cells of a column, numbers for as long as they are.</summary>
    private sealed class Column
    {
        private readonly int _at;
        private readonly ReadBudget _budget;
        private readonly bool _isAsWritten;
        private readonly LabelNames _names;
        private NumberBuffer<double>? _numbers;
        private double[]? _ordered;
        private List<string?>? _texts;
        private bool _anyNumber;

        public Column(int at, string name, ReadBudget budget, bool isAsWritten, bool isText)
        {
            (_at, Name, _budget, _isAsWritten, _names) = (at, name, budget, isAsWritten, new LabelNames(budget));
            if (isAsWritten || isText)
                _texts = [];
            else
                _numbers = new NumberBuffer<double>(budget);
        }

        public string Name { get; }

        /// <summary>Whether there were numbers before the first text.</summary>
        public bool IsMixed { get; private set; }

        public void ReadFrom(DelimitedTable table)
        {
            if (_numbers is not null)
            {
                if (table.TryGetNumber(_at) is { } number)
                {
                    _numbers.Add(number);
                    _anyNumber |= !double.IsNaN(number);
                    return;
                }

                IsMixed = _anyNumber;
                _texts = [.. Enumerable.Repeat<string?>(null, (int)_numbers.Count)];
                _numbers = null;
            }

            string text = table.GetText(_at);
            _budget.Take(IntPtr.Size);
            _texts!.Add(!_isAsWritten && MissingCell.IsOne(text) ? null : _names.Same(text));
        }

        public void Reorder(int[] order, string path)
        {
            if (_numbers is not null)
            {
                double[] values = _numbers.TakeAll(path);
                _ordered = [.. order.Select(line => values[line])];
            }
            else
            {
                _texts = [.. order.Select(line => _texts![line])];
            }
        }

        public TableColumn ToTableColumn(string path) =>
            _numbers is null ? new TextColumn(Name, _texts!) : new NumberColumn(Name, _ordered ?? _numbers.TakeAll(path));
    }
}

/// <summary>Cells of tables that say that there is no value: empty ones, <c>?</c>, <c>NA</c>, <c>nan</c> and the like.</summary>
internal static class MissingCell
{
    /// <summary>Whether a cell among texts is one. Dashes, dots and the word None are categories of many tables.</summary>
    /// <param name="text">The cell.</param>
    public static bool IsOne(string text) => LabelText.MayBeMissing(text)
        && text.Trim() is var word
        && (word is "" or "?" || !LabelText.IsSign(word))
        && !word.Equals("none", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a cell among numbers is one.</summary>
    /// <param name="text">The cell.</param>
    public static bool IsOneAmongNumbers(string text) => LabelText.MayBeMissing(text);
}
