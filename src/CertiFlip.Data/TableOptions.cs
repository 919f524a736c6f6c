using System.Text;

namespace CertiFlip.Data;

/// <summary>How a table is read, where its file does not say it.</summary>
public sealed record TableOptions
{
    /// <summary>Columns that are not read, by name. One that is not there makes no difference.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>
    /// Columns that are kept as they are written even where every value is a number: labels, ids, codes and texts.
    /// </summary>
    public IReadOnlyCollection<string> AsText { get; init; } = [];

    /// <summary>
    /// For text, whether the first line names the columns; null finds out: it does not where all its cells are numbers
    /// that do not count the columns.
    /// </summary>
    public bool? HasHeader { get; init; }

    /// <summary>For text, what stands between cells; null takes what the extension or the first line says.</summary>
    public char? Delimiter { get; init; }

    /// <summary>For text without a byte order mark, its encoding; null is UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>For text, whether numbers have a decimal comma (12,5) and not a point.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>In a file of several arrays or tables, the name of the one to read; null takes the usual one.</summary>
    public string? Part { get; init; }
}
