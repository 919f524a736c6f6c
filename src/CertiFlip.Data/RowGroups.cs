using System.Globalization;

namespace CertiFlip.Data;

/// <summary>Which group each row belongs to, as a file says it: one name for each row.</summary>
/// <remarks>
/// The names are in column <c>group</c> of a <c>.csv</c> or <c>.tsv</c>, or in the only column; in an array; or in
/// <c>.gz</c> of these. Column <c>row</c> says which row, from 0, a line belongs to; without it lines are in the order
/// of the rows. Groups must come from elsewhere than the labels that are defended.
/// </remarks>
public sealed class RowGroups
{
    private const string Column = "group";

    private readonly int[] _groups;

    private RowGroups(string path, string[] names, int[] groups) => (Source, Names, _groups) = (path, names, groups);

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>The names that occur, sorted as numbers if all are numbers, otherwise by Unicode code unit.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of rows, m.</summary>
    public int Count => _groups.Length;

    /// <summary>The group of a row: which of <see cref="Names"/>, from 0.</summary>
    /// <param name="row">The row of the data, from 0.</param>
    public int this[int row] => _groups[row];

    /// <summary>Reads the groups of some rows.</summary>
    /// <param name="path">
    /// The file: a name for each row of the source of the data, those that were left out included.
    /// </param>
    /// <param name="data">The rows, m.</param>
    /// <exception cref="DataException">The file cannot be read, or does not name a group for each row.</exception>
    public static RowGroups Read(string path, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        RowValues values = LabelReader.ReadValues(path, Column, data);
        if (values.Texts.Count != data.RowsInSource)
        {
            throw new DataException(
                $"{path}: there are {values.Texts.Count} groups for {data.RowsInSource} rows of {data.Source}; one for each is expected.");
        }

        if (Enumerable.Range(0, values.Texts.Count).FirstOrDefault(row => values.Texts[row].Length == 0, -1) is >= 0 and var unnamed)
            throw new DataException($"{values.PlaceOf(unnamed)}: the group is empty; every row needs one.");
        string[] texts = [.. Enumerable.Range(0, data.Features.Rows).Select(row => values.Texts[data.NumberOf(row)])];
        string[] names = [.. texts.Distinct().Order(StringComparer.Ordinal)];
        if (names.All(name => Number(name) is not null))
            names = [.. names.OrderBy(Number)];
        var numbers = names.Index().ToDictionary(name => name.Item, name => name.Index);
        return new RowGroups(path, names, [.. texts.Select(text => numbers[text])]);
    }

    private static double? Number(string name) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
