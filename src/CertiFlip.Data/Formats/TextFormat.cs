using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>Texts in a table, or one in each line.</summary>
internal static class TextFormat
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IReadOnlyList<string> Extensions { get; } = [".csv", ".tsv", ".txt"];

    public static IReadOnlyList<string> Read(InputFile file, string column)
    {
        if (file.Length == 0)
            throw new DataException($"{file.Path}: the file is empty.");
        return DataFormats.Extension(file.Path) switch
        {
            ".csv" => Column(file, ',', column),
            ".tsv" => Column(file, '\t', column),
            ".txt" => Lines(file),
            _ => throw new DataException($"{file.Path}: texts are read from .csv and .tsv (a column), .txt (a text in each line), and .gz of these."),
        };
    }

    private static List<string> Column(InputFile file, char delimiter, string column)
    {
        using DelimitedTable table = new(file, delimiter);
        int at = table.Columns.Count == 1 ? 0 : table.Columns.IndexOf(column);
        if (at < 0)
            throw new DataException($"{file.Path}: none of the {table.Columns.Count} columns is named {DataException.Quote(column)}; name the column that holds the texts.");
        List<string> texts = [];
        while (table.ReadRow())
            texts.Add(table.GetText(at));
        return texts;
    }

    private static List<string> Lines(InputFile file)
    {
        using var reader = new StreamReader(file.Open(), StrictUtf8);
        List<string> lines = [];
        try
        {
            while (reader.ReadLine() is { } line)
                lines.Add(line);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException($"{file.Path}, after line {lines.Count}: this is not text in UTF-8; save the file in that encoding.", e);
        }

        return lines;
    }
}
