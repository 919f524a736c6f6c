using System.Text.Json;
using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>Reads tables of every format that is known here, and of others that are given.</summary>
/// <param name="others">Formats that are tried first, such as those of CertiFlip.Columnar.</param>
public sealed class TableReader(params IReadOnlyList<ITableFormat> others)
{
    private static readonly DelimitedTables Text = new();
    private static readonly ITableFormat[] Own = [new ArrayTables(), new JsonTables(), new SparseTables(), Text];

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file; <c>FILE#NAME</c> is the array or table NAME in it.</param>
    /// <param name="options">How to read it, where it does not say so itself.</param>
    /// <exception cref="DataException">The file cannot be read or does not hold a table.</exception>
    public Table Read(string path, TableOptions? options = null) => InputFile.Read(path, file =>
    {
        options ??= new TableOptions();
        if (file.Part is not null)
            options = options with { Part = file.Part };
        ITableFormat format = Recognise(file, options);
        return file.Part is null || format is ArrayTables || others.Contains(format)
            ? format.Read(file, options)
            : throw new DataException($"{path}: there is one table in the file; name it without '#{file.Part}'.");
    });

    /// <summary>The tables or arrays in a file that has several, as <c>FILE#NAME</c> names them.</summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// Their names; <c>train</c> and <c>test</c> where arrays have names such as <c>x_train</c> and <c>test_labels</c>.
    /// Empty where a file has one table.
    /// </returns>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public IReadOnlyList<string> PartsOf(string path) =>
        InputFile.Read(path, file => Recognise(file, new TableOptions()) is ArrayTables ? ArrayTables.PartsOf(file) : []);

    /// <summary>A table of JSON objects, a row each, as a service receives them.</summary>
    /// <param name="source">Where they came from, as messages name it.</param>
    /// <param name="rows">At least one object.</param>
    /// <param name="options">How to read them.</param>
    /// <exception cref="DataException">They do not make a table.</exception>
    public static Table FromJson(string source, IEnumerable<JsonElement> rows, TableOptions? options = null) =>
        JsonTables.FromObjects(source, rows, options ?? new TableOptions());

    private ITableFormat Recognise(InputFile file, TableOptions options)
    {
        file.ThrowIfEmpty();
        if (others.FirstOrDefault(format => format.Recognises(file)) is { } other)
            return other;

        // Who says how cells or letters are written knows that it is a table of text.
        bool isText = options.Delimiter is not null || options.Encoding is not null;
        if (isText && !ArrayTables.Are(file) && ForeignFormat.OfBinary(file) is null)
            return Text;
        return Own.FirstOrDefault(format => format.Recognises(file)) ?? throw (ForeignFormat.Of(file)?.Refusal(file.Path)
            ?? new DataException($"{file.Path}: the format is not known."));
    }
}
