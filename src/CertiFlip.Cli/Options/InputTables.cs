using CertiFlip.Columnar;
using CertiFlip.Data;
using CertiFlip.Onnx;

namespace CertiFlip.Cli.Options;

/// <summary>Reads whatever rows come in: every format that the command knows.</summary>
internal static class InputTables
{
    private static readonly TableReader Tables = new(ColumnarFormats.All);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it, where it does not say so itself.</param>
    /// <exception cref="DataException">It cannot be read.</exception>
    public static Table Read(string path, TableOptions options)
    {
        if (ImageFolder.Recognises(path))
            return ImageFolder.Read(path);
        Table table = Tables.Read(path, options);
        return table.Find("image") is null && table.Columns.OfType<TextColumn>().FirstOrDefault(HoldsPaths) is { } paths
            ? table.With([.. table.Columns, new ImageColumn("image", ImageFolder.OfColumn(path, paths.Values))])
            : table;
    }

    /// <summary>The part of test rows of a file that has one beside training rows; otherwise the file itself.</summary>
    /// <param name="path">The file, which has been read.</param>
    public static string TestPartOf(string path) =>
        !ImageFolder.Recognises(path) && Tables.PartsOf(path) is var parts && parts.Contains("train") && parts.Contains("test")
            ? path + "#test"
            : path;

    /// <summary>Whether a column of texts names images, each in a file of its own.</summary>
    private static bool HoldsPaths(TextColumn column) =>
        column.Rows > 0 && column.Values.All(text => text is not null && ImageFolder.IsImage(text));
}
