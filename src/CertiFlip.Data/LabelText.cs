using System.Globalization;
using System.Text;

namespace CertiFlip.Data;

/// <summary>What labels are, as people read them.</summary>
internal static class LabelText
{
    // What pandas, R, spreadsheets and databases write where there is nothing, in capital letters.
    private static readonly HashSet<string> MissingWords =
    [
        "NAN", "-NAN", "NA", "N/A", "N.A.", "<NA>", "#N/A", "#N/A N/A", "#NA", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN", "NONE", "NULL",
        "<NULL>", "(NULL)", "<NONE>", "(NONE)", "NIL", "NAT", "NA_CHARACTER_", "NA_INTEGER_", "\\N", "MISSING", "<MISSING>", "(MISSING)",
        "UNDEFINED", "#NULL!", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "(BLANK)",
    ];

    private static readonly HashSet<string> MissingSigns = ["?", "-", "--", "---", ".", "..", "...", "??", "???", "–", "—", "_"];

    /// <summary>
    /// Whether a label is what stands where there is none: nothing, <c>nan</c>, <c>NA</c>, <c>?</c> and the like.
    /// </summary>
    public static bool MayBeMissing(string label)
    {
        string text = label.Trim();
        return text.Length == 0 || MissingSigns.Contains(text) || MissingWords.Contains(text.ToUpperInvariant());
    }

    /// <summary>Whether there is neither a letter nor a digit in a label, as in + and −.</summary>
    public static bool IsSign(string label) => label.Trim() is { Length: > 0 } text && !text.Any(char.IsLetterOrDigit);

    /// <summary>One text for all labels that differ in case, blanks and Unicode form only.</summary>
    public static string Folded(string label)
    {
        var letters = new StringBuilder();
        foreach (char c in label)
        {
            if (char.IsWhiteSpace(c))
                letters.Append(' ');
            else if (char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control))
                letters.Append(UnicodeForm.Decomposed(c));
        }

        string[] words = letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return UnicodeForm.WithMarksInOrder(string.Join(' ', words).ToUpperInvariant().ToLowerInvariant());
    }
}

/// <summary>
/// Letters and their marks apart, as in Unicode's NFKD. The command runs without ICU, so that numbers and sorting are
/// the same everywhere, and .NET itself does not know these forms.
/// </summary>
internal static class UnicodeForm
{
    private const char FirstWide = '\uff01', LastWide = '\uff5e';
    private const int WideToNarrow = FirstWide - '!';
    private const char FirstSyllable = '\uac00', LastSyllable = '\ud7a3', Lead = '\u1100', Vowel = '\u1161', Tail = '\u11a7';
    private const int Vowels = 21, Tails = 28;

    // A line for each letter of the basic plane that has parts: its code point and theirs, from the Unicode data.
    private static readonly Lazy<Dictionary<char, string>> Parts = new(() =>
    {
        using Stream stream = typeof(UnicodeForm).Assembly.GetManifestResourceStream("decompositions.txt")!;
        using var reader = new StreamReader(stream);
        Dictionary<char, string> parts = [];
        while (reader.ReadLine() is { } line)
        {
            char[] points = [.. line.Split(' ')
                .Select(point => (char)int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            parts.Add(points[0], new string(points.AsSpan(1)));
        }

        return parts;
    });

    /// <summary>A letter's parts, wide letters as narrow ones.</summary>
    public static string Decomposed(char c)
    {
        if (char.IsAscii(c))
            return c.ToString();
        if (c is >= FirstWide and <= LastWide)
            return ((char)(c - WideToNarrow)).ToString();
        if (c is >= FirstSyllable and <= LastSyllable)
        {
            int syllable = c - FirstSyllable, tail = syllable % Tails;
            string open = $"{(char)(Lead + (syllable / Tails / Vowels))}{(char)(Vowel + (syllable / Tails % Vowels))}";
            return tail == 0 ? open : $"{open}{(char)(Tail + tail)}";
        }

        return Parts.Value.GetValueOrDefault(c) ?? c.ToString();
    }

    /// <summary>The marks of each letter in one order.</summary>
    public static string WithMarksInOrder(string text)
    {
        char[] letters = text.ToCharArray();
        for (int start = 0; start < letters.Length; start++)
        {
            int end = start;
            while (end < letters.Length && char.GetUnicodeCategory(letters[end]) == UnicodeCategory.NonSpacingMark)
                end++;
            letters.AsSpan(start..end).Sort();
            start = Math.Max(start, end - 1);
        }

        return new string(letters);
    }
}
