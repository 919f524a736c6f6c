namespace CertiFlip.Data;

/// <summary>What the rows of data are called, to find those that other files speak of.</summary>
/// <param name="Column">The column of the data that has the ids; other files may call it <c>id</c>.</param>
/// <param name="Rows">The number of each row in its source, from 0, by its id.</param>
public sealed record RowIds(string Column, IReadOnlyDictionary<string, int> Rows)
{
    /// <summary>What outputs call the column of ids.</summary>
    public const string UsualColumn = "id";

    /// <summary>The row of an id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="place">Where it is, as messages name it.</param>
    /// <exception cref="DataException">No row has it.</exception>
    public int Find(string id, string place) => Rows.TryGetValue(id, out int row)
        ? row
        : throw new DataException($"{place}: no row has the id {DataException.Quote(id)}.");
}
