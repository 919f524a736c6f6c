using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features;

/// <summary>
/// The directions in which inputs vary most, fitted on inputs alone; features are the coordinates along them, largest
/// variance first. They can be whitened: divided by a power of the standard deviation that they have.
/// </summary>
public sealed class PrincipalComponents : IFeatureMap, IStorable<PrincipalComponents>
{
    // Of a vector of length 1, with room for rounding.
    private const double LongestEntry = 1 + 1e-6;

    // Not "whitening": spectral features keep their own beside the arrays of these.
    private const string StoredWhitening = "power of deviations";

    private readonly double[] _means;
    private readonly double[] _variances;
    private readonly LinearMap _directions;
    private readonly double[]? _scales;

    /// <summary>Components that were fitted before.</summary>
    /// <param name="means">The mean of each input.</param>
    /// <param name="directions">The directions, one after the other, each as long as <paramref name="means"/>.</param>
    /// <param name="variances">The variance of the training inputs along each.</param>
    /// <param name="totalVariance">The variance along all directions there are.</param>
    /// <param name="whitening">
    /// How far features are whitened (<see cref="PrincipalComponentsOptions.Whitening"/>).
    /// </param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together, or a number cannot be what it stands for.
    /// </exception>
    public PrincipalComponents(
        IReadOnlyList<double> means, IReadOnlyList<double> directions, IReadOnlyList<double> variances, double totalVariance,
        double whitening = 0)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(directions);
        ArgumentNullException.ThrowIfNull(variances);
        if (means.Count == 0 || variances.Count == 0 || directions.Count != (long)means.Count * variances.Count)
        {
            throw new ArgumentException(
                $"There are {directions.Count} numbers for {variances.Count} directions of {means.Count} inputs.", nameof(directions));
        }

        if (variances.Count > means.Count)
            throw new ArgumentException($"{means.Count} inputs cannot vary in {variances.Count} directions.", nameof(variances));
        if (!means.All(double.IsFinite))
            throw new ArgumentException("A mean is not finite.", nameof(means));
        if (!directions.All(number => Math.Abs(number) <= LongestEntry))
            throw new ArgumentException("A number of a direction is not from -1 to 1.", nameof(directions));
        if (!variances.Append(totalVariance).All(variance => variance >= 0 && double.IsFinite(variance)))
            throw new ArgumentException("A variance is not finite, or below 0.", nameof(variances));
        if (whitening is not (>= 0 and <= 1))
            throw new ArgumentException("Whitening is not from 0 to 1.", nameof(whitening));
        if (whitening > 0 && variances.Any(variance => variance == 0))
            throw new ArgumentException("A direction of no variance cannot be whitened.", nameof(variances));
        (_means, _variances, TotalVariance, Whitening) = ([.. means], [.. variances], totalVariance, whitening);
        _directions = new LinearMap(means.Count, variances.Count, (input, component) => directions[component * means.Count + input]);
        _scales = whitening > 0 ? ScalesOf(whitening) : null;
    }

    /// <inheritdoc/>
    public int Inputs => _means.Length;

    /// <inheritdoc/>
    public int Features => _variances.Length;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <summary>The mean of each input over the training rows.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>The variance (divided by n − 1) of the training inputs along each direction.</summary>
    public IReadOnlyList<double> Variances => _variances;

    /// <summary>The variance of the training inputs along all directions, those left out as well.</summary>
    public double TotalVariance { get; }

    /// <summary>How far features are whitened (<see cref="PrincipalComponentsOptions.Whitening"/>).</summary>
    public double Whitening { get; }

    /// <summary>The directions, one after the other, each of length 1 and <see cref="Inputs"/> numbers.</summary>
    public IReadOnlyList<double> Directions =>
        [.. from component in Enumerable.Range(0, Features) from input in Enumerable.Range(0, Inputs) select _directions[input, component]];

    /// <summary>
    /// Fits the components to inputs, exactly: by the eigenvectors of their covariance, or of their inner products
    /// where there are fewer rows than inputs.
    /// </summary>
    /// <param name="inputs">n rows, at least 2. No label is asked for.</param>
    /// <param name="options">How many components.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or all rows are the same.</exception>
    public static PrincipalComponents Fit(
        FeatureMatrix inputs, PrincipalComponentsOptions? options = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows < 2)
            throw new ArgumentException("Principal components need at least two rows.", nameof(inputs));
        parallel ??= new ParallelOptions();
        var scaling = ColumnScaling.OfCommonUnit(inputs);
        Lazy<GramMatrix>? products = inputs.Rows < inputs.Columns
            ? null
            : new Lazy<GramMatrix>(() => GramMatrix.Of(inputs, scaling, parallel, KernelSet.Best));
        return Fit(inputs, scaling, products, options, parallel);
    }

    internal static StagedFit<IFeatureMap> FitInStages(
        FeatureMatrix inputs, PrincipalComponentsOptions? options, ParallelOptions? parallel)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows < 2)
            throw new ArgumentException("Principal components need at least two rows.", nameof(inputs));
        if (inputs.Rows < inputs.Columns)
        {
            throw new NotSupportedException(
                $"there are fewer rows ({inputs.Rows:N0}) than columns ({inputs.Columns:N0}): nothing is gained by blocks of rows.");
        }

        ParallelOptions own = parallel ?? new ParallelOptions();
        return new SummedFit<IFeatureMap>(
            new BlockFit(inputs.Rows, inputs.Columns, ColumnUnit.Common, Intercept.Fitted), inputs, own,
            sums => Fit(inputs, sums.Scaling(Intercept.Fitted), new Lazy<GramMatrix>(sums.Gram), options, own));
    }

    /// <summary>The components of inputs whose sums are known. With XᵀX the rows are not looked at.</summary>
    internal static PrincipalComponents Fit(
        FeatureMatrix inputs, ColumnScaling scaling, Lazy<GramMatrix>? products,
        PrincipalComponentsOptions? options, ParallelOptions parallel)
    {
        if (scaling.CentredSquares.All(square => square == 0))
            throw new ArgumentException("All rows are the same: they vary in no direction.", nameof(inputs));
        options ??= new PrincipalComponentsOptions();
        return new PrincipalComponentsFit(inputs, scaling, products, parallel).Fit(options);
    }

    /// <inheritdoc/>
    public static string Kind => "principal-components";

    /// <inheritdoc/>
    public static PrincipalComponents Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return new PrincipalComponents(
            arrays.Doubles("means"),
            arrays.Doubles("directions"),
            arrays.Doubles("variances"),
            arrays.Doubles("total variance").Single(),
            arrays.All.ContainsKey(StoredWhitening) ? arrays.Doubles(StoredWhitening).Single() : 0);
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("means", [.. Means]);
        arrays.Add("directions", [.. Directions]);
        arrays.Add("variances", [.. Variances]);
        arrays.Add("total variance", [TotalVariance]);
        if (Whitening > 0)
            arrays.Add(StoredWhitening, [Whitening]);
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != Inputs)
        {
            throw new ArgumentException(
                $"The components were fitted to {Inputs} inputs a row, but there are {inputs.Columns}.", nameof(inputs));
        }

        parallel ??= new ParallelOptions();
        double[] features = _directions.Transform(inputs, _means, parallel);
        if (_scales is { } scales)
        {
            Parallel.For(0, inputs.Rows, parallel, row =>
            {
                Span<double> own = features.AsSpan(row * Features, Features);
                for (int i = 0; i < own.Length; i++)
                    own[i] *= scales[i];
            });
        }

        return new FeatureMatrix(inputs.Rows, Features, features);
    }

    /// <summary>What each component is multiplied by: its standard deviation to the power −W.</summary>
    internal double[] ScalesOf(double whitening) =>
    [
        .. _variances.Select(variance => 1 / (whitening == 0.5
            ? Math.Sqrt(Math.Sqrt(variance))
            : Arithmetic.Exp(whitening / 2 * Arithmetic.Log(Math.Max(variance, double.Epsilon))))),
    ];
}

/// <summary>What <see cref="PrincipalComponents"/> are fitted with.</summary>
public sealed record PrincipalComponentsOptions
{
    /// <summary>How many components to keep, at least 1; fewer are kept where there are no more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Components
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 50;

    /// <summary>
    /// How far features are whitened, from 0, not at all, to 1: each is divided by its standard deviation over the
    /// training rows to this power. A penalty or a distance then listens to directions of little variance, too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double Whitening
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Whitening is from 0 to 1.");
    }
}

/// <summary>
/// Finds principal components through whichever matrix is smaller: XᵀX, or XXᵀ, whose eigenvectors u give directions
/// Xᵀu.
/// </summary>
internal sealed class PrincipalComponentsFit(
    FeatureMatrix inputs, ColumnScaling scaling, Lazy<GramMatrix>? products, ParallelOptions parallel)
{
    // What is left of a variance after rounding, as a part of the largest: directions below it are noise.
    private const double Negligible = 1e-13;

    public PrincipalComponents Fit(PrincipalComponentsOptions options)
    {
        int n = inputs.Rows, k = inputs.Columns;
        double unit = scaling.Scales[0];
        double total = scaling.CentredSquares.Sum() / (n - 1) / (unit * unit);
        bool isTall = products is not null;
        GramMatrix gram = products?.Value ?? InnerProducts();
        SymmetricEigen eigen = SymmetricEigen.Of(gram.Size, gram.Values, gram.Stride, parallel);
        int most = Math.Min(options.Components, Math.Min(n - 1, k));
        int kept = eigen.Values.Take(most).TakeWhile(value => value > Negligible * eigen.Values[0]).Count();
        double[] directions = new double[(long)kept * k];
        Parallel.For(0, kept, parallel, i =>
        {
            Span<double> direction = directions.AsSpan(i * k, k);
            if (isTall)
                eigen.Vector(i).CopyTo(direction);
            else
                Combine(eigen.Vector(i), direction);
        });
        double[] variances = [.. eigen.Values.Take(kept).Select(value => value / (n - 1) / (unit * unit))];
        return new PrincipalComponents(Means(), directions, variances, total, options.Whitening);
    }

    private GramMatrix InnerProducts()
    {
        int n = inputs.Rows, k = inputs.Columns;
        double[] transposed = new double[(long)n * k];
        double[] centred = new double[k];
        for (int row = 0; row < n; row++)
        {
            scaling.Apply(inputs.Row(row), centred);
            for (int i = 0; i < k; i++)
                transposed[(long)i * n + row] = centred[i];
        }

        var matrix = new FeatureMatrix(k, n, transposed);
        return GramMatrix.Of(matrix, ColumnScaling.Identity(n), parallel, KernelSet.Best);
    }

    /// <summary>Xᵀu, made as long as 1 and given the sign that puts its largest entry above zero.</summary>
    private void Combine(ReadOnlySpan<double> u, Span<double> direction)
    {
        double[] centred = new double[inputs.Columns];
        for (int row = 0; row < inputs.Rows; row++)
        {
            scaling.Apply(inputs.Row(row), centred);
            Elementwise.AddMultiple(u[row], centred, direction);
        }

        int largest = 0;
        for (int i = 1; i < direction.Length; i++)
        {
            if (Math.Abs(direction[i]) > Math.Abs(direction[largest]))
                largest = i;
        }

        Elementwise.Divide(direction, Math.CopySign(Math.Sqrt(Elementwise.Dot(direction, direction)), direction[largest]));
    }

    /// <summary>What a row of zeros is centred to tells the means.</summary>
    private double[] Means()
    {
        double[] means = new double[inputs.Columns];
        scaling.Apply(new double[inputs.Columns], means);
        return [.. means.Select(mean => -mean / scaling.Scales[0])];
    }
}
