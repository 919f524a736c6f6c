using System.Globalization;

namespace CertiFlip.Data.Formats;

/// <summary>Parses the Python dictionary at the head of a .npy array, and nothing else that Python allows.</summary>
/// <remarks><c>{'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 4), }</c>, keys in any order, then blanks.</remarks>
internal sealed class NpyHeaderParser(string text)
{
    private int _at;
    private string? _elementType;
    private bool? _fortranOrder;
    private List<long>? _shape;

    /// <exception cref="FormatException">The text is not such a dictionary.</exception>
    public NpyHeader Parse()
    {
        Expect('{');
        while (!TryTake('}'))
        {
            ParseEntry();
            if (!TryTake(',') && Peek() != '}')
                throw Unexpected("',' or '}'");
        }
        if (Peek() != '\0' || _at != text.Length)
            throw Unexpected("nothing more");
        return new NpyHeader(
            _elementType ?? throw new FormatException("it lacks 'descr'"),
            _fortranOrder ?? throw new FormatException("it lacks 'fortran_order'"),
            _shape ?? throw new FormatException("it lacks 'shape'"));
    }

    private void ParseEntry()
    {
        string key = ParseString();
        Expect(':');
        switch (key)
        {
            case "descr" when _elementType is null:
                if (Peek() == '[')
                    throw new FormatException("structured arrays cannot be read; save a plain two-dimensional array of numbers");
                _elementType = ParseString();
                break;
            case "fortran_order" when _fortranOrder is null:
                _fortranOrder = ParseBoolean();
                break;
            case "shape" when _shape is null:
                _shape = ParseShape();
                break;
            default:
                throw new FormatException($"the key {DataException.Quote(key)} is unknown or there twice");
        }
    }

    private string ParseString()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
            throw Unexpected("a quoted string");
        int end = text.IndexOf(quote, _at + 1);
        if (end < 0)
            throw new FormatException("a string in it is not closed");
        string value = text[(_at + 1)..end];
        if (value.Contains('\\'))
            throw new FormatException("a string in it holds a backslash");
        _at = end + 1;
        return value;
    }

    private bool ParseBoolean() => TryTake("True") || (TryTake("False") ? false : throw Unexpected("True or False"));

    private List<long> ParseShape()
    {
        List<long> shape = [];
        Expect('(');
        while (!TryTake(')'))
        {
            shape.Add(ParseLength());
            // One length needs its comma: in Python (3) is a number and not a tuple.
            if (!TryTake(',') && (Peek() != ')' || shape.Count == 1))
                throw Unexpected("','");
        }
        return shape;
    }

    private long ParseLength()
    {
        _ = Peek();
        int start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
        return long.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : throw new FormatException($"a length in its shape, at character {start}, is not a number from 0 to {long.MaxValue}");
    }

    private char Peek()
    {
        while (_at < text.Length && text[_at] is ' ' or '\n' or '\t' or '\r')
            _at++;
        return _at < text.Length ? text[_at] : '\0';
    }

    private bool TryTake(char expected)
    {
        bool found = Peek() == expected;
        _at += found ? 1 : 0;
        return found;
    }

    private bool TryTake(string expected)
    {
        _ = Peek();
        bool found = text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal);
        _at += found ? expected.Length : 0;
        return found;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected))
            throw Unexpected($"'{expected}'");
    }

    private FormatException Unexpected(string expected) => new($"{expected} is expected at character {_at}");
}
