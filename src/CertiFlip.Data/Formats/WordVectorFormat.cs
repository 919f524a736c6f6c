using System.Globalization;
using System.Text;
using CertiFlip.Features.Text;

namespace CertiFlip.Data.Formats;

/// <summary>
/// word2vec begins with a line of two whole numbers, how many words and how many numbers each, and goes on in text or in 32-bit numbers; GloVe begins with the first word.
/// </summary>
internal static class WordVectorFormat
{
    // Enough for the header and a line of a thousand numbers.
    private const int SampleBytes = 1 << 16;

    public static WordVectors Read(InputFile file)
    {
        if (file.Length == 0)
            throw new DataException($"{file.Path}: the file is empty.");
        byte[] sample = new byte[SampleBytes];
        using (Stream stream = file.Open())
            sample = sample[..stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false)];
        string[] lines = Encoding.UTF8.GetString(sample).Split('\n');
        if (Header(lines[0]) is not { } header)
            return WordVectorText.Read(file, dimensions: 0);
        if (header.Words < 1 || header.Dimensions < 1)
            throw new DataException($"{file.Path}, line 1: {DataException.Quote(lines[0].TrimEnd())} announces no vectors.");
        bool isText = lines.Length > 1 && WordVectorText.IsLine(lines[1], header.Dimensions);
        return isText ? WordVectorText.Read(file, header.Dimensions) : WordVectorBinary.Read(file, header.Words, header.Dimensions);
    }

    private static (int Words, int Dimensions)? Header(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var words, var dimensions]
        && int.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && int.TryParse(dimensions, NumberStyles.None, CultureInfo.InvariantCulture, out int numbers)
            ? (count, numbers)
            : null;
}
