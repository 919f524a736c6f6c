namespace CertiFlip.Data;

/// <summary>
/// n rows as a file has them, before anything is made of them: columns of numbers, texts, vectors or images.
/// </summary>
public sealed record Table
{
    /// <summary>A table of columns.</summary>
    /// <param name="source">Where it came from, as messages name it: a path.</param>
    /// <param name="columns">At least one, each with another name, all with as many values.</param>
    /// <exception cref="ArgumentException">
    /// There are no columns, two have the same name, or they differ in length.
    /// </exception>
    public Table(string source, IReadOnlyList<TableColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            throw new ArgumentException("A table needs at least one column.", nameof(columns));
        if (columns.FirstOrDefault(column => column.Rows != columns[0].Rows) is { } other)
            throw new ArgumentException($"Column '{other.Name}' has {other.Rows} rows, and '{columns[0].Name}' has {columns[0].Rows}.");
        if (columns.CountBy(column => column.Name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new ArgumentException($"Two columns are named '{twice}'.", nameof(columns));
        (Source, Columns) = (source, columns);
    }

    /// <summary>Where the table came from, as messages name it: a path.</summary>
    public string Source { get; }

    /// <summary>The columns in the order of the file.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>n, how many rows there are.</summary>
    public int Rows => Columns[0].Rows;

    /// <summary>
    /// Whether the file names its columns. Where it does not, they are named by their place: c1, c2 and so on.
    /// </summary>
    public bool HasNames { get; init; } = true;

    /// <summary>The line of the file that each row ends on, from 1, in formats of text; empty otherwise.</summary>
    public IReadOnlyList<int> LinesOfRows { get; init; } = [];

    /// <summary>The columns that were asked to be passed over and are in the file.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

    /// <summary>
    /// What was done to read the file that its user may not expect, such as pixels divided by 255: clauses without a
    /// full stop.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Finds a column.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The column, or null where there is none of this name.</returns>
    public TableColumn? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);

    /// <summary>Where a row is, as messages name it: the file, and the line or the row.</summary>
    /// <param name="row">The row, from 0.</param>
    public string PlaceOf(int row) => LinesOfRows.Count > 0 ? $"{Source}, line {LinesOfRows[row]}" : $"{Source}, row {row} (from 0)";

    /// <summary>Some of the rows.</summary>
    /// <param name="rows">Which, from 0.</param>
    public Table Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return With([.. Columns.Select(column => column.OfRows(rows))]) with
        {
            LinesOfRows = LinesOfRows.Count == 0 ? [] : [.. rows.Select(row => LinesOfRows[row])],
        };
    }

    /// <summary>The same table with more to say of how it was read.</summary>
    internal Table WithNotes(IReadOnlyList<string> notes) =>
        new(Source, Columns)
        {
            HasNames = HasNames,
            LinesOfRows = LinesOfRows,
            IgnoredColumns = IgnoredColumns,
            Notes = [.. Notes, .. notes],
        };

    /// <summary>Some of the columns, in this order.</summary>
    /// <param name="columns">Columns of this table.</param>
    public Table With(IReadOnlyList<TableColumn> columns) =>
        new(Source, columns) { HasNames = HasNames, LinesOfRows = LinesOfRows, IgnoredColumns = IgnoredColumns, Notes = Notes };
}
