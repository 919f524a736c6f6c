using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace CertiFlip.Data.Formats;

/// <summary>
/// Numbers in one cell, as an embedding is written: <c>[0.1, 0.2]</c>, <c>[0.1 0.2]</c> as NumPy prints it, or
/// <c>0.1 0.2 0.3</c>.
/// </summary>
internal sealed class NumberList
{
    private const int FewestWithoutBrackets = 3;
    private readonly List<double> _numbers = [];

    /// <summary>The numbers of the cell that was read last.</summary>
    public ReadOnlySpan<double> Numbers => CollectionsMarshal.AsSpan(_numbers);

    /// <summary>Whether that cell has brackets, so that it can be nothing else.</summary>
    public bool HasBrackets { get; private set; }

    /// <summary>Reads a cell; false if it is no list of finite numbers.</summary>
    /// <param name="cell">The cell in UTF-8.</param>
    /// <param name="place">Where it is, as messages name it.</param>
    /// <exception cref="DataException">NumPy left out numbers when it printed the list.</exception>
    public bool TryRead(ReadOnlySpan<byte> cell, Func<string> place)
    {
        _numbers.Clear();
        cell = cell.Trim(" \t\r\n"u8);
        HasBrackets = cell is [(byte)'[', .., (byte)']'];
        ReadOnlySpan<byte> rest = HasBrackets ? cell[1..^1] : cell;
        bool wasComma = true;
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n"u8);
            if (rest.IsEmpty)
                return !(wasComma && _numbers.Count > 0) && _numbers.Count >= (HasBrackets ? 1 : FewestWithoutBrackets);
            if (HasBrackets && _numbers.Count > 0 && rest.StartsWith("..."u8))
            {
                throw new DataException(
                    $"{place()}: numbers were left out of the list when it was printed (...); in pandas, write a list instead: "
                    + "frame['x'].apply(lambda v: v.tolist()).");
            }

            if (!Utf8Parser.TryParse(rest, out double number, out int length) || !double.IsFinite(number))
                return false;
            rest = rest[length..];
            if (!rest.IsEmpty && rest[0] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)','))
                return false;
            _numbers.Add(number);
            rest = rest.TrimStart(" \t\r\n"u8);
            wasComma = !rest.IsEmpty && rest[0] == (byte)',';
            rest = wasComma ? rest[1..] : rest;
        }
    }
}
