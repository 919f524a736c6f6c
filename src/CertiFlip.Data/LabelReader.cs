using CertiFlip.Data.Formats;
using CertiFlip.Data.Pipelines;

namespace CertiFlip.Data;

/// <summary>Reads labels, or other values that rows have, from a file of their own.</summary>
/// <remarks>
/// <para>
/// The formats are <c>.npy</c> and IDX (one dimension), <c>.npz</c> (array <c>y</c>), <c>.csv</c> and <c>.tsv</c> (the
/// label column, or the only column there is), and <c>.gz</c> of any of these. Array labels may be integers, booleans,
/// floats or fixed-width text.
/// </para>
/// <para>
/// The column <c>row</c> of a table says which row, from 0, a line belongs to: lines may then have any order, and each
/// row needs one. Without it, lines are in the order of the rows. Another column that tells rows apart, such as
/// <c>id</c>, is refused.
/// </para>
/// </remarks>
public static class LabelReader
{
    /// <summary>Reads labels.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">For .csv and .tsv with several columns, the column that holds the labels.</param>
    /// <returns>
    /// At least one label, empty where it is missing: a blank cell, NaN or infinity. Numbers are written in their
    /// shortest form that reads back the same.
    /// </returns>
    /// <exception cref="DataException">The file cannot be read or does not hold labels.</exception>
    public static IReadOnlyList<string> Read(string path, string labelColumn = "label") => Values(path, labelColumn, rows: null).Texts;

    /// <summary>Reads the labels of so many rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">For .csv and .tsv with several columns, the column that holds the labels.</param>
    /// <param name="rows">
    /// How many rows there are. A file without the column <c>row</c> may have another number of labels.
    /// </param>
    /// <inheritdoc cref="Read(string, string)"/>
    public static IReadOnlyList<string> Read(string path, string labelColumn, int rows) => Values(path, labelColumn, rows).Texts;

    /// <summary>Reads other values than labels, and where each is in the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">For .csv and .tsv with several columns, the column that holds the values.</param>
    /// <param name="rows">
    /// How many rows there are. A file without the column <c>row</c> may have another number of values.
    /// </param>
    /// <inheritdoc cref="Read(string, string)"/>
    public static RowValues ReadValues(string path, string column, int rows) => Values(path, column, rows);

    /// <summary>Reads values of the rows of data, whose lines may name them by their ids.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">For tables with several columns, the column that holds the values.</param>
    /// <param name="data">The rows; those of their whole source are meant.</param>
    /// <inheritdoc cref="ReadValues(string, string, int)"/>
    public static RowValues ReadValues(string path, string column, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ReadValues(path, column, data.RowsInSource, data.RowIds);
    }

    /// <summary>Reads values of rows, whose lines may name them by their ids.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">For tables with several columns, the column that holds the values.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="ids">Their ids; null where they have none.</param>
    /// <inheritdoc cref="ReadValues(string, string, int)"/>
    public static RowValues ReadValues(string path, string column, int rows, RowIds? ids)
    {
        if (ids is null || ById(path, ids, column) is not var (table, names, texts) || texts is null)
            return ReadValues(path, column, rows);
        int[] lineOf = new int[rows];
        Array.Fill(lineOf, -1);
        for (int line = 0; line < names.Count; line++)
        {
            int row = ids.Find(names[line], table.PlaceOf(line));
            if (lineOf[row] >= 0)
                throw new DataException(
                    $"{table.PlaceOf(line)}: the row {DataException.Quote(names[line])} is there twice; expected it once.");
            lineOf[row] = line;
        }

        if (Array.IndexOf(lineOf, -1) is var missing and >= 0)
        {
            throw new DataException(
                $"{path}: the row {DataException.Quote(ids.Rows.First(id => id.Value == missing).Key)} is missing; each needs a line.");
        }

        return new RowValues(
            path, [.. lineOf.Select(line => texts[line])],
            table.LinesOfRows.Count == 0 ? null : [.. lineOf.Select(line => (long)table.LinesOfRows[line])]);
    }

    /// <summary>Reads which rows of data a file names: by their ids, or by their numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">The rows; those of their whole source are meant.</param>
    /// <inheritdoc cref="ReadRows(string, int)"/>
    public static IReadOnlyList<int> ReadRows(string path, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.RowIds is { } ids && ById(path, ids, column: null) is var (table, names, _)
            ? [.. names.Select((id, line) => ids.Find(id, table.PlaceOf(line))).Distinct()]
            : ReadRows(path, data.RowsInSource);
    }

    /// <summary>
    /// The ids of a table's lines, and their values; null where it is no table or has no column of ids.
    /// </summary>
    private static (Table Table, IReadOnlyList<string> Ids, IReadOnlyList<string>? Values)? ById(string path, RowIds ids, string? column)
    {
        string[] asText = [ids.Column, RowIds.UsualColumn, RowNumbers.Column, .. column is null ? [] : (string[])[column]];
        if (InputFile.Read(path, file => DataFormats.RecogniseArrays(file) is not null))
            return null;
        Table table = new TableReader().Read(path, new TableOptions { AsText = asText });
        string? named = table.Find(ids.Column) is not null
            ? ids.Column
            : table.Find(RowIds.UsualColumn) is not null
            ? RowIds.UsualColumn
            : null;
        if (named is null || named == column)
            return null;
        IReadOnlyList<string> Texts(string name) => [.. Preprocessing.LevelsOf(table.Find(name)!).Select(text => text ?? "")];
        return (table, Texts(named), column is not null && table.Find(column) is not null ? Texts(column) : null);
    }

    /// <summary>Reads the numbers of some rows, from the column <c>row</c> of a table or from an array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <returns>The numbers, from 0, in the order of the file; none comes twice.</returns>
    /// <exception cref="DataException">
    /// The file cannot be read, or holds something that is not the number of a row, or one of them twice.
    /// </exception>
    public static IReadOnlyList<int> ReadRows(string path, int rows) =>
        RowNumbers.Read(Values(path, RowNumbers.Column, rows: null), rows);

    private static RowValues Values(string path, string column, int? rows) =>
        InputFile.Read(path, file => DataFormats.Recognise(file, column).ReadLabels(file, rows));
}
