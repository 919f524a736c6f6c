using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>
/// Reads texts: a column of a <c>.csv</c> or <c>.tsv</c>, or the lines of a <c>.txt</c>; or <c>.gz</c> of these. All
/// are in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.
/// </summary>
public static class TextListReader
{
    private static readonly string[] Extensions = [".csv", ".tsv", ".txt"];

    /// <summary>Whether a file has an extension that files of texts have.</summary>
    /// <param name="path">The file, which need not exist.</param>
    public static bool IsNamedAsTexts(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Extensions.Contains(InputFile.ExtensionOf(path));
    }

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumn">For .csv and .tsv with several columns, the column that holds the texts.</param>
    /// <returns>At least one text; texts may be empty.</returns>
    /// <exception cref="DataException">The file cannot be read or does not hold texts.</exception>
    public static IReadOnlyList<string> Read(string path, string textColumn = "text") => InputFile.Read<IReadOnlyList<string>>(path, file =>
    {
        file.ThrowIfEmpty();
        if (ForeignFormat.OfBinary(file) is { } kind)
            throw kind.Refusal(path);
        return file.Extension switch
        {
            ".csv" => Column(file, ',', textColumn),
            ".tsv" => Column(file, '\t', textColumn),
            ".txt" => Lines(file),
            _ => throw new DataException(
                $"{path}: texts are read from .csv and .tsv (a column), .txt (a text in each line), and .gz of these."),
        };
    });

    private static IReadOnlyList<string> Column(InputFile file, char delimiter, string column)
    {
        using DelimitedTable table = new(file, delimiter);
        int at = table.Columns.Count == 1 ? 0 : table.Columns.IndexOf(column);
        if (at < 0)
            throw table.NoColumnNamed(column, "name the column that holds the texts");
        return table.ReadTexts(at, column);
    }

    private static List<string> Lines(InputFile file)
    {
        using var lines = new TextLines(file, TextEncoding.Utf8);
        List<string> texts = [];
        while (lines.Read() is { } line)
        {
            file.Budget.Take(ReadBudget.BytesOf(line));
            texts.Add(line);
        }

        return texts;
    }
}
