using System.Globalization;
using System.Text;

namespace CertiFlip.Data;

/// <summary>How text from files and command lines is shown to people: on terminals, in logs and on pages.</summary>
/// <remarks>
/// A label or a file name may hold characters that move the cursor, clear the screen, break a line, turn the direction
/// of what follows, or cannot be seen. They are shown as the escapes of JSON and C#, such as <c>\u001b</c>, and not
/// obeyed. Files of data keep their text as it is.
/// </remarks>
public static class ShownText
{
    private const char ZeroWidthNonJoiner = '\u200C', ZeroWidthJoiner = '\u200D';

    // A letter may carry any number of marks: this many units stand for one that is cut.
    private const int LongestLetter = 16;

    /// <summary>
    /// A text without control characters, line breaks, marks that turn the direction of writing, invisible characters
    /// and halves of surrogate pairs.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The same text where it has none of them; otherwise one where each is <c>\u</c> and its code.</returns>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        StringBuilder shown = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            bool isWhole = Rune.TryGetRuneAt(text, at, out Rune rune);
            ReadOnlySpan<char> units = text.AsSpan(at, isWhole ? rune.Utf16SequenceLength : 1);
            if (isWhole && (IsSeen(rune) || IsSpelling(text, at)))
            {
                shown.Append(units);
            }
            else
            {
                foreach (char unit in units)
                    shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            at += units.Length;
        }
        return shown.ToString();
    }

    /// <summary>The beginning of a text, with an ellipsis where something is left out; escaped.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">
    /// The most letters that are shown, each with its marks, those of escapes and an ellipsis among them.
    /// </param>
    public static string Cut(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Escape(text);
        if (text.Length <= most)
            return text;
        ReadOnlySpan<char> rest = text;
        int letters = 0, kept = 0;
        for (int at = 0; at < text.Length; letters++)
        {
            if (letters == most - 1)
                kept = at;
            int length = StringInfo.GetNextTextElementLength(rest[at..]);
            if (letters == most || length > LongestLetter)
                return $"{WithoutPartOfEscape(text[..(letters == most ? kept : at)]).TrimEnd()}…";
            at += length;
        }
        return text;
    }

    private static string WithoutPartOfEscape(string cut)
    {
        int begins = cut.LastIndexOf('\\');
        return begins >= 0 && cut.Length - begins < @"\u0000".Length && cut.AsSpan(begins) is "\\" or ['\\', 'u', ..]
            ? cut[..begins]
            : cut;
    }

    private static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => IsSignOfNumbers(rune.Value),

        // Fillers of Hangul, vowels of Khmer that are not written, and the joiner of graphemes.
        _ => rune.Value is not (0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0),
    };

    /// <summary>Formatting characters that can be seen: signs of Arabic, Syriac and Kaithi before a number.</summary>
    private static bool IsSignOfNumbers(int code) =>
        code is (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD;

    /// <summary>
    /// Whether a joiner or a non-joiner stands where spelling needs it: between letters of a script without capitals,
    /// such as Persian or Hindi, or between the parts of one emoji.
    /// </summary>
    private static bool IsSpelling(string text, int at) =>
        text[at] is ZeroWidthNonJoiner or ZeroWidthJoiner
        && at > 0 && Rune.TryGetRuneAt(text, at - (at > 1 && char.IsLowSurrogate(text[at - 1]) ? 2 : 1), out Rune before)
        && at + 1 < text.Length && Rune.TryGetRuneAt(text, at + 1, out Rune after)
        && Joins(before) && Joins(after);

    private static bool Joins(Rune rune) => !rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.OtherSymbol
        or UnicodeCategory.ModifierSymbol;
}
