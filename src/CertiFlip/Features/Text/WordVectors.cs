namespace CertiFlip.Features.Text;

/// <summary>Vectors of words, learned elsewhere: word2vec's or GloVe's.</summary>
public sealed class WordVectors
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly float[] _numbers;

    /// <summary>Wraps vectors without copying them. Of a word that is there twice, the first vector counts.</summary>
    /// <param name="words">The words.</param>
    /// <param name="dimensions">Numbers of a vector, at least 1.</param>
    /// <param name="numbers">words × dimensions numbers, word by word, all finite.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or a number is not finite.</exception>
    public WordVectors(IReadOnlyList<string> words, int dimensions, float[] numbers)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (numbers.LongLength != (long)words.Count * dimensions)
        {
            throw new ArgumentException(
                $"{words.Count} words of {dimensions} numbers need {(long)words.Count * dimensions}, but there are {numbers.LongLength}.",
                nameof(numbers));
        }

        int bad = Array.FindIndex(numbers, number => !float.IsFinite(number));
        if (bad >= 0)
            throw new ArgumentException($"The vector of '{words[bad / dimensions]}' holds a number that is not finite.", nameof(numbers));
        (Words, Dimensions, _numbers) = ([.. words], dimensions, numbers);
        for (int i = 0; i < words.Count; i++)
            _index.TryAdd(words[i], i);
    }

    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Numbers of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>All numbers, word by word.</summary>
    public ReadOnlySpan<float> Numbers => _numbers;

    /// <summary>The vector of a word, or an empty one where the word is not known.</summary>
    /// <param name="word">The word as written.</param>
    public ReadOnlySpan<float> Find(ReadOnlySpan<char> word) =>
        _index.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out int index)
            ? _numbers.AsSpan(index * Dimensions, Dimensions)
            : [];
}
