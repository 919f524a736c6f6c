using CertiFlip.Data.Formats;

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
