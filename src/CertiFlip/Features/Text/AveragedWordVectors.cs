using System.Globalization;

namespace CertiFlip.Features.Text;

/// <summary>
/// A text as the mean of its words' vectors (the paper's map for IMDB, section 5): words as written, else in small
/// letters; unknown ones do not count.
/// </summary>
/// <param name="vectors">The vectors. They must not have been learned from the labels being defended.</param>
public sealed class AveragedWordVectors(WordVectors vectors) : ITextFeatureMap, IStorable<AveragedWordVectors>
{
    /// <summary>The vectors.</summary>
    public WordVectors Vectors { get; } = vectors ?? throw new ArgumentNullException(nameof(vectors));

    /// <inheritdoc/>
    public int Features => Vectors.Dimensions;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <inheritdoc/>
    public static string Kind => "averaged-word-vectors";

    /// <inheritdoc/>
    public static AveragedWordVectors Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        int dimensions = arrays.Integers("dimensions").Single();
        return new AveragedWordVectors(new WordVectors(arrays.Texts("words"), dimensions, arrays.Singles("numbers")));
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("words", [.. Vectors.Words]);
        arrays.Add("dimensions", [Vectors.Dimensions]);
        arrays.Add("numbers", Vectors.Numbers.ToArray());
    }

    /// <inheritdoc/>
    /// <remarks>A text without a known word becomes zeros.</remarks>
    public FeatureMatrix Transform(IReadOnlyList<string> texts, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        double[] features = new double[(long)texts.Count * Features];
        Parallel.For(0, texts.Count, parallel ?? new ParallelOptions(), row =>
            Average(texts[row], features.AsSpan(row * Features, Features)));
        return new FeatureMatrix(texts.Count, Features, features);
    }

    private void Average(string text, Span<double> mean)
    {
        int known = 0;
        char[] small = new char[text.Length];
        foreach (Range word in Words.Of(text))
        {
            ReadOnlySpan<char> written = text.AsSpan(word);
            ReadOnlySpan<float> vector = Vectors.Find(written);
            if (vector.IsEmpty)
                vector = Vectors.Find(small.AsSpan(0, written.ToLower(small, CultureInfo.InvariantCulture)));
            if (vector.IsEmpty)
                continue;
            known++;
            for (int i = 0; i < mean.Length; i++)
                mean[i] += vector[i];
        }

        for (int i = 0; known > 0 && i < mean.Length; i++)
            mean[i] /= known;
    }
}
