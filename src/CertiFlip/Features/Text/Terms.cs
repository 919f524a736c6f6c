using System.Globalization;

namespace CertiFlip.Features.Text;

/// <summary>
/// The terms of a text, in small letters: words, and up to some number of neighbouring words with a space between.
/// </summary>
internal static class Terms
{
    /// <summary>Calls for each term; what it is handed is gone afterwards.</summary>
    public static void ForEach(string text, int longest, Action<ReadOnlySpan<char>> use)
    {
        char[] line = new char[text.Length + 1];
        int length = 0;
        var starts = new Queue<int>();
        foreach (Range word in Words.Of(text))
        {
            ReadOnlySpan<char> letters = text.AsSpan(word);
            if (starts.Count == longest)
                starts.Dequeue();
            starts.Enqueue(length);
            length += letters.ToLower(line.AsSpan(length), CultureInfo.InvariantCulture);
            foreach (int start in starts)
                use(line.AsSpan(start, length - start));
            line[length++] = ' ';
        }
    }
}
