using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>Reads whatever rows come in: every format that the command knows.</summary>
internal static class InputTables
{
    private static readonly TableReader Tables = new();

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it, where it does not say so itself.</param>
    /// <exception cref="DataException">It cannot be read.</exception>
    public static Table Read(string path, TableOptions options) => Tables.Read(path, options);
}
