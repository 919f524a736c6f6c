using System.Globalization;
using System.Text;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report;

/// <summary>Rows as texts, cut where they are long.</summary>
internal sealed class TextView(IReadOnlyList<string> texts) : IRowView
{
    private const char Blank = ' ';

    public int Count => texts.Count;

    public string? TextOf(int row) => texts[row];

    public Html Show(int row, string name, ViewSize size)
    {
        string text = Cut(texts[row], size.Letters);
        return text.Length == 0
            ? Html.Of($"<p class=\"text empty\">(an empty text)</p>\n")
            : Html.Of($"<p class=\"text\" dir=\"auto\">{text}</p>\n");
    }

    /// <summary>
    /// The beginning of a text on one line: whole letters with their marks, not more than so many units, and an
    /// ellipsis where something is left out.
    /// </summary>
    internal static string Cut(string text, int most)
    {
        var shown = new StringBuilder();
        for (ReadOnlySpan<char> rest = text.AsSpan().Trim(); !rest.IsEmpty;)
        {
            ReadOnlySpan<char> letter = rest[..StringInfo.GetNextTextElementLength(rest)];
            if (shown.Length + letter.Length > most)
                return ShownText.Escape(shown.ToString().TrimEnd()) + '…';
            foreach (char unit in letter)
                Append(shown, unit);
            rest = rest[letter.Length..];
        }

        return ShownText.Escape(shown.ToString());
    }

    private static void Append(StringBuilder shown, char unit)
    {
        if (char.IsWhiteSpace(unit))
        {
            if (shown is [.., not Blank])
                shown.Append(Blank);
        }
        else
        {
            shown.Append(unit);
        }
    }
}
