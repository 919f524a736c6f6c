using System.Globalization;
using System.Runtime.InteropServices;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features.Text;

/// <summary>
/// Texts as weighted counts of terms, as scikit-learn's <c>TfidfVectorizer</c> with <c>sublinear_tf</c> makes them: 1 +
/// log count, times log((1 + n) / (1 + texts with the term)) + 1 or another <see cref="TermWeighting"/>, each
/// text scaled to length 1.
/// </summary>
internal sealed class TfIdf
{
    // √(2³¹) and a little: there are no more texts.
    private const double LargestWeight = 46_341;
    private const string CountsOnceName = "counts once";

    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    public TfIdf(IReadOnlyList<string> terms, IReadOnlyList<double> weights, int longestTerm, bool countsOnce)
    {
        if (terms.Count == 0)
            throw new ArgumentException("There are no terms.", nameof(terms));
        if (terms.Count != weights.Count || !weights.All(weight => weight is >= 1 and < LargestWeight))
        {
            throw new ArgumentException(
                $"There must be a weight for each of {terms.Count} terms, from 1 to {LargestWeight}; there are {weights.Count}.",
                nameof(weights));
        }

        if (countsOnce && !weights.All(weight => weight == 1))
            throw new ArgumentException("A term that counts once weighs other than 1.", nameof(weights));
        TfIdfOptions.ThrowIfNoLength(longestTerm, nameof(longestTerm));
        for (int i = 0; i < terms.Count; i++)
        {
            if (!_index.TryAdd(terms[i], i))
                throw new ArgumentException($"The term '{terms[i]}' is there twice.", nameof(terms));
        }

        (Terms, Weights, LongestTerm, CountsOnce) = ([.. terms], [.. weights], longestTerm, countsOnce);
    }

    public IReadOnlyList<string> Terms { get; }

    public IReadOnlyList<double> Weights { get; }

    public int LongestTerm { get; }

    /// <summary>Whether a term counts 1 however often a text holds it, rather than 1 + log count.</summary>
    public bool CountsOnce { get; }

    public static TfIdf Fit(IReadOnlyList<string> texts, TfIdfOptions options, CancellationToken cancellation) =>
        Fit(TermCounts.Of(texts, options.LongestTerm, cancellation), texts.Count, options);

    /// <summary>The same of texts that were counted before, by one worker or by many.</summary>
    public static TfIdf Fit(TermCounts counts, int texts, TfIdfOptions options)
    {
        (string Term, int Texts)[] terms = counts.MostFrequent(options.MostTerms);
        if (terms.Length == 0)
            throw new ArgumentException("There are no words of two or more letters in any text.", nameof(texts));
        double[] weights = Array.ConvertAll(terms, term => options.Weighting switch
        {
            TermWeighting.Logarithm => Arithmetic.Log((1.0 + texts) / (1 + term.Texts)) + 1,
            TermWeighting.Root => Math.Sqrt((double)texts / term.Texts),
            TermWeighting.Presence => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Weighting, "There is no such weighting."),
        });
        return new TfIdf([.. terms.Select(term => term.Term)], weights, options.LongestTerm, options.CountsOnce);
    }

    /// <summary>
    /// Stores whether terms count once. Maps of other counts are the files that they were before it could be so.
    /// </summary>
    public void StoreCountsOnce(ModelArrays arrays)
    {
        if (CountsOnce)
            arrays.Add(CountsOnceName, [1]);
    }

    /// <summary>What <see cref="StoreCountsOnce"/> stored.</summary>
    /// <exception cref="ArgumentException">It is no such thing.</exception>
    public static bool RestoreCountsOnce(ModelArrays arrays) =>
        arrays.All.ContainsKey(CountsOnceName)
        && (arrays.Integers(CountsOnceName) is [1] ? true : throw new ArgumentException($"'{CountsOnceName}' is not 1."));

    public SparseRows Transform(IReadOnlyList<string> texts, ParallelOptions parallel)
    {
        var rows = new (int[] Indices, double[] Values)[texts.Count];
        Parallel.For(0, texts.Count, parallel, row => rows[row] = Transform(texts[row]));
        return SparseRows.Of(Terms.Count, rows);
    }

    /// <summary>The weighted counts times vectors of terms, each row scaled to length 1 where it is not zero.</summary>
    public FeatureMatrix Project(IReadOnlyList<string> texts, double[] vectors, int features, ParallelOptions parallel)
    {
        double[] projected = Transform(texts, parallel).Multiply(vectors, features, parallel);
        for (int row = 0; row < texts.Count; row++)
        {
            Span<double> own = projected.AsSpan(row * features, features);
            double length = Math.Sqrt(Elementwise.Dot(own, own));
            if (length > 0)
                Elementwise.Divide(own, length);
        }

        return new FeatureMatrix(texts.Count, features, projected);
    }

    /// <summary>The terms of a text that are counted, in its order and as often as it has them.</summary>
    public int[] TermsOf(string text)
    {
        var held = new List<int>();
        var lookup = _index.GetAlternateLookup<ReadOnlySpan<char>>();
        Text.Terms.ForEach(text, LongestTerm, term =>
        {
            if (lookup.TryGetValue(term, out int index))
                held.Add(index);
        });
        return [.. held];
    }

    private (int[] Indices, double[] Values) Transform(string text)
    {
        var counts = new SortedDictionary<int, int>();
        foreach (int index in TermsOf(text))
            counts[index] = counts.GetValueOrDefault(index) + 1;
        double[] values = [.. counts.Select(count => (CountsOnce ? 1 : 1 + Arithmetic.Log(count.Value)) * Weights[count.Key])];
        if (values.Length > 0)
            Elementwise.Divide(values, Math.Sqrt(Elementwise.Dot(values, values)));
        return ([.. counts.Keys], values);
    }
}

/// <summary>What <see cref="TfIdf"/> counts.</summary>
public sealed record TfIdfOptions
{
    private const int MostWords = 16;

    /// <summary>The most words that make one term, from 1 to 16: 2 counts pairs of neighbouring words too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 16.</exception>
    public int LongestTerm
    {
        get;
        init
        {
            ThrowIfNoLength(value, nameof(value));
            field = value;
        }
    } = 2;

    /// <summary>How many terms are kept, at least 1, those that occur most often.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MostTerms
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 60_000;

    /// <summary>What terms weigh.</summary>
    public TermWeighting Weighting { get; init; }

    /// <inheritdoc cref="TfIdf.CountsOnce"/>
    internal bool CountsOnce => Weighting == TermWeighting.Presence;

    /// <summary>Every word is looked up in so many terms, so that their length bounds the time.</summary>
    internal static void ThrowIfNoLength(int words, string parameter)
    {
        if (words is < 1 or > MostWords)
            throw new ArgumentOutOfRangeException(parameter, words, $"A term has from 1 to {MostWords} words.");
    }
}

/// <summary>How often each term occurs in some texts, and in how many of them.</summary>
internal sealed class TermCounts
{
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    public static TermCounts Of(IReadOnlyList<string> texts, int longest, CancellationToken cancellation)
    {
        var counts = new TermCounts();
        var lookup = counts._counts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < texts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int text = i + 1;
            Terms.ForEach(texts[i], longest, term =>
            {
                ref Count count = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, term, out _);
                count = new Count(count.Occurrences + 1, count.Last == text ? count.Texts : count.Texts + 1, text);
            });
        }

        return counts;
    }

    /// <summary>Adds the counts of other texts. They are whole numbers: who counted what makes no difference.</summary>
    public void Add(TermCounts other)
    {
        foreach ((string term, Count count) in other._counts)
            Add(term, count.Occurrences, count.Texts);
    }

    /// <summary>Writes all counts.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_counts.Count);
        foreach ((string term, Count count) in _counts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.Write(term);
            writer.Write(count.Occurrences);
            writer.Write(count.Texts);
        }
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">These are no counts.</exception>
    /// <exception cref="EndOfStreamException">Something is missing.</exception>
    public void Read(BinaryReader reader)
    {
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string term = ReadTerm(reader);
            int occurrences = reader.ReadInt32(), texts = reader.ReadInt32();
            Add(term, occurrences, texts > 0 && texts <= occurrences
                ? texts
                : throw new InvalidDataException($"A term does not occur {occurrences} times in {texts} texts."));
        }
    }

    /// <summary>Reads a term.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    /// <exception cref="EndOfStreamException">It is cut.</exception>
    public static string ReadTerm(BinaryReader reader)
    {
        try
        {
            return reader.ReadString();
        }
        catch (Exception exception) when (exception is FormatException or IOException and not EndOfStreamException)
        {
            throw new InvalidDataException("There is no term.", exception);
        }
    }

    /// <summary>
    /// The terms that occur most often with their numbers of texts, in order of the alphabet. Of equally frequent ones,
    /// those that come first there.
    /// </summary>
    public (string Term, int Texts)[] MostFrequent(int most) =>
    [
        .. _counts.OrderByDescending(entry => entry.Value.Occurrences).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(most)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value.Texts)),
    ];

    private void Add(string term, int occurrences, int texts)
    {
        ref Count count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, term, out _);
        count = new Count(checked(count.Occurrences + occurrences), count.Texts + texts, Last: 0);
    }

    /// <param name="Occurrences">In all texts.</param>
    /// <param name="Texts">Texts with the term.</param>
    /// <param name="Last">The last of them, counted from 1.</param>
    private readonly record struct Count(int Occurrences, int Texts, int Last);
}

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
