using System.Runtime.InteropServices;
using System.Text;
using CertiFlip.Features.Text;

namespace CertiFlip.Data.Formats;

/// <summary>word2vec's binary format: after the first line, for each word its letters, a blank, and its numbers as 32-bit floats, little-endian; some writers end each with a new line.</summary>
internal static class WordVectorBinary
{
    private const int LongestWord = 1 << 12;

    public static WordVectors Read(InputFile file, int count, int dimensions)
    {
        // A word takes a letter, a blank and its numbers: what is announced is held against that before anything is allocated for it.
        if (count > file.Length / (2 + (long)sizeof(float) * dimensions))
            throw new DataException($"{file.Path}: {count:N0} words with {dimensions:N0} numbers each are announced, but the file is too short for them.");
        using var stream = new BufferedStream(file.Open(), 1 << 16);
        while (stream.ReadByte() is not ('\n' or -1))
        {
        }

        string[] words = new string[count];
        float[] numbers = new float[checked(count * dimensions)];
        for (int i = 0; i < count; i++)
        {
            words[i] = ReadWord(stream) ?? throw new DataException($"{file.Path}: word {i + 1:N0} of {count:N0} is expected, but there is none; is this word2vec's binary format?");
            Span<float> vector = numbers.AsSpan(i * dimensions, dimensions);
            if (stream.ReadAtLeast(MemoryMarshal.AsBytes(vector), vector.Length * sizeof(float), throwOnEndOfStream: false) < vector.Length * sizeof(float))
                throw new DataException($"{file.Path}: the file ends within the numbers of word {i + 1:N0} of {count:N0}.");
            foreach (float number in vector)
            {
                if (!float.IsFinite(number))
                    throw new DataException($"{file.Path}: the vector of {DataException.Quote(words[i])}, word {i + 1:N0}, holds a number that is not finite; is this word2vec's binary format?");
            }
        }

        return new WordVectors(words, dimensions, numbers);
    }

    private static string? ReadWord(Stream stream)
    {
        List<byte> letters = [];
        for (int next = stream.ReadByte(); next != ' '; next = stream.ReadByte())
        {
            if (next < 0 || letters.Count == LongestWord)
                return null;
            if (next != '\n')
                letters.Add((byte)next);
        }

        return Encoding.UTF8.GetString([.. letters]);
    }
}
