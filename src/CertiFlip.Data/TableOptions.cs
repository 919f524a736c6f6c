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

    /// <summary>An encoding by its name.</summary>
    /// <param name="name">Its name, such as latin-1, windows-1252 or utf-16, in any case.</param>
    /// <exception cref="DataException">There is none of that name.</exception>
    public static Encoding EncodingNamed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            string known = name.ToUpperInvariant() is "LATIN-1" or "LATIN1" or "LATIN_1" ? "iso-8859-1" : name;
            return CodePagesEncodingProvider.Instance.GetEncoding(known) ?? Encoding.GetEncoding(known);
        }
        catch (ArgumentException e)
        {
            throw new DataException(
                $"{DataException.Quote(name)} is not the name of an encoding; expected one such as latin-1, windows-1252 or utf-16.", e);
        }
    }

    /// <summary>For text, whether numbers have a decimal comma (12,5) and not a point.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>
    /// For sparse formats, how many columns the table is to have: those of training rows, for test rows. Columns that
    /// are not named are 0, and those after the last are passed over: no training row has anything in them. Null is as
    /// many as the file names.
    /// </summary>
    public int? SparseColumns { get; init; }

    /// <summary>
    /// For sparse formats, the number of the first column, 0 or 1; null is 0 if that number is in the file, otherwise
    /// 1.
    /// </summary>
    public int? FirstIndex { get; init; }

    /// <summary>
    /// In a file of several arrays or tables, the name of the one to read, as <c>FILE#NAME</c> gives it; null takes the
    /// usual one.
    /// </summary>
    public string? Part { get; init; }
}
