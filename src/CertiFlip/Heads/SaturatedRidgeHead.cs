using System.Globalization;
using CertiFlip.Kernels;

namespace CertiFlip.Heads;

/// <summary>
/// Ridge regression's label weights, all pushed to the same size: αⱼ = tanh(gain·(sⱼ + b)/h)/n of the similarities sⱼ =
/// n·xⱼᵀ(XᵀX + λI)⁻¹x of centred rows. An adversary pays one flip to move a margin by at most 2|αⱼ|, and goes for the
/// largest weights first: where they are equal, every flip is worth the same.
/// </summary>
/// <remarks>
/// <para>
/// Offset b and half distance h are worked out for each test row from features alone. With z = (XᵀX + λI)⁻¹x, a
/// training row that stands where the test row stands has the similarity ℓ = n·xᵀz. Suppose that n_c rows do, and all
/// others are equally unlike it, with similarity −κ. Similarities of centred rows sum to 0, n_cℓ = (n − n_c)κ, and
/// their mean square, n·zᵀXᵀXz = ℓ − nλzᵀz, is then ℓκ. So κ = 1 − λzᵀz/xᵀz: 1 without regularisation, where ℓ = n/n_c
/// − 1. Half-way between ℓ and −κ lies −b, with b = −(ℓ − κ)/2, and either is h = (ℓ + κ)/2 away from it. Both κ and ℓ
/// adapt to the size of the cluster and to λ.
/// </para>
/// <para>
/// With K classes (<see cref="SaturationOptions.Classes"/>) ℓ is at most (K − 1)κ, as it is in a cluster of n/K rows:
/// where the cluster of a test row is smaller, it is one of several of a class, and the others are like the row as
/// well.
/// </para>
/// <para>
/// A row at the mean of the training rows, or at right angles to all of them, has no similarity to any; each label
/// counts 1/n then. Rows that are unlike a test row vote against their labels, so that a test row that is like very few
/// is given a rare label: the head is for features in which the rows of a class lie close together.
/// </para>
/// <para>
/// The sum of the weights is what a class gains with each of its rows, whatever these look like. With a lift
/// (<see cref="LiftingRidgeHead"/>) of 1 classes of different size are as ridge has them, with 0 rows that are unlike
/// vote against all the common ones.
/// </para>
/// <para>
/// Weights do not sum to 1, so two classes are decided as more are: the larger score wins (<see
/// cref="TwoClassRule.LargestScore"/>).
/// </para>
/// </remarks>
public sealed class SaturatedRidgeHead : LiftingRidgeHead
{
    internal SaturatedRidgeHead(RidgeHead ridge, SaturationOptions options, KernelSet kernels)
        : base(ridge, options.Lift, kernels) => Options = options;

    /// <summary>Gain and offset.</summary>
    public SaturationOptions Options { get; }

    /// <summary>Factorises XᵀX + λI of the centred features.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="rule">How λ is chosen; relative to the mean eigenvalue, with factor 1, if not given.</param>
    /// <param name="options">Gain and offset; the defaults if not given.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public static SaturatedRidgeHead Fit(
        FeatureMatrix features, RidgeRule? rule = null, SaturationOptions? options = null, ParallelOptions? parallel = null) =>
        Fit(features, rule ?? new RelativeRidge(), options ?? new SaturationOptions(), parallel ?? new ParallelOptions(), KernelSet.Best);

    internal static SaturatedRidgeHead Fit(
        FeatureMatrix features, RidgeRule rule, SaturationOptions options, ParallelOptions parallel, KernelSet kernels) =>
        new(RidgeHead.FitCentred(features, rule, parallel, kernels), options, kernels);

    /// <inheritdoc/>
    /// <remarks>
    /// In closed form (<see cref="LeftOut"/>): exactly the head that is fitted to the other rows with this λ, its own
    /// mean, n − 1, offset and half distance.
    /// </remarks>
    public override void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts)
    {
        var own = new Leverage[rowCount];
        Ridge.ComputeProducts(training, firstRow, weights, stride, own);
        for (int row = 0; row < rowCount; row++)
        {
            Span<double> products = weights.Slice(row * stride, TrainingRows);
            LeftOut left = LeftOut.Of(products, own[row], firstRow + row, Ridge.Errors);
            errors[row] = ErrorOf(products, left, measures: !lifts.IsEmpty);
            Lifted lifted = Saturate(products, left.Own, TrainingRows - 1, !lifts.IsEmpty, firstRow + row);
            errors[row] = lifted.ErrorWith(errors[row]);
            if (!lifts.IsEmpty)
                lifts[row] = lifted.Open;
        }
    }

    /// <summary>
    /// What rounding can do to the weights that these products become, and to those of the head fitted again; where the
    /// lift of scores is measured, to that, too.
    /// </summary>
    private double ErrorOf(ReadOnlySpan<double> products, LeftOut left, bool measures)
    {
        double n = TrainingRows - 1, magnitude = Elementwise.SumOfMagnitudes(products), half = HalfDistance(left.Own, n);
        double ofHalf = n * left.OfOwn + (Options.Classes ?? 1) * left.OfKept + 8 * Rounding.Epsilon * half;

        // Where the row may be like no other at all, or like and unlike may be the same, the weights are anybody's
        // guess.
        if (!(left.IsLike(NoSimilarity) && ofHalf <= half / 4))
            return double.PositiveInfinity;
        double shift = Math.Abs(Options.Offset ?? half);
        double ofWeights = 2 * Options.Gain / half * (left.OfProducts + ofHalf) + 2 * ofHalf / half
            + Rounding.Epsilon * (64 + 16 * Options.Gain * (magnitude + shift) / half);
        return WithErrorOfLift(ofWeights, products, left.OfProducts, magnitude, n, measures);
    }

    private double HalfDistance(Leverage own, double rows) => (Like(rows * own.Product, own.Kept) + own.Kept) / 2;

    /// <summary>ℓ, or (K − 1)κ where that is less.</summary>
    private double Like(double like, double unlike) =>
        Options.Classes is { } classes ? Math.Min(like, (classes - 1) * unlike) : like;

    private protected override Lifted Weigh(Span<double> products, Leverage own, bool measures) =>
        Saturate(products, own, TrainingRows, measures);

    /// <summary>
    /// Turns products xⱼᵀ(XᵀX + λI)⁻¹x into weights; a row that is left out, whose product is 0, gets none.
    /// </summary>
    private Lifted Saturate(Span<double> products, Leverage own, int rows, bool measures, int? left = null)
    {
        double n = rows, like = n * own.Product, unlike = own.Kept;
        if (!double.IsFinite(like))
        {
            products.Fill(double.NaN); // Too far away for any weights: whoever asked says which row it is.
            return Lifted.Nothing;
        }

        // What is left is rounding: no row tells anything of this one, and all count alike.
        double[]? similarities = NeedsProducts(measures) && unlike > NoSimilarity ? products.ToArray() : null;
        if (unlike <= NoSimilarity)
            (like, unlike) = (0, 1);
        like = Like(like, unlike);
        double offset = Options.Offset ?? -(like - unlike) / 2, half = (like + unlike) / 2;
        Kernels.Saturate(products, Math.Min(Options.Gain * n / half, double.MaxValue), Options.Gain * offset / half, 1 / n);
        if (left is { } row)
            products[row] = 0;
        Lifted lifted = similarities is null ? Lifted.Nothing : Raise(products, similarities, rows, left);
        if (left is { } same)
            products[same] = 0;
        return lifted;
    }
}

/// <summary>
/// The choice of a <see cref="SaturatedRidgeHead"/>, <c>saturated-ridge</c>, or <c>saturated-ridge:K</c> for K classes,
/// <c>saturated-ridge:classes</c> for as many as are stated.
/// </summary>
public sealed record SaturatedRidgeHeadChoice() : ClusterHeadChoice<SaturatedRidgeHead>("saturated-ridge")
{
    private const string StoredClasses = "number of classes", StoredLift = "lift";

    /// <inheritdoc/>
    public override string Name => "saturated-ridge";

    /// <inheritdoc/>
    public override string Description => "ridge with weights of equal size, for classes of several clusters if K, their number, is given";

    private protected override string Words => "saturated ridge";

    private protected override string Settings
    {
        get
        {
            string offset = Saturation.Offset is { } number ? number.ToString(CultureInfo.InvariantCulture)
                : Saturation.Classes is { } classes ? $"auto for {classes} classes"
                : "auto";
            string lift = Saturation.Lift > 0 ? $", lift {Saturation.Lift.ToString(CultureInfo.InvariantCulture)}" : "";
            return $"gain {Saturation.Gain.ToString(CultureInfo.InvariantCulture)}, offset {offset}{lift}";
        }
    }

    /// <summary>Gain and offset.</summary>
    public SaturationOptions Saturation { get; init; } = new();

    /// <inheritdoc/>
    public override bool Lifts => true;

    /// <inheritdoc/>
    public override HeadChoice? WithOption(string name, string value)
    {
        bool isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        isNumber &= double.IsFinite(number);
        return name switch
        {
            "gain" when isNumber && number > 0 => this with { Saturation = Saturation with { Gain = number } },
            "offset" when isNumber => this with { Saturation = Saturation with { Offset = number } },
            "lift" when isNumber && number is >= 0 and <= 1 => this with { Saturation = Saturation with { Lift = number } },
            "offset" when value == "auto" => this with { Saturation = Saturation with { Offset = null } },
            _ => base.WithOption(name, value),
        };
    }

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) =>
        base.Values(fitted) with
        {
            Gain = Saturation.Gain,
            Offset = Saturation.Offset,
            Lift = Saturation.Lift > 0 ? Saturation.Lift : null,
        };

    /// <inheritdoc/>
    public override SaturatedRidgeHeadChoice WithStoredOptions(ModelArrays arrays)
    {
        var choice = (SaturatedRidgeHeadChoice)base.WithStoredOptions(arrays);
        if (arrays.All.ContainsKey(StoredClasses))
        {
            choice = arrays.Integers(StoredClasses) is [>= 2 and var classes] && (choice.Saturation.Classes ?? classes) == classes
                ? choice with { Saturation = choice.Saturation with { Classes = classes } }
                : throw new ArgumentException("The number of classes is not a number from 2 on, or not the head's.", nameof(arrays));
        }

        if (arrays.All.ContainsKey(StoredLift))
        {
            choice = arrays.Doubles(StoredLift) is [> 0 and <= 1 and var lift]
                ? choice with { Saturation = choice.Saturation with { Lift = lift } }
                : throw new ArgumentException("The lift is not a number above 0 and up to 1.", nameof(arrays));
        }

        return arrays.Doubles("saturation") switch
        {
            [var gain] => choice with { Saturation = choice.Saturation with { Gain = gain } },
            [var gain, var offset] => choice with { Saturation = choice.Saturation with { Gain = gain, Offset = offset } },
            var numbers => throw new ArgumentException($"There are {numbers.Length} numbers of gain and offset.", nameof(arrays)),
        };
    }

    private protected override SaturatedRidgeHead Weigh(RidgeHead ridge) => NeedsClasses
        ? throw UnknownCount
        : new SaturatedRidgeHead(ridge, Saturation, KernelSet.Best);

    private protected override SaturatedRidgeHeadChoice WithCount(int classes) =>
        this with { Saturation = Saturation with { Classes = classes } };

    private protected override void StoreOptions(ModelArrays arrays)
    {
        arrays.Add("saturation", Saturation.Offset is { } offset ? [Saturation.Gain, offset] : [Saturation.Gain]);
        if (Saturation.Classes is { } classes)
            arrays.Add(StoredClasses, [classes]);
        if (Saturation.Lift > 0)
            arrays.Add(StoredLift, [Saturation.Lift]);
    }
}
