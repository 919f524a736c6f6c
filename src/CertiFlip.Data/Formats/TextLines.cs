using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>The lines of a text, one at a time.</summary>
internal sealed class TextLines : IDisposable
{
    /// <summary>The most bytes or characters of a line. What has no line ends is no list of lines.</summary>
    public const int Longest = 1 << 26;

    private readonly string _path;
    private readonly StreamReader _reader;
    private readonly StringBuilder _line = new();
    private readonly char[] _buffer = new char[1 << 14];
    private int _at;
    private int _end;
    private bool _afterReturn;

    /// <param name="file">The file.</param>
    /// <param name="utf8">How its bytes become characters: UTF-8 that throws at others or replaces them.</param>
    public TextLines(InputFile file, Encoding utf8)
    {
        _path = file.Path;
        _reader = new StreamReader(TextEncoding.OpenUtf8(file), utf8, detectEncodingFromByteOrderMarks: false);
    }

    /// <summary>How many lines have been read.</summary>
    public int Count { get; private set; }

    /// <summary>The next line without its end; null after the last.</summary>
    /// <exception cref="DataException">The line is too long, or not UTF-8.</exception>
    public string? Read()
    {
        _line.Clear();
        bool any = false;
        while (Fill())
        {
            any = true;
            ReadOnlySpan<char> rest = _buffer.AsSpan(_at, _end - _at);
            int length = rest.IndexOfAny('\r', '\n');
            _line.Append(length < 0 ? rest : rest[..length]);
            if (_line.Length > Longest)
                throw new DataException($"{_path}, line {Count + 1}: the line is longer than {Longest:N0} characters; is this text?");
            _at = length < 0 ? _end : _at + length + 1;
            if (length < 0)
                continue;
            _afterReturn = rest[length] == '\r';
            Count++;
            return _line.ToString();
        }

        if (!any)
            return null;
        Count++;
        return _line.ToString();
    }

    public void Dispose() => _reader.Dispose();

    private bool Fill()
    {
        while (true)
        {
            if (_at == _end)
                (_at, _end) = (0, ReadCharacters());
            if (_at == _end)
                return false;
            // A carriage return and a line feed are one end.
            bool isSecond = _afterReturn && _buffer[_at] == '\n';
            _afterReturn = false;
            if (!isSecond)
                return true;
            _at++;
        }
    }

    private int ReadCharacters()
    {
        try
        {
            return _reader.Read(_buffer);
        }
        catch (DecoderFallbackException e)
        {
            throw TextEncoding.NotUtf8($"{_path}, after line {Count}", e);
        }
    }
}
