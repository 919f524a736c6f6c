using System.Globalization;
using System.Numerics.Tensors;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// Nadaraya and Watson's kernel smoother: αⱼ in proportion to e^(−‖x − xⱼ‖²/(2H²)), and Σα = 1. Every label counts by
/// how near its row is; the bandwidth H says what is near.
/// </summary>
/// <remarks>
/// <para>
/// The default H is half of the median, over at most 256 training rows that are spread evenly, of the distance to the
/// tenth nearest training row other than itself: the tenth neighbour is two standard deviations away, and weighs e⁻² of
/// what a row at the same place would. So about as many rows count as <see cref="NearestNeighboursHead"/> has
/// neighbours, in whatever unit the features are. It looks at no label.
/// </para>
/// <para>
/// The least distance is taken out before the exponential, so that a row far from all others is decided by its nearest
/// ones. Distances are a matrix product, and off by a few roundings of the rows' squared norms about the mean.
/// </para>
/// </remarks>
public sealed class KernelSmootherHead : ILeaveOneOutHead
{
    private readonly SquaredDistances _distances;
    private readonly KernelSet _kernels;
    private readonly double _rate;
    private readonly Lazy<double> _largestSquare;

    private KernelSmootherHead(SquaredDistances distances, double bandwidth, KernelSet kernels)
    {
        (_distances, Bandwidth, _kernels) = (distances, bandwidth, kernels);
        _largestSquare = new Lazy<double>(() => distances.Squares.Max());
        double scaled = bandwidth * distances.Unit;
        _rate = Math.Min(1 / (2 * scaled * scaled), double.MaxValue);
    }

    /// <summary>H, in the units of the features.</summary>
    public double Bandwidth { get; }

    /// <inheritdoc/>
    public int TrainingRows => _distances.TrainingRows;

    /// <inheritdoc/>
    public int Features => _distances.Features;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <inheritdoc/>
    public TwoClassRule TwoClassRule => TwoClassRule.LargestScore;

    /// <summary>Packs the training rows, with the default bandwidth.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="HeadException">There are no rows.</exception>
    public static KernelSmootherHead Fit(FeatureMatrix features, ParallelOptions? parallel = null)
    {
        SquaredDistances distances = DistancesOf(features, parallel ??= new ParallelOptions());
        return new KernelSmootherHead(distances, DefaultBandwidth(features, distances, parallel), KernelSet.Best);
    }

    /// <summary>Packs the training rows.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="bandwidth">
    /// H, in the units of the features, positive and finite. It must not have been chosen by looking at the labels.
    /// </param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="bandwidth"/> is not positive and finite.
    /// </exception>
    /// <exception cref="HeadException">There are no rows.</exception>
    public static KernelSmootherHead Fit(FeatureMatrix features, double bandwidth, ParallelOptions? parallel = null) =>
        Fit(features, bandwidth, parallel ?? new ParallelOptions(), KernelSet.Best);

    internal static KernelSmootherHead Fit(FeatureMatrix features, double bandwidth, ParallelOptions parallel, KernelSet kernels)
    {
        if (!(bandwidth > 0 && double.IsFinite(bandwidth)))
            throw new ArgumentOutOfRangeException(nameof(bandwidth), bandwidth, "The bandwidth must be positive and finite.");
        return new KernelSmootherHead(DistancesOf(features, parallel), bandwidth, kernels);
    }

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride)
    {
        ComputeDistances(tests, firstRow, rowCount, weights, stride);
        for (int row = 0; row < rowCount; row++)
            Smooth(weights.Slice(row * stride, TrainingRows));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The weights of the other rows, made to sum to 1 again: those of the head of this bandwidth on the others.
    /// </remarks>
    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors)
    {
        if (TrainingRows == 1)
            throw new HeadException("Training row 0 (counting from 0) cannot be left out: there are no others.");
        ComputeDistances(training, firstRow, rowCount, weights, stride);
        for (int row = 0; row < rowCount; row++)
        {
            Span<double> own = weights.Slice(row * stride, TrainingRows);
            own[firstRow + row] = double.PositiveInfinity;
            Smooth(own);
            errors[row] = ErrorOf(_distances.Squares[firstRow + row]);
        }
    }

    /// <summary>
    /// What rounding can do to a training row's weights, and to those of the head that is fitted without it: that one
    /// subtracts another mean, from which no row is farther than √2 times its own distance and the row's together.
    /// docs/soundness.md derives it.
    /// </summary>
    /// <param name="square">The row's squared distance from the mean.</param>
    private double ErrorOf(double square)
    {
        double largest = _largestSquare.Value;
        double exponent = 2 * _rate * (_distances.Error(largest + square) + _distances.Error(2 * largest + 6 * square));
        return exponent <= 0.25 ? 4 * exponent + 16 * (TrainingRows + 8.0) * Rounding.Epsilon : double.PositiveInfinity;
    }

    /// <summary>Squared distances to all training rows, less the squared norm of the test row.</summary>
    private void ComputeDistances(FeatureMatrix tests, int firstRow, int rowCount, Span<double> distances, int stride)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != Features)
            throw new HeadException($"The head was fitted to {Features} features, but the test rows have {tests.Columns}.");
        double[] right = new double[Features * Tile.PadHeight(rowCount)];
        _distances.Load(tests, firstRow, rowCount, right);
        _distances.Compute(_kernels, 0, TrainingRows, right, rowCount, distances, stride);
    }

    /// <summary>The bandwidth that a fit to these features has where none is given.</summary>
    internal double DefaultBandwidth(FeatureMatrix features, ParallelOptions parallel) => DefaultBandwidth(features, _distances, parallel);

    private static double DefaultBandwidth(FeatureMatrix features, SquaredDistances distances, ParallelOptions parallel) =>
        NeighbourDistance.Median(features, distances, parallel) / 2;

    private static SquaredDistances DistancesOf(FeatureMatrix features, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(features);
        return features.Rows > 0 ? new SquaredDistances(features, parallel) : throw new HeadException(
            "There are no training rows to fit a head to.");
    }

    /// <summary>
    /// Turns distances into weights. Those of a row so far away that its distances overflow become NaN, and whoever
    /// asked says which row it is.
    /// </summary>
    private void Smooth(Span<double> distances)
    {
        double least = TensorPrimitives.Min(distances), sum = 0;
        if (!double.IsFinite(least))
        {
            distances.Fill(double.NaN);
            return;
        }

        _kernels.Decay(distances, least, _rate);
        foreach (double value in distances)
            sum += value; // In their order, so that the bits do not depend on the width of a register.
        Elementwise.Divide(distances, sum);
    }
}

/// <summary>The choice of a <see cref="KernelSmootherHead"/>, <c>kernel</c> or <c>kernel:H</c>.</summary>
public sealed record KernelHeadChoice() : HeadChoice("kernel")
{
    /// <inheritdoc/>
    public override StagedFit<IHead> FitInStages(FeatureMatrix features, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("the bandwidth of a kernel head comes from a few rows, whatever their number.");

    /// <inheritdoc/>
    public override string Name => "kernel";

    /// <inheritdoc/>
    public override string Description => "a Gaussian kernel of bandwidth H, from the features if not given";

    /// <inheritdoc/>
    public override HeadParameter Parameter => new("H", "H > 0");

    /// <summary>H, or null where it is derived from the features.</summary>
    public double? Bandwidth { get; private init; }

    /// <inheritdoc/>
    public override ILeaveOneOutHead Fit(FeatureMatrix features, ParallelOptions? parallel = null) =>
        Bandwidth is { } given ? KernelSmootherHead.Fit(features, given, parallel) : KernelSmootherHead.Fit(features, parallel);

    /// <inheritdoc/>
    public override string Describe(IHead? fitted = null) => (fitted, Bandwidth) switch
    {
        ({ } head, _) => $"Gaussian kernel of bandwidth {InWords(Own<KernelSmootherHead>(head).Bandwidth)}",
        (null, { } given) => $"a Gaussian kernel of bandwidth {InWords(given)}",
        (null, null) => "a Gaussian kernel of a bandwidth of its own",
    };

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) =>
        new() { Bandwidth = fitted is null ? Bandwidth : Own<KernelSmootherHead>(fitted).Bandwidth };

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays, IHead fitted)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("bandwidth", [Own<KernelSmootherHead>(fitted).Bandwidth]);
    }

    /// <inheritdoc/>
    public override ILeaveOneOutHead Restore(ModelArrays arrays, FeatureMatrix features, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        double bandwidth = arrays.Doubles("bandwidth").Single();
        if (Bandwidth is { } given && given != bandwidth)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The bandwidth of {Text} is {bandwidth}."), nameof(arrays));
        }

        var head = KernelSmootherHead.Fit(features, bandwidth, parallel);
        if (Bandwidth is null && !arrays.AreVerified
            && head.DefaultBandwidth(features, parallel ?? new ParallelOptions()) is var own && !(Math.Abs(own - bandwidth) <= 1e-9 * own))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The bandwidth is {bandwidth}, but that of these features is {own}."),
                nameof(arrays));
        }

        return head;
    }

    private protected override HeadChoice? WithParameter(string written) =>
        double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out double bandwidth)
        && bandwidth > 0
        && double.IsFinite(bandwidth)
            ? this with { Bandwidth = bandwidth }
            : null;

    private static string InWords(double bandwidth) => bandwidth.ToString("G6", CultureInfo.InvariantCulture);
}
