namespace CertiFlip.Data;

/// <summary>Values that a file has for rows, such as labels or costs, and where each is in the file.</summary>
/// <param name="path">The file.</param>
/// <param name="texts">The values in the order of the rows.</param>
/// <param name="lines">The line of each; null in an array.</param>
public sealed class RowValues(string path, IReadOnlyList<string> texts, IReadOnlyList<long>? lines = null)
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The values as text, in the order of the rows.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <summary>The line of the file that the value of a row ends on, from 1; null in an array.</summary>
    /// <param name="row">The row, from 0.</param>
    public long? LineOf(int row) => lines?[row];

    /// <summary>Where the value of a row is, as messages name it: the file, and the line or the element.</summary>
    /// <param name="row">The row, from 0.</param>
    public string PlaceOf(int row) => lines is null ? $"{path}, element {row} (from 0)" : $"{path}, line {lines[row]}";
}
