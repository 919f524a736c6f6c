using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>Reads texts: a column of a <c>.csv</c> or <c>.tsv</c>, or the lines of a <c>.txt</c>; or <c>.gz</c> of these. All are in UTF-8.</summary>
public static class TextListReader
{
    /// <summary>Whether a file is named as files of texts are.</summary>
    /// <param name="path">The file, which need not exist.</param>
    public static bool IsNamedAsTexts(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return TextFormat.Extensions.Contains(DataFormats.Extension(path));
    }

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumn">For .csv and .tsv with several columns, the column that holds the texts.</param>
    /// <returns>At least one text; texts may be empty.</returns>
    /// <exception cref="DataException">The file cannot be read or does not hold texts.</exception>
    public static IReadOnlyList<string> Read(string path, string textColumn = "text") => InputFile.Read(path, file => TextFormat.Read(file, textColumn));
}
