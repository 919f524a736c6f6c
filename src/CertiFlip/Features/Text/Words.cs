namespace CertiFlip.Features.Text;

/// <summary>
/// The words of a text: runs of at least two letters, digits or underscores, or a digit alone, which tells a rating.
/// </summary>
internal static class Words
{
    private const int Shortest = 2;

    /// <summary>Where they are, in order.</summary>
    public static IEnumerable<Range> Of(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            if (end - start >= Shortest || (end > start && char.IsDigit(text[start])))
                yield return start..end;
            start = end + 1;
        }
    }
}
