using CertiFlip.Matrices;

namespace CertiFlip.Features.Text;

/// <summary>
/// Features that texts of the same kind tell by themselves (latent semantic analysis): weighted counts of terms, mapped
/// to the directions in which the training texts' counts lie foremost, each text scaled to length 1. The very first
/// direction is left out: it is nearly the mean of all texts, which a head's intercept holds already. No label is asked
/// for.
/// </summary>
public sealed class LatentSemantics : ITextFeatureMap, IStorable<LatentSemantics>
{
    // Of a vector of length 1, with room for rounding.
    private const double LongestEntry = 1 + 1e-6;

    private readonly TfIdf _terms;

    // By term, then feature.
    private readonly double[] _directions;

    /// <summary>A map that was fitted before.</summary>
    /// <param name="terms">The terms that are counted.</param>
    /// <param name="weights">The weight of each, at least 1.</param>
    /// <param name="longestTerm">The most words in one term, from 1 to 16.</param>
    /// <param name="directions">The directions, one after the other, each with a number for every term.</param>
    /// <param name="singularValues">The length of the training texts' counts along each.</param>
    /// <param name="countsOnce">Whether a term counts 1 however often a text holds it, not 1 + log count.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, or a number cannot be what it stands for.
    /// </exception>
    public LatentSemantics(
        IReadOnlyList<string> terms,
        IReadOnlyList<double> weights,
        int longestTerm,
        IReadOnlyList<float> directions,
        IReadOnlyList<double> singularValues,
        bool countsOnce = false)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(singularValues);
        _terms = new TfIdf(terms, weights, longestTerm, countsOnce);
        if (singularValues.Count == 0 || singularValues.Count > terms.Count
            || directions.Count != (long)terms.Count * singularValues.Count)
        {
            throw new ArgumentException(
                $"There are {directions.Count} numbers for {singularValues.Count} directions of {terms.Count} terms.", nameof(directions));
        }

        if (!directions.All(number => Math.Abs(number) <= LongestEntry))
            throw new ArgumentException("A number of a direction is not from -1 to 1.", nameof(directions));
        if (!singularValues.All(value => value >= 0 && double.IsFinite(value)))
            throw new ArgumentException("A singular value is not finite, or below 0.", nameof(singularValues));
        SingularValues = [.. singularValues];
        _directions = new double[directions.Count];
        for (int feature = 0; feature < Features; feature++)
        {
            for (int term = 0; term < terms.Count; term++)
                _directions[term * Features + feature] = directions[feature * terms.Count + term];
        }
    }

    /// <inheritdoc/>
    public int Features => SingularValues.Count;

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

    /// <summary>The singular values that belong to the features, the largest first.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>The directions, one after the other, each with a number for every term.</summary>
    public IReadOnlyList<float> Directions
    {
        get
        {
            float[] directions = new float[_directions.LongLength];
            for (int feature = 0; feature < Features; feature++)
            {
                for (int term = 0; term < Terms.Count; term++)
                    directions[feature * Terms.Count + term] = (float)_directions[term * Features + feature];
            }

            return directions;
        }
    }

    /// <summary>Fits the map to texts alone.</summary>
    /// <param name="texts">n texts, at least one with a word.</param>
    /// <param name="options">How many features, from which terms.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the map does not depend on it.</param>
    /// <exception cref="ArgumentException">No text holds a word of two or more letters.</exception>
    public static LatentSemantics Fit(IReadOnlyList<string> texts, LatentSemanticsOptions? options = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new LatentSemanticsOptions();
        parallel ??= new ParallelOptions();
        var terms = TfIdf.Fit(texts, options.Terms, parallel.CancellationToken);
        return Of(
            terms, RandomisedSvd.Leading(terms.Transform(texts, parallel), options.Components + 1L, options.Seed, parallel));
    }

    /// <summary>The map of singular vectors, of which there is one more than features.</summary>
    internal static LatentSemantics Of(TfIdf terms, (double[] Vectors, double[] Values) singular)
    {
        (double[] vectors, double[] values) = singular;

        // Where all texts lie in one direction, it is better than none.
        int first = values.Length > 1 ? 1 : 0;
        float[] directions = Array.ConvertAll(vectors[(first * terms.Terms.Count)..], number => (float)number);
        return new LatentSemantics(terms.Terms, terms.Weights, terms.LongestTerm, directions, values[first..], terms.CountsOnce);
    }

    /// <inheritdoc/>
    public static string Kind => "latent-semantics";

    /// <inheritdoc/>
    public static LatentSemantics Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return new LatentSemantics(
            arrays.Texts("terms"),
            arrays.Doubles("weights"),
            arrays.Integers("longest term").Single(),
            arrays.Singles("directions"),
            arrays.Doubles("singular values"),
            TfIdf.RestoreCountsOnce(arrays));
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("terms", [.. Terms]);
        arrays.Add("weights", [.. Weights]);
        arrays.Add("longest term", [LongestTerm]);
        arrays.Add("directions", [.. Directions]);
        arrays.Add("singular values", [.. SingularValues]);
        _terms.StoreCountsOnce(arrays);
    }

    /// <inheritdoc/>
    /// <remarks>A text without a known term becomes zeros.</remarks>
    public FeatureMatrix Transform(IReadOnlyList<string> texts, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return _terms.Project(texts, _directions, Features, parallel ?? new ParallelOptions());
    }
}
