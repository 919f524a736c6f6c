using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features.Text;

/// <summary>
/// Texts as weighted counts of terms, as scikit-learn's <c>TfidfVectorizer</c> with <c>sublinear_tf</c> makes them: 1 +
/// log count, times log((1 + n) / (1 + texts with the term)) + 1, each text scaled to length 1.
/// </summary>
internal sealed class TfIdf
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    public TfIdf(IReadOnlyList<string> terms, IReadOnlyList<double> weights, int longestTerm)
    {
        if (terms.Count == 0)
            throw new ArgumentException("There are no terms.", nameof(terms));
        if (terms.Count != weights.Count || !weights.All(double.IsFinite))
        {
            throw new ArgumentException(
                $"There must be a finite weight for each of {terms.Count} terms; there are {weights.Count}.", nameof(weights));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(longestTerm, 1);
        for (int i = 0; i < terms.Count; i++)
        {
            if (!_index.TryAdd(terms[i], i))
                throw new ArgumentException($"The term '{terms[i]}' is there twice.", nameof(terms));
        }

        (Terms, Weights, LongestTerm) = ([.. terms], [.. weights], longestTerm);
    }

    public IReadOnlyList<string> Terms { get; }

    /// <summary>log((1 + n) / (1 + texts with the term)) + 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    public int LongestTerm { get; }

    public static TfIdf Fit(IReadOnlyList<string> texts, TfIdfOptions options, CancellationToken cancellation)
    {
        (string Term, int Texts)[] terms = TermCounts.Of(texts, options.LongestTerm, cancellation).MostFrequent(options.MostTerms);
        if (terms.Length == 0)
            throw new ArgumentException("There are no words of two or more letters in any text.", nameof(texts));
        double[] weights = [.. terms.Select(term => Math.Log((1.0 + texts.Count) / (1 + term.Texts)) + 1)];
        return new TfIdf([.. terms.Select(term => term.Term)], weights, options.LongestTerm);
    }

    public SparseRows Transform(IReadOnlyList<string> texts, ParallelOptions parallel)
    {
        var rows = new (int[] Indices, double[] Values)[texts.Count];
        Parallel.For(0, texts.Count, parallel, row => rows[row] = Transform(texts[row]));
        return SparseRows.Of(Terms.Count, rows);
    }

    private (int[] Indices, double[] Values) Transform(string text)
    {
        var counts = new SortedDictionary<int, int>();
        var lookup = _index.GetAlternateLookup<ReadOnlySpan<char>>();
        Text.Terms.ForEach(text, LongestTerm, term =>
        {
            if (lookup.TryGetValue(term, out int index))
                counts[index] = counts.GetValueOrDefault(index) + 1;
        });
        double[] values = [.. counts.Select(count => (1 + Math.Log(count.Value)) * Weights[count.Key])];
        if (values.Length > 0)
            Elementwise.Divide(values, Math.Sqrt(Elementwise.Dot(values, values)));
        return ([.. counts.Keys], values);
    }
}
