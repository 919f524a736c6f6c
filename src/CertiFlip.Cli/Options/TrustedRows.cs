using System.Globalization;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The file that <c>--trusted</c> names: numbers of training rows, from 0, such as the column <c>row</c> of what <c>audit --out</c> wrote.</summary>
internal static class TrustedRows
{
    private const string Column = "row";

    /// <exception cref="DataException">The file cannot be read, or names a row that is not there or that it has named before.</exception>
    public static IReadOnlySet<int> Read(string path, int trainingRows)
    {
        HashSet<int> rows = [];
        foreach ((int index, string text) in LabelReader.Read(path, Column).Index())
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int row) || row >= trainingRows)
                throw new DataException($"{path}, row {index}: '{text}' is not a training row; they are numbered from 0 to {trainingRows - 1}.");
            if (!rows.Add(row))
                throw new DataException($"{path}, row {index}: training row {row} was named before; once is expected.");
        }

        return rows;
    }
}
