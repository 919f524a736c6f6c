namespace CertiFlip.Data.Formats;

/// <summary>
/// A file format that holds a table. Its methods may throw what a file's reader throws: <see cref="InputFile.Read"/>
/// makes a <see cref="DataException"/> of it that names the file.
/// </summary>
public interface ITableFormat
{
    /// <summary>What the format is called, such as Parquet.</summary>
    string Name { get; }

    /// <summary>
    /// Whether a file is in this format, by its content, and only where that says nothing by its name.
    /// </summary>
    /// <param name="file">The file.</param>
    bool Recognises(InputFile file);

    /// <summary>Reads the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">How to read it, where it does not say so itself.</param>
    /// <exception cref="DataException">It does not hold a table.</exception>
    Table Read(InputFile file, TableOptions options);
}
