using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CertiFlip.Data.Formats;
using CertiFlip.Features.Text;

namespace CertiFlip.Data;

/// <summary>
/// Reads vectors of words: word2vec's text and binary formats and GloVe's text, recognised by their content; or
/// <c>.gz</c> of these.
/// </summary>
/// <remarks>
/// word2vec begins with a line of two whole numbers, how many words and how many numbers each, and goes on in text or
/// in 32-bit numbers. GloVe begins with the first word.
/// </remarks>
public static class WordVectorReader
{
    // Enough for the first line and a line of a thousand numbers.
    private const int SampleBytes = 1 << 16;

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">
    /// The file cannot be read or does not hold vectors; the message names the line or the word.
    /// </exception>
    public static WordVectors Read(string path) => InputFile.Read(path, file =>
    {
        file.ThrowIfEmpty();
        if (ForeignFormat.OfBinary(file) is { } kind)
            throw kind.Refusal(path);
        byte[] sample = new byte[SampleBytes];
        using (Stream stream = file.Open())
            sample = sample[..stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false)];
        string[] lines = Encoding.UTF8.GetString(sample).Split('\n');
        if (Header(lines[0]) is not { } header)
            return VectorText.Read(file, announced: null, dimensions: 0);
        if (header.Words < 1 || header.Dimensions < 1)
            throw new DataException($"{path}, line 1: {DataException.Quote(lines[0].TrimEnd())} announces no vectors.");
        bool isText = lines.Length > 1 && VectorText.IsLine(lines[1], header.Dimensions);
        return isText ? VectorText.Read(file, header.Words, header.Dimensions) : VectorBinary.Read(file, header.Words, header.Dimensions);
    });

    private static (int Words, int Dimensions)? Header(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var words, var dimensions]
        && int.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && int.TryParse(dimensions, NumberStyles.None, CultureInfo.InvariantCulture, out int numbers)
            ? (count, numbers)
            : null;

    private static DataException OtherCount(InputFile file, int announced, string found) => new(
        $"{file.Path}: line 1 announces {announced:N0} words, but there are {found}; the file was cut short or changed: fetch it again.");

    /// <summary>
    /// A word in each line, then its numbers, separated by blanks. GloVe's largest file has words with blanks in them.
    /// </summary>
    private static class VectorText
    {
        /// <summary>Reads lines.</summary>
        /// <param name="file">The file.</param>
        /// <param name="announced">How many words the first line states, or null where there is no such line.</param>
        /// <param name="dimensions">
        /// Numbers of a vector as the first line states them, or 0 where there is no such line.
        /// </param>
        public static WordVectors Read(InputFile file, int? announced, int dimensions)
        {
            // Words cut within a letter, as word2vec writes long ones, are kept: they are found nowhere.
            using var lines = new TextLines(file, Encoding.UTF8);
            if (announced is not null)
                lines.Read();
            List<string> words = [];
            var numbers = new NumberBuffer<float>(file.Budget);
            while (lines.Read() is { } text)
            {
                if (string.IsNullOrWhiteSpace(text))
                    continue;
                if (dimensions == 0)
                    dimensions = text.TrimEnd().Count(c => c == ' ');
                if (!TryAdd(text, dimensions, words, numbers))
                {
                    throw new DataException(
                        $"{file.Path}, line {lines.Count}: a word and {dimensions} finite numbers are expected, with blanks between, "
                        + $"not {DataException.Quote(text)}.");
                }

                file.Budget.Take(ReadBudget.BytesOf(words[^1]));
            }

            if (words.Count == 0)
                throw new DataException($"{file.Path}: there is no line with a word and its numbers.");
            if (announced is { } stated && stated != words.Count)
                throw OtherCount(file, stated, words.Count < stated ? $"{words.Count:N0} words" : "more");
            return new WordVectors(words, dimensions, numbers.TakeAll(file.Path));
        }

        /// <summary>Whether a line holds a word and its numbers.</summary>
        public static bool IsLine(string text, int dimensions) => TryAdd(text, dimensions, [], null);

        private static bool TryAdd(string line, int dimensions, List<string> words, NumberBuffer<float>? numbers)
        {
            ReadOnlySpan<char> rest = line.AsSpan().TrimEnd();
            Span<float> vector = dimensions is > 0 and <= 1 << 16 ? new float[dimensions] : [];
            for (int i = vector.Length - 1; i >= 0; i--)
            {
                int blank = rest.LastIndexOf(' ');
                if (blank <= 0
                    || !float.TryParse(rest[(blank + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i])
                    || !float.IsFinite(vector[i]))
                {
                    return false;
                }
                rest = rest[..blank].TrimEnd(' ');
            }

            if (vector.IsEmpty || rest.IsEmpty)
                return false;
            words.Add(rest.ToString());
            foreach (float number in vector)
                numbers?.Add(number);
            return true;
        }
    }

    /// <summary>
    /// word2vec's binary format: after the first line, for each word its letters, a blank, and its numbers as 32-bit
    /// floats, little-endian. Some writers end each with a new line.
    /// </summary>
    private static class VectorBinary
    {
        private const int LongestWord = 1 << 12;

        public static WordVectors Read(InputFile file, int count, int dimensions)
        {
            // A word takes at least a letter, a blank and its numbers: the stated counts are held against that before
            // anything is allocated for them.
            if (count > file.Length / (2 + (long)sizeof(float) * dimensions))
            {
                throw new DataException(
                    $"{file.Path}: {count:N0} words with {dimensions:N0} numbers each are announced, but the file is too short for them.");
            }
            long length = (long)count * dimensions;
            if (length > Array.MaxLength)
            {
                throw new DataException(
                    $"{file.Path}: {count:N0} words with {dimensions:N0} numbers each are more than fit in memory; use the first words.");
            }

            file.Budget.Take(count, 2 * IntPtr.Size);
            file.Budget.Take(length, sizeof(float));
            using var stream = new BufferedStream(file.Open(), 1 << 16);
            while (stream.ReadByte() is not ('\n' or -1))
            {
            }

            string[] words = new string[count];
            float[] numbers = new float[length];
            for (int i = 0; i < count; i++)
            {
                words[i] = ReadWord(stream) ?? throw new DataException(
                    $"{file.Path}: word {i + 1:N0} of {count:N0} is expected, but there is none; is this word2vec's binary format?");
                file.Budget.Take(ReadBudget.BytesOf(words[i]));
                Span<float> vector = numbers.AsSpan(i * dimensions, dimensions);
                Span<byte> bytes = MemoryMarshal.AsBytes(vector);
                if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                    throw new DataException($"{file.Path}: the file ends within the numbers of word {i + 1:N0} of {count:N0}.");
                foreach (float number in vector)
                {
                    if (!float.IsFinite(number))
                    {
                        throw new DataException(
                            $"{file.Path}: the vector of {DataException.Quote(words[i])}, word {i + 1:N0}, "
                            + "holds a number that is not finite; is this word2vec's binary format?");
                    }
                }
            }

            for (int next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
            {
                if (next != '\n')
                    throw OtherCount(file, count, "more");
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
}
