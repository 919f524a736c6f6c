using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>Text as files hold it: UTF-8, or UTF-16 or UTF-32 with a byte order mark.</summary>
internal static class TextEncoding
{
    /// <summary>UTF-8, and nothing that is not.</summary>
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    // UTF-32 first: its little-endian mark begins with UTF-16's. Of each four bytes of ASCII text, these are zero.
    private static readonly (Encoding Encoding, bool[] AreZero)[] Wide =
    [
        (new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true), [false, true, true, true]),
        (new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true), [true, true, true, false]),
        (new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), [false, true, false, true]),
        (new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true), [true, false, true, false]),
    ];

    /// <summary>
    /// A file's text in UTF-8 without a byte order mark. Text in UTF-8 without a mark is left as it is.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="unmarked">The encoding of text without a mark; null is UTF-8.</param>
    public static Stream OpenUtf8(InputFile file, Encoding? unmarked = null)
    {
        Stream content = file.Open();
        if (OfMark(file.Start) is { } marked)
        {
            content.ReadExactly(new byte[marked.Preamble.Length]);
            return marked == Utf8 ? content : Encoding.CreateTranscodingStream(content, marked, Utf8);
        }

        if (unmarked is null || unmarked.CodePage == Utf8.CodePage)
            return content;
        var strict = (Encoding)unmarked.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return Encoding.CreateTranscodingStream(content, strict, Utf8);
    }

    /// <summary>Bytes as text.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="place">Where they are, as messages name it; called if they are not text.</param>
    /// <param name="hasOption">Whether the encoding can be named by an option.</param>
    /// <exception cref="DataException">They are not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> utf8, Func<string> place, bool hasOption = false)
    {
        try
        {
            return Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw NotUtf8(place(), e, hasOption);
        }
    }

    /// <summary>Bytes that are not UTF-8.</summary>
    /// <param name="place">The file and where in it.</param>
    /// <param name="refusal">What the decoder threw.</param>
    /// <param name="hasOption">Whether the encoding can be named by an option.</param>
    public static DataException NotUtf8(string place, DecoderFallbackException refusal, bool hasOption = false)
    {
        string found = refusal.BytesUnknown is [var unknown, ..] ? $" (byte 0x{unknown:X2})" : "";
        string advice = hasOption
            ? "name its encoding with --encoding (TableOptions.Encoding). Older programs often write --encoding windows-1252, or latin-1."
            : "save the file in that encoding. Older programs often write Windows-1252 or Latin-1: iconv -f WINDOWS-1252 -t UTF-8 FILE.";
        return new DataException($"{place}: this is not text in UTF-8{found}; {advice}", refusal);
    }

    /// <summary>The encoding whose byte order mark a file begins with, or null.</summary>
    public static Encoding? OfMark(ReadOnlySpan<byte> start)
    {
        foreach ((Encoding encoding, _) in Wide)
        {
            if (start.StartsWith(encoding.Preamble))
                return encoding;
        }

        return start.StartsWith(Utf8.Preamble) ? Utf8 : null;
    }

    /// <summary>
    /// The encoding of text without a mark that has more than one byte for each character; null where it does not look
    /// like that.
    /// </summary>
    public static Encoding? OfZeros(ReadOnlySpan<byte> start)
    {
        const double Most = 0.7;
        if (start.Length < sizeof(int))
            return null;
        int[] zeros = new int[sizeof(int)];
        for (int at = 0; at < start.Length; at++)
            zeros[at % sizeof(int)] += start[at] == 0 ? 1 : 0;
        double fewest = Most * (start.Length / sizeof(int));
        return Array.Find(Wide, wide => wide.AreZero.Index().All(each => zeros[each.Index] > fewest == each.Item)).Encoding;
    }
}
