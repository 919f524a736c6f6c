using CertiFlip.Matrices;

namespace CertiFlip.Features;

/// <summary>
/// Brings columns of different units to one: x becomes (x − μ)/σ, with the column's mean μ and standard deviation σ
/// over the fitted rows.
/// </summary>
/// <remarks>
/// Distances, and the one λ that a ridge head has for all columns, otherwise speak of the column with the largest
/// numbers. No label is asked for, so certificates of what comes out hold.
/// </remarks>
public sealed class StandardScaler : IFeatureMap, IStorable<StandardScaler>
{
    private readonly double[] _means;
    private readonly double[] _scales;

    /// <summary>A scaler that was fitted before.</summary>
    /// <param name="means">μ of each of k columns, finite.</param>
    /// <param name="scales">σ of each, above 0.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many of both or none, or a number is not finite, or not above 0.
    /// </exception>
    public StandardScaler(IReadOnlyList<double> means, IReadOnlyList<double> scales)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(scales);
        if (means.Count == 0 || means.Count != scales.Count)
        {
            throw new ArgumentException(
                $"There are {means.Count} means and {scales.Count} scales: one of each is needed for every column.", nameof(scales));
        }

        if (!means.All(double.IsFinite) || !scales.All(scale => double.IsFinite(scale) && scale > 0))
            throw new ArgumentException("Means must be finite, and scales above 0.", nameof(scales));
        (_means, _scales) = ([.. means], [.. scales]);
    }

    /// <inheritdoc/>
    public int Inputs => _means.Length;

    /// <inheritdoc/>
    public int Features => _means.Length;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <summary>The mean of each column over the fitted rows.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>
    /// The standard deviation of each (divided by n, as scikit-learn's), or 1 where a column does not vary.
    /// </summary>
    public IReadOnlyList<double> Scales => _scales;

    /// <summary>Fits the scaler to rows.</summary>
    /// <param name="inputs">The rows (n × k), at least one. No label is asked for.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static StandardScaler Fit(FeatureMatrix inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows == 0)
            throw new ArgumentException("There are no rows to take means of.", nameof(inputs));
        return Of(ColumnScaling.Of(inputs, Intercept.Fitted), inputs.Rows); // By powers of two: squares neither overflow nor vanish.
    }

    internal static StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new SummedFit<IFeatureMap>(
            new BlockFit(inputs.Rows, inputs.Columns, ColumnUnit.Own), inputs, parallel ?? new ParallelOptions(),
            sums => Of(sums.Scaling(Intercept.Fitted), inputs.Rows));
    }

    /// <summary>The scaler of columns whose means and squares are known.</summary>
    internal static StandardScaler Of(ColumnScaling scaling, int rows)
    {
        double Deviation(int column) => Math.Sqrt(scaling.CentredSquares[column] / rows) / scaling.Scales[column];
        return new StandardScaler(
            [.. scaling.Means.Zip(scaling.Scales, (mean, scale) => mean / scale)],
            [.. Enumerable.Range(0, scaling.Means.Length).Select(column => Deviation(column) is > 0 and var deviation ? deviation : 1)]);
    }

    /// <inheritdoc/>
    public static string Kind => "standard-scaler";

    /// <inheritdoc/>
    public static StandardScaler Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return new StandardScaler(arrays.Doubles("means"), arrays.Doubles("scales"));
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("means", [.. Means]);
        arrays.Add("scales", [.. Scales]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The rows have another number of columns, or a row is so many deviations away that it is out of range.
    /// </exception>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != Inputs)
            throw new ArgumentException($"The scaler was fitted to {Inputs} inputs a row, but there are {inputs.Columns}.", nameof(inputs));
        double[] features = new double[checked(inputs.Rows * Features)];
        Parallel.For(0, inputs.Rows, parallel ?? new ParallelOptions(), row =>
        {
            ReadOnlySpan<double> from = inputs.Row(row);
            Span<double> to = features.AsSpan(row * Features, Features);
            for (int column = 0; column < to.Length; column++)
                to[column] = (from[column] - _means[column]) / _scales[column];
        });
        return new FeatureMatrix(inputs.Rows, Features, features);
    }
}
