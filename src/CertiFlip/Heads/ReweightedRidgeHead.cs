using System.Globalization;
using CertiFlip.Kernels;

namespace CertiFlip.Heads;

/// <summary>
/// A head that computes the label weights of ridge regression on centred rows, from its factor of XᵀX + λI, and then
/// weighs all training rows anew.
/// </summary>
/// <remarks>
/// <para>
/// Weights need not sum to 1, so two classes are decided as more are: the larger score wins (<see
/// cref="TwoClassRule.LargestScore"/>).
/// </para>
/// <para>
/// Ridge's weights are 1/n of the intercept and the products pⱼ = xⱼᵀ(XᵀX + λI)⁻¹x, of mean 0. Of the pⱼ other weights
/// keep b = Σαⱼpⱼ/Σpⱼ² (least squares), from 0 to 1. If they kept as much of the 1 that the intercept adds up to, they
/// would sum to b. What they lack of it is b − Σα, by which scores rise with stated shares (<see
/// cref="ILiftingHead"/>).
/// </para>
/// </remarks>
public abstract class ReweightedRidgeHead : ILeaveOneOutHead
{
    private protected ReweightedRidgeHead(RidgeHead ridge, KernelSet kernels) => (Ridge, Kernels) = (ridge, kernels);

    /// <summary>The rule that chose λ.</summary>
    public RidgeRule Rule => Ridge.Rule;

    /// <summary>λ, in the units of the features squared.</summary>
    public double Lambda => Ridge.Lambda;

    /// <inheritdoc/>
    public int TrainingRows => Ridge.TrainingRows;

    /// <inheritdoc/>
    public int Features => Ridge.Features;

    /// <inheritdoc/>
    public bool DependsOnLabels => Ridge.DependsOnLabels;

    /// <inheritdoc/>
    public TwoClassRule TwoClassRule => TwoClassRule.LargestScore;

    /// <summary>The head that is weighed anew.</summary>
    private protected RidgeHead Ridge { get; }

    private protected KernelSet Kernels { get; }

    /// <summary>What a row keeps of itself where rounding is all that is left.</summary>
    private protected double NoSimilarity => 8 * Features * Rounding.Epsilon;

    /// <inheritdoc/>
    public abstract void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride);

    /// <inheritdoc/>
    public abstract void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors);

    /// <summary>
    /// Leaves rows out where there is no closed form: for each the head is really fitted to the others, so the error is
    /// 0, and n rows take the time of n fits.
    /// </summary>
    /// <param name="training">The training rows.</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="weights">Receives weights as <see cref="ComputeLeaveOneOutWeights"/> gives them.</param>
    /// <param name="stride">As there.</param>
    /// <param name="errors">Receives zeros.</param>
    /// <param name="lifts">Receives lifts, unless it is empty.</param>
    /// <param name="fit">Fits the head to other rows, with the same λ.</param>
    /// <exception cref="HeadException">There is one row only.</exception>
    private protected void RefitWithout(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts,
        Func<FeatureMatrix, ParallelOptions, ILiftingHead> fit)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (TrainingRows == 1)
            throw new HeadException("Training row 0 (counting from 0) cannot be left out: there are no others.");
        int n = TrainingRows - 1, ownStride = Tile.PadWidth(n);
        var one = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        double[] found = new double[ownStride * Tile.Height];
        for (int row = 0; row < rowCount; row++)
        {
            int left = firstRow + row;
            var others = new FeatureMatrix(n, Features, (other, into) => training.CopyRow(other < left ? other : other + 1, into));
            fit(others, one).Compute(training, left, 1, found, ownStride, lifts.IsEmpty ? [] : lifts.Slice(row, 1));
            Span<double> own = weights.Slice(row * stride, TrainingRows);
            found.AsSpan(0, left).CopyTo(own);
            own[left] = 0;
            found.AsSpan(left, n - left).CopyTo(own[(left + 1)..]);
            errors[row] = 0;
        }
    }

    /// <summary>b − Σα; null where products are too small or too large to say what is kept of them.</summary>
    private protected static double? Lacking(ReadOnlySpan<double> weights, ReadOnlySpan<double> products)
    {
        double squares = Elementwise.Dot(products, products);
        return double.IsNormal(squares)
            ? Math.Clamp(Elementwise.Dot(weights, products) / squares, 0, 1) - Elementwise.Sum(weights)
            : null;
    }

    /// <summary>
    /// What rounding can do to b − Σα. Σαp changes by at most √(Σp²)·Σ|δα| + Σ|δp|/n, where no |α| is above 1/n; Σp² by
    /// 2√(Σp²)·Σ|δp| + (Σ|δp|)²; and |b| is at most Σ|p|/(nΣp²). Sums of n terms round by n roundings of their
    /// magnitudes.
    /// </summary>
    /// <param name="ofWeights">A bound on Σ|δα|, of weights up to 1/n.</param>
    /// <param name="products">The products p.</param>
    /// <param name="ofProducts">A bound on Σ|δp|.</param>
    /// <param name="magnitude">Σ|p|.</param>
    /// <param name="n">How many rows have a weight.</param>
    private protected static double ErrorOfLack(
        double ofWeights, ReadOnlySpan<double> products, double ofProducts, double magnitude, double n)
    {
        double squares = Elementwise.Dot(products, products), root = Math.Sqrt(squares);
        double ofSquares = 2 * root * ofProducts + ofProducts * ofProducts + 2 * n * Rounding.Epsilon * squares;
        if (!(double.IsNormal(squares) && ofSquares <= squares / 4))
            return double.PositiveInfinity;
        double largest = magnitude / n / squares, ofDot = root * ofWeights + ofProducts / n;
        return 2 * (ofDot / squares + largest * ofSquares / squares) + ofWeights + 4 * n * Rounding.Epsilon * (1 + largest);
    }

    /// <summary>What fitting computed, to make the head again later: all but what its choice says.</summary>
    internal RidgeHeadState GetState() => Ridge.GetState();
}

/// <summary>The choice of a <see cref="ReweightedRidgeHead"/>: λ, and how rows are weighed.</summary>
/// <typeparam name="THead">The kind of head.</typeparam>
public abstract record ReweightedRidgeHeadChoice<THead> : RegularisedHeadChoice
    where THead : ReweightedRidgeHead
{
    private protected ReweightedRidgeHeadChoice(string name)
        : base(name)
    {
    }

    /// <summary>The name in words.</summary>
    private protected abstract string Words { get; }

    /// <summary>What is chosen besides λ, as <see cref="Describe"/> says it.</summary>
    private protected abstract string Settings { get; }

    /// <summary>The same of a fitted head.</summary>
    private protected virtual string SettingsOf(THead fitted) => Settings;

    /// <inheritdoc/>
    public sealed override ILeaveOneOutHead Fit(FeatureMatrix features, ParallelOptions? parallel = null) =>
        Weigh(RidgeHead.FitCentred(features, Rule, parallel ?? new ParallelOptions(), KernelSet.Best));

    /// <inheritdoc/>
    public sealed override StagedFit<IHead> FitInStages(FeatureMatrix features, ParallelOptions? parallel = null) =>
        RidgeHead.FitInStages(features, Ridge, Intercept.Fitted, Weigh, parallel);

    /// <inheritdoc/>
    public sealed override string Describe(IHead? fitted = null)
    {
        string lambda = fitted is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", λ = {Own<THead>(fitted).Lambda:G6}");
        return $"{Words} {Ridge.Text}{lambda}, {(fitted is null ? Settings : SettingsOf(Own<THead>(fitted)))}";
    }

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) => new()
    {
        Ridge = Ridge.Text,
        Lambda = fitted is null ? null : Own<THead>(fitted).Lambda,
    };

    /// <inheritdoc/>
    public sealed override void Store(ModelArrays arrays, IHead fitted)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("ridge", [Ridge.Text]);
        StoreOptions(arrays);
        Own<THead>(fitted).GetState().Store(arrays);
    }

    /// <inheritdoc/>
    public sealed override ILeaveOneOutHead Restore(ModelArrays arrays, FeatureMatrix features, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return Weigh(RidgeHead.FromCentredState(features, Rule, RidgeHeadState.Restore(arrays, Intercept.Fitted), parallel));
    }

    /// <summary>The head on top of a fit of ridge regression.</summary>
    private protected abstract THead Weigh(RidgeHead ridge);

    /// <summary>Stores what is chosen besides λ, where it does not stand in the head's text.</summary>
    private protected virtual void StoreOptions(ModelArrays arrays)
    {
    }
}
