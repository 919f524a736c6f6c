using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>Reads tables of every format that is known here, and of others that are given.</summary>
/// <param name="others">Formats that are tried first, such as those of CertiFlip.Columnar.</param>
public sealed class TableReader(params IReadOnlyList<ITableFormat> others)
{
    private static readonly ITableFormat[] Own = [new DelimitedTables()];

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file; <c>FILE#NAME</c> is the array or table NAME in it.</param>
    /// <param name="options">How to read it, where it does not say so itself.</param>
    /// <exception cref="DataException">The file cannot be read or does not hold a table.</exception>
    public Table Read(string path, TableOptions? options = null) => InputFile.Read(path, file =>
    {
        file.ThrowIfEmpty();
        ITableFormat format = Recognise(file) ?? throw ForeignFormat.Of(file)?.Refusal(path) ?? new DataException(
            $"{path}: the format is not known.");
        return format.Read(file, options ?? new TableOptions());
    });

    private ITableFormat? Recognise(InputFile file) => others.Concat(Own).FirstOrDefault(format => format.Recognises(file));
}
