using System.Globalization;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// Ridge regression's label weights, pushed to one size as far as a linear model loses little by it: those of <see
/// cref="SaturatedRidgeHead"/>, with the largest gain for each test row at which the score keeps nine tenths of the
/// correlation that the best weights would have.
/// </summary>
/// <remarks>
/// <para>
/// Suppose that labels are linear in centred features but for noise: y = Xβ + ε, β of mean 0 and variance 1 in each
/// direction, ε of variance μ. Over β and ε, the score αᵀy of a test row x and the truth xᵀβ then have the correlation
/// xᵀXᵀα/(‖x‖·√(‖Xᵀα‖² + μ‖α − ᾱ‖²)). It is largest for ridge's weights X(XᵀX + μI)⁻¹x, where it is
/// √(xᵀXᵀX(XᵀX + μI)⁻¹x)/‖x‖. Weights keep the quotient of the two. All of that is known without a label.
/// </para>
/// <para>
/// μ is 40 times the mean square length of a centred training row: noise of forty times the variance of the truth. The
/// fewer rows there are, the more does that noise cost weights of one size, and the smaller is the gain. (λ need not be
/// μ.)
/// </para>
/// <para>
/// The gains that are tried are <see cref="Gain"/> and twelve more, each 1/√2 of the one before. Where even the last
/// keeps less, it is taken: weights are then as ridge's with another intercept, for nearly all rows.
/// </para>
/// <para>
/// No weight is larger than 1/n. Weights do not sum to 1, so two classes are decided as more are: the larger score wins
/// (<see cref="TwoClassRule.LargestScore"/>). Where shares of classes are stated, scores rise by b − Σα as those of
/// <see cref="SaturatedRidgeHead"/> do.
/// </para>
/// </remarks>
public sealed class TemperedRidgeHead : ReweightedRidgeHead, ILiftingHead
{
    private const double NoisePerSignal = 40, LeastKept = 0.9;
    private const int Smaller = 12;

    private readonly Lazy<LinearModel> _model;

    internal TemperedRidgeHead(RidgeHead ridge, int? classes, double gain, KernelSet kernels)
        : base(ridge, kernels)
    {
        (Classes, Gain) = (classes, gain);
        _model = new Lazy<LinearModel>(() => LinearModel.Of(ridge, kernels));
    }

    /// <summary>
    /// K, for which like rows are expected no farther from unlike ones than in a cluster of n/K rows; null for clusters
    /// of any size.
    /// </summary>
    public int? Classes { get; }

    /// <summary>The largest gain of a row.</summary>
    public double Gain { get; }

    /// <summary>Factorises XᵀX + λI of the centred features.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="rule">How λ is chosen; relative to the mean eigenvalue, with factor 1, if not given.</param>
    /// <param name="classes">
    /// K as of <see cref="SaturationOptions.Classes"/>, 2 at least. It must be known without looking at the labels.
    /// </param>
    /// <param name="gain">The largest gain of a row, above 0.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The gain is not positive and finite, or there are fewer than two classes.
    /// </exception>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public static TemperedRidgeHead Fit(
        FeatureMatrix features,
        RidgeRule? rule = null,
        int? classes = null,
        double gain = TemperedRidgeHeadChoice.DefaultGain,
        ParallelOptions? parallel = null) =>
        Fit(features, rule ?? new RelativeRidge(), classes, gain, parallel ?? new ParallelOptions(), KernelSet.Best);

    internal static TemperedRidgeHead Fit(
        FeatureMatrix features, RidgeRule rule, int? classes, double gain, ParallelOptions parallel, KernelSet kernels)
    {
        if (classes < 2)
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "There are at least two classes.");
        return new TemperedRidgeHead(
            RidgeHead.FitCentred(features, rule, parallel, kernels), classes, TemperedRidgeHeadChoice.RequireGain(gain), kernels);
    }

    /// <inheritdoc/>
    public override void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride) =>
        ComputeWeights(tests, firstRow, rowCount, weights, stride, lifts: []);

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> lifts)
    {
        var own = new Leverage[rowCount];
        Ridge.ComputeProducts(tests, firstRow, weights, stride, own);
        double[] x = Ridge.Scaled(tests, firstRow, rowCount, out int columns), best = _model.Value.Best(x, columns);
        double[] products = weights[..(rowCount * stride)].ToArray();
        var open = Enumerable.Range(0, rowCount).ToList();
        double gain = Gain;
        for (int tried = 0; open.Count > 0 && tried <= Smaller; tried++, gain /= Math.Sqrt(2))
        {
            foreach (int row in open)
            {
                Span<double> of = weights.Slice(row * stride, TrainingRows);
                products.AsSpan(row * stride, TrainingRows).CopyTo(of);
                Saturate(of, own[row], gain);
            }

            double[] kept = Kept(x, columns, best, weights, stride);
            open.RemoveAll(row => !(kept[row] < LeastKept)); // Those of which nothing is known, too.
        }

        for (int row = 0; row < lifts.Length; row++)
        {
            lifts[row] = own[row].Kept > NoSimilarity
                ? Lacking(weights.Slice(row * stride, TrainingRows), products.AsSpan(row * stride, TrainingRows)) ?? 0
                : 0;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// There is no closed form: for each row the head is really fitted to the others with this λ, so the error is 0,
    /// and n rows take the time of n fits.
    /// </remarks>
    public override void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors) =>
        ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors, lifts: []);

    /// <inheritdoc/>
    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts) =>
        RefitWithout(
            training, firstRow, rowCount, weights, stride, errors, lifts,
            (others, parallel) => Fit(others, new FixedRidge(Lambda), Classes, Gain, parallel, Kernels));

    /// <summary>What rows of weights keep of the best correlation; NaN where a row has none.</summary>
    private double[] Kept(double[] x, int columns, double[] best, ReadOnlySpan<double> weights, int stride)
    {
        LinearModel model = _model.Value;
        double[] lanes = new double[x.Length * Tile.Width], toTruth = new double[columns], squares = new double[columns];
        Ridge.Rows.MultiplyAddTransposed(Kernels, 0, TrainingRows, weights, columns, stride, lanes);
        for (int at = 0; at < x.Length; at++)
        {
            double sum = 0, unit = model.Units[at / columns];
            foreach (double part in lanes.AsSpan(at * Tile.Width, Tile.Width))
                sum += part; // In their order, so that the bits do not depend on the width of a register.
            toTruth[at % columns] += sum * unit * (x[at] * unit);
            squares[at % columns] += sum * unit * (sum * unit);
        }

        double[] kept = new double[columns];
        for (int row = 0; row < columns; row++)
        {
            ReadOnlySpan<double> own = weights.Slice(row * stride, TrainingRows);
            double mean = Elementwise.Sum(own) / own.Length, spread = Math.Max(0, Elementwise.Dot(own, own) - mean * mean * own.Length);
            kept[row] = toTruth[row] / Math.Sqrt((squares[row] + model.Noise * spread) * best[row]);
        }

        return kept;
    }

    /// <summary>Turns products xⱼᵀ(XᵀX + λI)⁻¹x into weights.</summary>
    private void Saturate(Span<double> products, Leverage own, double gain)
    {
        double n = TrainingRows, like = n * own.Product, unlike = own.Kept;
        if (!double.IsFinite(like))
        {
            products.Fill(double.NaN); // Too far away for any weights: whoever asked says which row it is.
            return;
        }

        // What is left is rounding: no row tells anything of this one, and all count alike.
        if (unlike <= NoSimilarity)
        {
            products.Fill(1 / n);
            return;
        }

        if (Classes is { } classes)
            like = Math.Min(like, (classes - 1) * unlike);
        double half = (like + unlike) / 2;
        Kernels.Saturate(products, Math.Min(gain * n / half, double.MaxValue), gain * ((unlike - like) / 2) / half, 1 / n);
    }

    /// <summary>Labels that are linear in the features, but for noise.</summary>
    /// <param name="Units">
    /// What each column of the scaled features is multiplied by to have them in one unit, 1 for the largest.
    /// </param>
    /// <param name="Noise">μ in that unit.</param>
    /// <param name="Factor">Of XᵀX + μI of scaled features; null where nothing but rounding is left of them.</param>
    private sealed record LinearModel(double[] Units, double Noise, Cholesky? Factor)
    {
        /// <summary>From the factor of XᵀX + λI alone.</summary>
        public static LinearModel Of(RidgeHead ridge, KernelSet kernels)
        {
            IReadOnlyList<double> scales = ridge.Scaling.Scales;
            double least = scales.Min(), trace = 0;
            double[] units = [.. scales.Select(scale => least / scale)];
            double[] gram = ridge.CentredGram();
            int k = units.Length;
            for (int i = 0; i < k; i++)
                trace += gram[i * k + i] * units[i] * units[i];
            double noise = NoisePerSignal * trace / ridge.TrainingRows;
            double Noisy(int row, int column) =>
                gram[row * k + column] + (row == column ? RidgeHead.Penalty(1 / units[row], noise) : 0);
            return noise > 0 && Cholesky.TryFactorise(k, Noisy, kernels, new ParallelOptions(), out Cholesky factor) < 0
                ? new LinearModel(units, noise, factor)
                : new LinearModel(units, noise, null);
        }

        /// <summary>xᵀXᵀX(XᵀX + μI)⁻¹x of columns of scaled features, xᵀx − μxᵀ(XᵀX + μI)⁻¹x.</summary>
        public double[] Best(double[] x, int columns)
        {
            double[] best = new double[columns];
            if (Factor is null)
                return best;
            double[] z = [.. x];
            Factor.Solve(z, columns);
            for (int at = 0; at < x.Length; at++)
            {
                double unit = Units[at / columns], value = x[at] * unit;
                best[at % columns] += value * (value - Noise * (z[at] / unit));
            }

            return best;
        }
    }
}

/// <summary>
/// The choice of a <see cref="TemperedRidgeHead"/>, <c>tempered-ridge</c>, or <c>tempered-ridge:K</c> for K classes,
/// <c>tempered-ridge:classes</c> for as many as are stated.
/// </summary>
public sealed record TemperedRidgeHeadChoice() : ClusterHeadChoice<TemperedRidgeHead>("tempered-ridge")
{
    /// <summary>The largest gain of a row if none is given: that of <see cref="SaturationOptions"/>.</summary>
    public const double DefaultGain = 5;

    /// <inheritdoc/>
    public override string Name => "tempered-ridge";

    /// <inheritdoc/>
    public override string Description => "ridge with weights as equal as costs a linear model little";

    private protected override string Words => "tempered ridge";

    private protected override string Settings => string.Create(
        CultureInfo.InvariantCulture, $"gain up to {Gain}, offset auto{(Classes is { } classes ? $" for {classes} classes" : "")}");

    /// <summary>K; null for clusters of any size.</summary>
    public int? Classes { get; private init; }

    /// <summary>The largest gain of a row. The default value is 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double Gain { get; init => field = RequireGain(value); } = DefaultGain;

    /// <inheritdoc/>
    public override bool Lifts => true;

    /// <inheritdoc/>
    public override HeadChoice? WithOption(string name, string value) =>
        name == "gain"
        && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double gain) && gain > 0 && double.IsFinite(gain)
            ? this with { Gain = gain }
            : base.WithOption(name, value);

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) => base.Values(fitted) with { Gain = Gain };

    /// <inheritdoc/>
    public override TemperedRidgeHeadChoice WithStoredOptions(ModelArrays arrays) =>
        (TemperedRidgeHeadChoice)base.WithStoredOptions(arrays) with
        {
            Gain = arrays.Doubles("gain") is [var gain] && gain > 0 && double.IsFinite(gain)
                ? gain
                : throw new ArgumentException("The gain is not a number above 0.", nameof(arrays)),
        };

    private protected override TemperedRidgeHead Weigh(RidgeHead ridge) =>
        NeedsClasses ? throw UnknownCount : new TemperedRidgeHead(ridge, Classes, Gain, KernelSet.Best);

    private protected override TemperedRidgeHeadChoice WithCount(int classes) => this with { Classes = classes };

    private protected override void StoreOptions(ModelArrays arrays) => arrays.Add("gain", [Gain]);

    internal static double RequireGain(double gain) => gain > 0 && double.IsFinite(gain)
        ? gain
        : throw new ArgumentOutOfRangeException(nameof(gain), gain, "The gain must be positive and finite.");
}
