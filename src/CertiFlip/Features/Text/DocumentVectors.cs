namespace CertiFlip.Features.Text;

/// <summary>
/// Texts as means of vectors of their terms, weighted (by tf-idf, or all alike) and scaled to length 1. The vectors are
/// learned from texts without labels: each text has one as well, and is to lie nearer to the terms that it holds than
/// to others (document vectors by cosine similarity, Thongtan and Phienthrakul 2019). The vectors of texts are then
/// left out, so that every text, of the fit or new, is mapped in the same way.
/// </summary>
public sealed class DocumentVectors : ITextFeatureMap, IStorable<DocumentVectors>
{
    // Of a vector of length 1, with room for rounding.
    private const double LongestEntry = 1 + 1e-6;

    private readonly TfIdf _terms;

    // By term, then feature.
    private readonly double[] _vectors;

    /// <summary>A map that was fitted before.</summary>
    /// <param name="terms">The terms that are counted.</param>
    /// <param name="weights">The weight of each, at least 1.</param>
    /// <param name="longestTerm">The most words in one term, from 1 to 16.</param>
    /// <param name="vectors">The vectors of length 1, term by term.</param>
    /// <param name="countsOnce">Whether a term counts 1 however often a text holds it, not 1 + log count.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, or a number cannot be what it stands for.
    /// </exception>
    public DocumentVectors(
        IReadOnlyList<string> terms, IReadOnlyList<double> weights, int longestTerm, IReadOnlyList<float> vectors, bool countsOnce = false)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(vectors);
        _terms = new TfIdf(terms, weights, longestTerm, countsOnce);
        if (vectors.Count == 0 || vectors.Count % terms.Count != 0)
            throw new ArgumentException($"There are {vectors.Count} numbers for the vectors of {terms.Count} terms.", nameof(vectors));
        if (!vectors.All(number => Math.Abs(number) <= LongestEntry))
            throw new ArgumentException("A number of a vector is not from -1 to 1.", nameof(vectors));
        Features = vectors.Count / terms.Count;
        _vectors = [.. vectors];
    }

    /// <inheritdoc/>
    public int Features { get; }

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <summary>The terms that are counted.</summary>
    public IReadOnlyList<string> Terms => _terms.Terms;

    /// <summary>The weight of each term.</summary>
    public IReadOnlyList<double> Weights => _terms.Weights;

    /// <summary>The most words in one term.</summary>
    public int LongestTerm => _terms.LongestTerm;

    /// <summary>Whether a term counts 1 however often a text holds it, rather than 1 + log count.</summary>
    public bool CountsOnce => _terms.CountsOnce;

    /// <summary>The vectors of length 1, term by term.</summary>
    public IReadOnlyList<float> Vectors => Array.ConvertAll(_vectors, number => (float)number);

    /// <summary>Learns the vectors from texts alone.</summary>
    /// <param name="texts">n texts, at least one with a word.</param>
    /// <param name="options">How many features, from which terms, and how long to learn.</param>
    /// <param name="progress">Is told how many more texts are done; each is done once in each pass.</param>
    /// <param name="parallel">
    /// When to stop, and how many threads may count; learning takes one, as each step starts where the last one ended.
    /// </param>
    /// <exception cref="ArgumentException">No text holds a word of two or more letters.</exception>
    public static DocumentVectors Fit(
        IReadOnlyList<string> texts, DocumentVectorsOptions? options = null, IProgress<int>? progress = null,
        ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new DocumentVectorsOptions();
        parallel ??= new ParallelOptions();
        var terms = TfIdf.Fit(texts, options.Terms, parallel.CancellationToken);
        int[][] held = new int[texts.Count][];
        Parallel.For(0, texts.Count, parallel, text => held[text] = terms.TermsOf(texts[text]));
        var training = new DocumentVectorTraining(held, terms.Terms.Count, options);
        training.Run(progress, parallel.CancellationToken);
        return new DocumentVectors(terms.Terms, terms.Weights, terms.LongestTerm, training.Vectors(), terms.CountsOnce);
    }

    /// <inheritdoc/>
    public static string Kind => "document-vectors";

    /// <inheritdoc/>
    public static DocumentVectors Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return new DocumentVectors(
            arrays.Texts("terms"),
            arrays.Doubles("weights"),
            arrays.Integers("longest term").Single(),
            arrays.Singles("vectors"),
            TfIdf.RestoreCountsOnce(arrays));
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("terms", [.. Terms]);
        arrays.Add("weights", [.. Weights]);
        arrays.Add("longest term", [LongestTerm]);
        arrays.Add("vectors", [.. Vectors]);
        _terms.StoreCountsOnce(arrays);
    }

    /// <inheritdoc/>
    /// <remarks>A text without a known term becomes zeros.</remarks>
    public FeatureMatrix Transform(IReadOnlyList<string> texts, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return _terms.Project(texts, _vectors, Features, parallel ?? new ParallelOptions());
    }
}
