using CertiFlip.Matrices;

namespace CertiFlip.Features;

/// <summary>The directions in which inputs vary most, fitted on inputs alone; features are the coordinates along them, largest variance first.</summary>
public sealed class PrincipalComponents : IFeatureMap
{
    private readonly double[] _means;
    private readonly double[] _variances;
    private readonly LinearMap _directions;

    /// <summary>Components that were fitted before.</summary>
    /// <param name="means">The mean of each input.</param>
    /// <param name="directions">The directions, one after the other, each as long as <paramref name="means"/>.</param>
    /// <param name="variances">The variance of the training inputs along each.</param>
    /// <param name="totalVariance">The variance along all directions there are.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or a number is not finite.</exception>
    public PrincipalComponents(IReadOnlyList<double> means, IReadOnlyList<double> directions, IReadOnlyList<double> variances, double totalVariance)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(variances);
        if (means.Count == 0 || variances.Count == 0 || directions.Count != (long)means.Count * variances.Count)
            throw new ArgumentException($"There are {directions.Count} numbers for {variances.Count} directions of {means.Count} inputs.", nameof(directions));
        if (!means.Concat(directions).Concat(variances).Append(totalVariance).All(double.IsFinite))
            throw new ArgumentException("A number is not finite.", nameof(directions));
        (_means, _variances, TotalVariance) = ([.. means], [.. variances], totalVariance);
        _directions = new LinearMap(means.Count, variances.Count, (input, component) => directions[component * means.Count + input]);
    }

    /// <inheritdoc/>
    public int Inputs => _means.Length;

    /// <inheritdoc/>
    public int Features => _variances.Length;

    /// <summary>The mean of each input over the training rows.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>The variance (divided by n − 1) of the training inputs along each direction.</summary>
    public IReadOnlyList<double> Variances => _variances;

    /// <summary>The variance of the training inputs along all directions, those left out as well.</summary>
    public double TotalVariance { get; }

    /// <summary>The directions, one after the other, each of length 1 and <see cref="Inputs"/> numbers.</summary>
    public IReadOnlyList<double> Directions =>
        [.. from component in Enumerable.Range(0, Features) from input in Enumerable.Range(0, Inputs) select _directions[input, component]];

    /// <summary>Fits the components to inputs, exactly: by the eigenvectors of their covariance, or of their inner products where there are fewer rows than inputs.</summary>
    /// <param name="inputs">n rows, at least 2. No label is asked for.</param>
    /// <param name="options">How many components.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or all rows are the same.</exception>
    public static PrincipalComponents Fit(FeatureMatrix inputs, PrincipalComponentsOptions? options = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows < 2)
            throw new ArgumentException("Principal components need at least two rows.", nameof(inputs));
        var scaling = ColumnScaling.OfCommonUnit(inputs);
        if (scaling.CentredSquares.All(square => square == 0))
            throw new ArgumentException("All rows are the same: they vary in no direction.", nameof(inputs));
        return new PrincipalComponentsFit(inputs, scaling, parallel ?? new ParallelOptions()).Fit((options ?? new PrincipalComponentsOptions()).Components);
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != Inputs)
            throw new ArgumentException($"The components were fitted to {Inputs} inputs a row, but there are {inputs.Columns}.", nameof(inputs));
        return new FeatureMatrix(inputs.Rows, Features, _directions.Transform(inputs, _means, parallel ?? new ParallelOptions()));
    }
}
