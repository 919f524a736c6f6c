using System.Globalization;
using CertiFlip.Data;

namespace CertiFlip.Cli.Auditing;

/// <summary>The file that <c>--trusted</c> names: numbers of training rows, from 0, such as the column <c>row</c> of what <c>audit --out</c> wrote.</summary>
internal static class TrustedRows
{
    private const string Column = "row";

    public static IReadOnlySet<int> Read(string path, int trainingRows)
    {
        HashSet<int> rows = [];
        foreach ((int index, string text) in LabelReader.Read(path, Column).Index())
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int row) || row >= trainingRows)
                throw new DataException($"{path}, row {index}: '{text}' is not a training row; they are numbered from 0 to {trainingRows - 1}.");
            rows.Add(row);
        }

        return rows;
    }
}
