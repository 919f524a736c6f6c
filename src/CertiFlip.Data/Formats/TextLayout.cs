using System.Globalization;
using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>How the cells of a text are laid out.</summary>
/// <param name="Delimiter">What stands between cells.</param>
internal sealed record TextLayout(char Delimiter)
{
    /// <summary>Between cells are runs of blanks and tabs.</summary>
    public const char Blanks = ' ';

    /// <summary>What to do where the first line is a row.</summary>
    public const string NoHeaderAdvice = "If line 1 is a row and names no columns, say so with --header none (TableOptions.HasHeader).";

    // Stands in no text: a line is one cell.
    private const char None = '\x1F';
    private const char Quote = '"', NoQuote = '\x1E';
    private const int SampleBytes = 1 << 17;
    private const double Most = 0.5, NearlyAll = 0.9;
    private const int LongestNumber = 64, Group = 4;

    /// <summary>Whether the first line names the columns; null finds out.</summary>
    public bool? HasHeader { get; init; } = true;

    /// <summary>The encoding of text without a byte order mark; null is UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Whether numbers have a decimal comma.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>
    /// Whether columns without a name get that of their place, and messages name the options of
    /// <see cref="TableOptions"/>.
    /// </summary>
    public bool IsAsFound { get; init; }

    /// <summary>Whether the first line is a comment, as in the test file of the census data set.</summary>
    public bool HasComment { get; init; }

    /// <summary>Finds the layout of a file where its options do not say it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">What is known.</param>
    /// <exception cref="DataException">It could be two.</exception>
    public static TextLayout Of(InputFile file, TableOptions options)
    {
        bool isNamedAsTable = file.Extension is ".csv" or ".tsv";
        bool hasComment = !isNamedAsTable && options.HasHeader != true && file.Start is [(byte)'|', ..];
        var layout = new TextLayout(options.Delimiter ?? ',')
        {
            HasHeader = options.HasHeader,
            Encoding = options.Encoding,
            DecimalComma = options.DecimalComma,
            IsAsFound = true,
            HasComment = hasComment,
        };
        return options.Delimiter is not null ? layout : layout with { Delimiter = FindDelimiter(file, layout) };
    }

    /// <summary>
    /// The text in UTF-8, without its comment; runs of blanks are tabs where they stand between cells.
    /// </summary>
    /// <param name="file">The file.</param>
    public Stream Open(InputFile file)
    {
        Stream text = TextEncoding.OpenUtf8(file, Encoding);
        if (HasComment)
        {
            for (int letter = text.ReadByte(); letter is >= 0 and not '\n';)
                letter = text.ReadByte();
        }

        return Delimiter == Blanks ? new SingleTabs(text) : text;
    }

    /// <summary>What quotes cells, where tabs do not separate them.</summary>
    public char Quotes => Delimiter == None ? NoQuote : Quote;

    /// <summary>What stands between cells in what <see cref="Open"/> gives.</summary>
    public char Separator => Delimiter == Blanks ? '\t' : Delimiter;

    /// <summary>Reads a cell as a number.</summary>
    /// <param name="cell">The cell in UTF-8.</param>
    /// <param name="number">The number, which may not be finite.</param>
    public bool TryParse(ReadOnlySpan<byte> cell, out double number)
    {
        if (!DecimalComma)
            return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        number = 0;
        Span<byte> point = stackalloc byte[LongestNumber];
        if (cell.Length > point.Length)
            return false;
        // 1.234,5 is 1234.5, and 1.2, 0.429 or 1234.567 are no numbers.
        if (cell.IndexOf((byte)'.') is >= 0 and var first && !IsGrouped(cell, first))
            return false;
        int length = 0;
        foreach (byte letter in cell)
        {
            if (letter != (byte)'.')
                point[length++] = letter == (byte)',' ? (byte)'.' : letter;
        }

        return double.TryParse(point[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>
    /// Whether points stand before each three digits, down to the comma or the end, after one to three that are no 0.
    /// </summary>
    private static bool IsGrouped(ReadOnlySpan<byte> cell, int first)
    {
        int end = cell.IndexOf((byte)',') is >= 0 and var comma ? comma : cell.Length;
        ReadOnlySpan<byte> leading = cell[..first].TrimStart("+-"u8);
        if (leading.Length is 0 or >= Group || leading[0] == (byte)'0' || end < first || (end - first) % Group != 0)
            return false;
        for (int at = first; at < end; at++)
        {
            bool isPoint = (at - first) % Group == 0;
            if (isPoint ? cell[at] != (byte)'.' : !char.IsAsciiDigit((char)cell[at]))
                return false;
        }

        return true;
    }

    private static char FindDelimiter(InputFile file, TextLayout layout)
    {
        char[] candidates = file.Extension switch
        {
            ".csv" => [',', ';', '\t', '|'],
            ".tsv" => ['\t', ',', ';', '|'],
            _ => ['\t', ',', ';', '|', Blanks],
        };
        bool isNamedAsTable = file.Extension is ".csv" or ".tsv";
        string sample = Sample(file, layout);
        char[] regular = [.. candidates.Where(candidate => CountsAre(sample, candidate, fraction: 1))];
        if (regular.Contains(',') && regular.Contains(';'))
        {
            return layout.DecimalComma ? ';' : throw new DataException(
                $"{file.Path}: the cells could be separated by commas or by semicolons, which each line has as many of; say which with "
                + "--delimiter ';' or --delimiter ',' (TableOptions.Delimiter).");
        }

        if (regular.Length == 0)
            regular = [.. candidates.Where(candidate => CountsAre(sample, candidate, isNamedAsTable ? Most : NearlyAll))];
        return regular.Length > 0 ? regular[0] : isNamedAsTable ? candidates[0] : None;
    }

    private static string Sample(InputFile file, TextLayout layout)
    {
        using Stream text = layout.Open(file);
        byte[] bytes = new byte[SampleBytes];
        int length = text.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        string sample = System.Text.Encoding.Latin1.GetString(bytes.AsSpan(0, length));
        return length < SampleBytes ? sample : sample[..(sample.LastIndexOf('\n') + 1)];
    }

    /// <summary>Whether so many lines have as many cells as the first, and that has two or more.</summary>
    private static bool CountsAre(string sample, char delimiter, double fraction)
    {
        int[] counts = Counts(sample, delimiter, areQuotes: true);
        if (delimiter == '\t' && !IsRegular(counts))
            counts = Counts(sample, delimiter, areQuotes: false);
        return IsRegular(counts);

        bool IsRegular(int[] all) => all is [> 1, ..] && all.Count(count => count == all[0]) >= fraction * all.Length;
    }

    /// <summary>How many cells each line has that is not blank.</summary>
    private static int[] Counts(string sample, char delimiter, bool areQuotes)
    {
        List<int> counts = [];
        int cells = 1, letters = 0;
        bool isQuoted = false, beginsCell = true;
        foreach (char letter in sample)
        {
            bool isSeparator = letter == delimiter || (delimiter == Blanks && letter == '\t');
            if (areQuotes && letter == Quote && (isQuoted || beginsCell))
            {
                isQuoted = !isQuoted;
                beginsCell = false;
                letters++;
            }
            else if (!isQuoted && letter is '\n' or '\r')
            {
                End();
            }
            else if (!isQuoted && isSeparator)
            {
                // Blanks count as one, and not at either end of a line.
                cells += delimiter != Blanks || !beginsCell ? 1 : 0;
                beginsCell = true;
                letters += delimiter == Blanks ? 0 : 1;
            }
            else
            {
                beginsCell &= letter == ' ';
                letters += letter is ' ' or '\t' ? 0 : 1;
            }
        }

        End();
        return [.. counts];

        void End()
        {
            if (letters > 0)
                counts.Add(delimiter == Blanks && beginsCell ? cells - 1 : cells);
            (cells, letters, beginsCell, isQuoted) = (1, 0, true, false);
        }
    }

    /// <summary>Runs of blanks and tabs as one tab, and none at either end of a line.</summary>
    private sealed class SingleTabs(Stream text) : ReadOnlyStream
    {
        private readonly byte[] _read = new byte[1 << 14];
        private readonly byte[] _written = new byte[1 << 15];
        private int _at, _end;
        private bool _beginsLine = true, _beginsCell = true, _isBlank, _isQuoted;

        public override int Read(Span<byte> buffer)
        {
            for (int length; _at == _end && (length = text.Read(_read)) > 0;)
            {
                (_at, _end) = (0, 0);
                foreach (byte letter in _read.AsSpan(0, length))
                    Write(letter);
            }

            int count = Math.Min(buffer.Length, _end - _at);
            _written.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                text.Dispose();
            base.Dispose(disposing);
        }

        /// <summary>At most two letters come of one: a tab and itself.</summary>
        private void Write(byte letter)
        {
            if (!_isQuoted && letter is (byte)' ' or (byte)'\t')
            {
                (_isBlank, _beginsCell) = (true, true);
                return;
            }

            bool endsLine = !_isQuoted && letter is (byte)'\n' or (byte)'\r';
            if (_isBlank && !_beginsLine && !endsLine)
                _written[_end++] = (byte)'\t';
            if (letter == (byte)Quote && (_isQuoted || _beginsCell))
                _isQuoted = !_isQuoted;
            _written[_end++] = letter;
            (_isBlank, _beginsLine, _beginsCell) = (false, endsLine, endsLine);
        }
    }
}
