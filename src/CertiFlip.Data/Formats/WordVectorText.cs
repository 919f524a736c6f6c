using System.Globalization;
using CertiFlip.Features.Text;

namespace CertiFlip.Data.Formats;

/// <summary>A word in each line and its numbers behind it, all with blanks between. GloVe's largest file has words with blanks in them.</summary>
internal static class WordVectorText
{
    /// <summary>Reads lines.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dimensions">Numbers of a vector as a first line says, or 0 where there is no such line.</param>
    public static WordVectors Read(InputFile file, int dimensions)
    {
        using var reader = new StreamReader(file.Open());
        int line = 0;
        if (dimensions > 0)
        {
            reader.ReadLine();
            line++;
        }

        List<string> words = [];
        List<float> numbers = [];
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            if (dimensions == 0)
                dimensions = text.TrimEnd().Count(c => c == ' ');
            if (!TryAdd(text, dimensions, words, numbers))
                throw new DataException($"{file.Path}, line {line}: a word and {dimensions} finite numbers are expected, with blanks between, not {DataException.Quote(text)}.");
        }

        if (words.Count == 0)
            throw new DataException($"{file.Path}: there is no line with a word and its numbers.");
        return new WordVectors(words, dimensions, [.. numbers]);
    }

    /// <summary>Whether a line holds a word and its numbers.</summary>
    public static bool IsLine(string text, int dimensions) => TryAdd(text, dimensions, [], []);

    private static bool TryAdd(string line, int dimensions, List<string> words, List<float> numbers)
    {
        ReadOnlySpan<char> rest = line.AsSpan().TrimEnd();
        Span<float> vector = dimensions is > 0 and <= 1 << 16 ? new float[dimensions] : [];
        for (int i = vector.Length - 1; i >= 0; i--)
        {
            int blank = rest.LastIndexOf(' ');
            if (blank <= 0 || !float.TryParse(rest[(blank + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i]) || !float.IsFinite(vector[i]))
                return false;
            rest = rest[..blank].TrimEnd(' ');
        }

        if (vector.IsEmpty || rest.IsEmpty)
            return false;
        words.Add(rest.ToString());
        numbers.AddRange(vector);
        return true;
    }
}
