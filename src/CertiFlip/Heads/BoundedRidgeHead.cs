using System.Globalization;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// Ridge regression whose label weights cannot be large: they rebuild the test row from the training rows as ridge's
/// do, Xᵀα ≈ x, but none is beyond a bound. An adversary, who goes for the largest weights first, gains little by any
/// one flip, and accuracy stays near ridge's, since the other rows make up for what the bound takes away.
/// </summary>
/// <remarks>
/// <para>
/// αⱼ = 1/n + c·tanh(xⱼᵀz/c) for the z that makes Σⱼ c²·log cosh(xⱼᵀz/c) + λ/2·‖z‖² − xᵀz least, over centred rows:
/// ridge regression with weights in 1/n ± c, smoothly (its dual). Without a bound, α is ridge's.
/// </para>
/// <para>
/// c follows from features alone, for each test row. If ridge's products s = XP⁻¹x with P = XᵀX + λI had two values,
/// for like and unlike rows, of mean 0, mean square v and mean cube w, the middle of the two would be w/(2v), and each
/// of them h = √(v + (w/(2v))²) away. c is h times <see cref="Bound"/>.
/// </para>
/// <para>
/// z is P⁻¹x, improved eight times by 2P⁻¹(x − Xᵀα − λz), which never makes the sum larger, as P bounds its second
/// derivative. What is certified are the weights after the eighth.
/// </para>
/// <para>
/// Weights sum to 1 only nearly, so two classes are decided as more are: the larger score wins (<see
/// cref="TwoClassRule.LargestScore"/>). They keep less of ridge's products than all, b, but all of its constant, so a
/// common class gains. Where the shares of the classes are stated, b − Σα, mostly negative, is what scores rise by.
/// </para>
/// </remarks>
public sealed class BoundedRidgeHead : ReweightedRidgeHead, ILiftingHead
{
    private const int Passes = 8;
    private const double Step = 2;

    internal BoundedRidgeHead(RidgeHead ridge, double bound, KernelSet kernels)
        : base(ridge, kernels) => Bound = bound;

    /// <summary>c, as a multiple of the distance h of like and unlike rows from their middle.</summary>
    public double Bound { get; }

    /// <summary>Factorises XᵀX + λI of the centred features.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="rule">How λ is chosen; relative to the mean eigenvalue, with factor 1, if not given.</param>
    /// <param name="bound">
    /// The bound, positive and finite. It must not have been chosen by looking at the labels.
    /// </param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive and finite.</exception>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public static BoundedRidgeHead Fit(
        FeatureMatrix features, RidgeRule? rule = null, double bound = 2, ParallelOptions? parallel = null) =>
        Fit(features, rule ?? new RelativeRidge(), bound, parallel ?? new ParallelOptions(), KernelSet.Best);

    internal static BoundedRidgeHead Fit(FeatureMatrix features, RidgeRule rule, double bound, ParallelOptions parallel, KernelSet kernels)
    {
        if (!(bound > 0 && double.IsFinite(bound)))
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "The bound must be positive and finite.");
        return new(RidgeHead.FitCentred(features, rule, parallel, kernels), bound, kernels);
    }

    /// <inheritdoc/>
    public override void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride) =>
        ComputeWeights(tests, firstRow, rowCount, weights, stride, lifts: []);

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> lifts)
    {
        double[] x = Ridge.Scaled(tests, firstRow, rowCount, out int columns), z = [.. x], change = new double[x.Length];
        double[] lanes = new double[x.Length * Tile.Width];
        PackedRows rows = Ridge.Rows;
        Ridge.Solve(z, columns);
        rows.Multiply(Kernels, z, columns, 0, weights, stride);
        double[] limits = new double[rowCount];
        for (int row = 0; row < rowCount; row++)
            limits[row] = Limit(weights.Slice(row * stride, TrainingRows), x.AsSpan(row), z.AsSpan(row), columns);
        double[] products = lifts.IsEmpty ? [] : weights[..(rowCount * stride)].ToArray();

        for (int pass = 0; pass < Passes; pass++)
        {
            for (int row = 0; row < rowCount; row++)
                Cut(weights.Slice(row * stride, TrainingRows), limits[row]);
            lanes.AsSpan().Clear();
            rows.MultiplyAddTransposed(Kernels, 0, TrainingRows, weights, columns, stride, lanes);
            for (int i = 0; i < Features; i++)
            {
                double penalty = RidgeHead.Penalty(Ridge.Scaling.Scales[i], Lambda);
                for (int at = i * columns; at < (i + 1) * columns; at++)
                {
                    double sum = 0;
                    foreach (double part in lanes.AsSpan(at * Tile.Width, Tile.Width))
                        sum += part; // In their order, so that the bits do not depend on the width of a register.
                    change[at] = x[at] - sum - penalty * z[at];
                }
            }

            Ridge.Solve(change, columns);
            for (int at = 0; at < z.Length; at++)
                z[at] += Step * change[at];
            rows.Multiply(Kernels, z, columns, 0, weights, stride);
        }

        for (int row = 0; row < rowCount; row++)
        {
            Span<double> own = weights.Slice(row * stride, TrainingRows);
            Cut(own, limits[row]);
            foreach (ref double weight in own)
                weight += 1.0 / TrainingRows;

            // Where no row is like the test row, all weigh 1/n, which lacks nothing.
            if (!lifts.IsEmpty)
                lifts[row] = limits[row] > 0 ? Lacking(own, products.AsSpan(row * stride, TrainingRows)) ?? 0 : 0;
        }
    }

    /// <inheritdoc/>
    public override void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors) =>
        ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors, lifts: []);

    /// <inheritdoc/>
    /// <remarks>
    /// There is no closed form: for each row the head is really fitted to the others with this λ, so the error is 0,
    /// and n rows take the time of n fits.
    /// </remarks>
    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts) =>
        RefitWithout(
            training, firstRow, rowCount, weights, stride, errors, lifts,
            (others, parallel) => Fit(others, new FixedRidge(Lambda), Bound, parallel, Kernels));

    /// <summary>
    /// c, by the moments of ridge's products; 0 where a row is like no other, NaN where it is too far away.
    /// </summary>
    private double Limit(ReadOnlySpan<double> products, ReadOnlySpan<double> x, ReadOnlySpan<double> z, int columns)
    {
        double squares = 0, cubes = 0, own = 0;
        foreach (double s in products)
        {
            squares += s * s;
            cubes += s * s * s;
        }

        for (int i = 0; i < Features; i++)
            own += x[i * columns] * z[i * columns];
        if (!double.IsFinite(squares) || !double.IsFinite(cubes) || !double.IsFinite(own))
            return double.NaN;

        // What is left is rounding: no row tells anything of this one, and all count alike.
        double middle = cubes / (2 * squares), limit = Bound * Math.Sqrt(squares / products.Length + middle * middle);
        return squares > 8 * Features * Rounding.Epsilon * own && double.IsFinite(limit) ? limit : 0;
    }

    /// <summary>Makes c·tanh(s/c) of every s.</summary>
    private void Cut(Span<double> products, double limit)
    {
        if (limit > 0)
            Kernels.Saturate(products, Math.Min(1 / limit, double.MaxValue), 0, limit);
        else
            products.Fill(limit);
    }
}

/// <summary>The choice of a <see cref="BoundedRidgeHead"/>, <c>bounded-ridge</c> or <c>bounded-ridge:B</c>.</summary>
public sealed record BoundedRidgeHeadChoice() : ReweightedRidgeHeadChoice<BoundedRidgeHead>("bounded-ridge")
{
    /// <inheritdoc/>
    public override string Name => "bounded-ridge";

    /// <inheritdoc/>
    public override string Description => "ridge with weights up to a bound, 2 if not given";

    /// <inheritdoc/>
    public override HeadParameter Parameter => new("B", "B > 0");

    /// <inheritdoc/>
    public override bool Lifts => true;

    private protected override string Words => "bounded ridge";

    private protected override string Settings => string.Create(CultureInfo.InvariantCulture, $"bound {Bound}");

    /// <summary>The bound.</summary>
    public double Bound { get; private init; } = 2;

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) => base.Values(fitted) with { Bound = Bound };

    private protected override BoundedRidgeHead Weigh(RidgeHead ridge) => new BoundedRidgeHead(ridge, Bound, KernelSet.Best);

    private protected override HeadChoice? WithParameter(string written) =>
        double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) && bound > 0 && double.IsFinite(bound)
            ? this with { Bound = bound }
            : null;
}
