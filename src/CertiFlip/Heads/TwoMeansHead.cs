using System.Globalization;
using CertiFlip.Kernels;

namespace CertiFlip.Heads;

/// <summary>
/// Ridge regression's label weights, saturated for each test row as far as its similar rows and its dissimilar rows are
/// apart: αⱼ = tanh(gain·(h²/v)·(sⱼ − m)/h)/n of the similarities sⱼ = xⱼᵀ(XᵀX + λI)⁻¹x of centred rows.
/// </summary>
/// <remarks>
/// <para>
/// The similarities of a test row are divided by two means (k-means with k = 2 on a line): those above the middle m of
/// both means, and the others. h is half the distance of the means, and v the variance within the two sets. All follow
/// from features alone. Where clusters are clean, h²/v is large, and the weights are ±1/n, as in
/// <see cref="SaturatedRidgeHead"/>: an adversary finds no label that counts more than others. Where they are not, h²/v
/// is small, and the weights are nearly linear in the similarities, as in <see cref="RidgeHead"/>: the rows that are
/// most alike count most, and accuracy stays.
/// </para>
/// <para>
/// For two clusters of similarities with normal noise of variance v, tanh((h²/v)·(s − m)/h) is what is to be expected
/// of ±1 for like or unlike, given s. Similarities within a class are not one cluster, so the default gain believes an
/// eighth of it (docs/heads.md has what it was chosen on).
/// </para>
/// <para>
/// A row at the mean of the training rows, or at right angles to all of them, has no similarity to any; each label
/// counts 1/n then. Weights do not sum to 1, so two classes are decided as more are: the larger score wins
/// (<see cref="TwoClassRule.LargestScore"/>). What they lack of ridge's constant is b − Σα of
/// <see cref="ReweightedRidgeHead"/> with pⱼ = sⱼ: the step is increasing and the sⱼ sum to 0, so b is not negative.
/// </para>
/// </remarks>
public sealed class TwoMeansHead : LiftingRidgeHead
{
    // tanh(20) is 1 to double precision: a steeper step changes no weight where the means are.
    private const double Steepest = 20;

    internal TwoMeansHead(RidgeHead ridge, double gain, double lift, KernelSet kernels)
        : base(ridge, lift, kernels) => Gain = gain;

    /// <summary>How much of h²/v, the gap between like and unlike, becomes the steepness of the step.</summary>
    public double Gain { get; }

    /// <summary>Factorises XᵀX + λI of the centred features.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="rule">How λ is chosen; relative to the mean eigenvalue, with factor 1, if not given.</param>
    /// <param name="gain">How much of the gap becomes steepness, above 0.</param>
    /// <param name="lift">How much of what weights lack of ridge's constant they are given, from 0 to 1.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The gain is not positive and finite, or the lift not between 0 and 1.
    /// </exception>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public static TwoMeansHead Fit(
        FeatureMatrix features, RidgeRule? rule = null, double gain = TwoMeansHeadChoice.DefaultGain, double lift = 0,
        ParallelOptions? parallel = null) =>
        Fit(features, rule ?? new RelativeRidge(), gain, lift, parallel ?? new ParallelOptions(), KernelSet.Best);

    internal static TwoMeansHead Fit(
        FeatureMatrix features, RidgeRule rule, double gain, double lift, ParallelOptions parallel, KernelSet kernels)
    {
        TwoMeansHeadChoice.RequireGain(gain);
        TwoMeansHeadChoice.RequireLift(lift);
        return new TwoMeansHead(RidgeHead.FitCentred(features, rule, parallel, kernels), gain, lift, kernels);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The products are those of <see cref="SaturatedRidgeHead"/> without a row, in closed form; the two
    /// means are those of the other rows. Where rounding could move a row from one mean to the other, nothing is known.
    /// </remarks>
    public override void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts)
    {
        var own = new Leverage[rowCount];
        Ridge.ComputeProducts(training, firstRow, weights, stride, own);
        for (int row = 0; row < rowCount; row++)
        {
            Span<double> products = weights.Slice(row * stride, TrainingRows);
            int left = firstRow + row;
            LeftOut without = LeftOut.Of(products, own[row], left, Ridge.Errors);

            // The others stand together while they are weighed: the last one in the place of the row itself.
            products[left] = products[^1];
            Span<double> others = products[..^1];
            Lifted lifted = Weigh(others, without, measures: !lifts.IsEmpty, out errors[row]);
            if (!lifts.IsEmpty)
                lifts[row] = lifted.Open;
            products[^1] = products[left];
            products[left] = 0;
        }
    }

    private protected override Lifted Weigh(Span<double> products, Leverage own, bool measures) =>
        Weigh(products, own, Split.Of(products, StartOf(own, TrainingRows)), measures, out _);

    /// <summary>
    /// Weighs the rows that are left, and bounds what rounding can do to their weights and their lift.
    /// </summary>
    private Lifted Weigh(Span<double> others, LeftOut left, bool measures, out double error)
    {
        double n = others.Length, magnitude = Elementwise.SumOfMagnitudes(others), ofProducts = left.OfProducts;
        double ofSums = 2 * n * Rounding.Epsilon * magnitude;
        Split split = Split.Of(
            others, StartOf(left.Own, others.Length), 2 * (ofProducts + left.OfOwn + ofSums) + left.OfKept / n);
        double[] products = NeedsProducts(measures) ? others.ToArray() : [];
        Lifted lifted = Weigh(others, left.Own, split, measures, out double slope);
        error = double.PositiveInfinity;
        if (!(left.IsLike(NoSimilarity) && split is { IsFound: true, IsCertain: true }))
            return lifted;

        // No row changes sides: means move by at most d, deviations from them by at most e in the mean square.
        double d = ofProducts + ofSums / Math.Min(split.Like, n - split.Like), e = ofProducts + d;
        double deviation = Math.Sqrt(split.Spread) * split.Half, least = split.Half - d, most = split.Half + d;
        if (!(d <= split.Half / 4))
            return lifted;
        double steepest = Steepness(Square(Math.Max(deviation - e, 0) / most)) / least;
        double flattest = Steepness(Square((deviation + e) / least)) / most;
        double ofWeights = steepest * (ofProducts / n + d) + (steepest / flattest - 1) / 2
            + Rounding.Epsilon * (64 + 16 * slope * (magnitude / n + Math.Abs(split.Middle)) + 8 * n);
        error = lifted.ErrorWith(WithErrorOfLift(ofWeights, products, ofProducts, magnitude, n, measures));
        return lifted;
    }

    /// <summary>Turns products into weights.</summary>
    /// <param name="products">The products, and afterwards the weights.</param>
    /// <param name="own">Those of the row with itself.</param>
    /// <param name="split">The two sets of the products.</param>
    /// <param name="measures">Whether the lift of scores is asked for.</param>
    /// <param name="slope">The slope of the step at its middle, of n times a weight over a product.</param>
    private Lifted Weigh(Span<double> products, Leverage own, Split split, bool measures, out double slope)
    {
        slope = 0;
        if (!double.IsFinite(own.Product))
        {
            products.Fill(double.NaN); // Too far away for any weights: whoever asked says which row it is.
            return Lifted.Nothing;
        }

        // What is left is rounding, or all are equally alike: no row tells anything of this one, and all count alike.
        if (own.Kept <= NoSimilarity || !split.IsFound)
        {
            products.Fill(1.0 / products.Length);
            return Lifted.Nothing;
        }

        double[]? before = NeedsProducts(measures) ? products.ToArray() : null;
        double steepness = Steepness(split.Spread);
        slope = Math.Min(steepness / split.Half, double.MaxValue);
        Kernels.Saturate(products, slope, -steepness * (split.Middle / split.Half), 1.0 / products.Length);
        return before is null ? Lifted.Nothing : Raise(products, before, products.Length);
    }

    /// <summary>gain·h²/v, or as steep as makes a difference.</summary>
    /// <param name="spread">v/h².</param>
    private double Steepness(double spread) => Math.Min(Gain / spread, Steepest);

    /// <summary>Where to begin: the middle of like and unlike as <see cref="SaturatedRidgeHead"/> has it.</summary>
    private static double StartOf(Leverage own, int rows) => (own.Product - own.Kept / rows) / 2;

    private static double Square(double x) => x * x;

    /// <summary>The similarities of a row, divided by two means.</summary>
    /// <param name="Middle">Half-way between the means, m.</param>
    /// <param name="Half">Half their distance, h.</param>
    /// <param name="Spread">v/h², the variance within the two sets in units of h².</param>
    /// <param name="Like">How many are above the middle.</param>
    /// <param name="IsCertain">Whether no similarity came within the margin of a middle on the way.</param>
    private readonly record struct Split(double Middle, double Half, double Spread, int Like, bool IsCertain)
    {
        // Each round lowers the sum of squares, and few rounds are needed; rounding must not go round in circles.
        private const int MostRounds = 100;

        /// <summary>Whether there are two sets.</summary>
        public bool IsFound => Half > 0;

        /// <summary>Divides, and takes means, until no row changes sides (Lloyd 1982).</summary>
        /// <param name="products">The similarities, one at least.</param>
        /// <param name="start">The first middle; the mean of all where none is above it, or all are.</param>
        /// <param name="margin">How near to a middle a similarity is in doubt; below 0 not to look.</param>
        public static Split Of(ReadOnlySpan<double> products, double start, double margin = -1)
        {
            double total = Elementwise.Sum(products), middle = start, like = 0, unlike = 0;
            int count = 0, rows = products.Length;
            bool isCertain = true;
            for (int round = 0; round < MostRounds; round++)
            {
                (double sum, int above) = Elementwise.SumAbove(products, middle);
                if (round == 0 && (above == 0 || above == rows))
                    (sum, above) = Elementwise.SumAbove(products, middle = total / rows);
                if (above == 0 || above == rows)
                    return default;
                if (margin >= 0)
                    isCertain &= CountAbove(products, middle - margin) == CountAbove(products, middle + margin);
                if (above == count)
                    break; // Sets above two middles are nested: as many are the same.
                (like, unlike, count) = (sum / above, (total - sum) / (rows - above), above);
                middle = unlike + (like - unlike) / 2;
            }

            double half = (like - unlike) / 2;
            return half > 0 && double.IsNormal(half)
                ? new Split(
                    middle, half, Elementwise.SumOfSquaresAbout(products, middle, like, unlike, 1 / half) / rows, count, isCertain)
                : default;
        }

        private static int CountAbove(ReadOnlySpan<double> products, double least) => Elementwise.SumAbove(products, least).Count;
    }
}

/// <summary>The choice of a <see cref="TwoMeansHead"/>, <c>two-means</c>.</summary>
public sealed record TwoMeansHeadChoice() : ReweightedRidgeHeadChoice<TwoMeansHead>("two-means")
{
    /// <summary>The gain if none is given: an eighth.</summary>
    public const double DefaultGain = 0.125;

    /// <inheritdoc/>
    public override string Name => "two-means";

    /// <inheritdoc/>
    public override string Description => "ridge with weights as equal as its clusters are clean";

    private protected override string Words => "two means of ridge";

    private protected override string Settings =>
        string.Create(CultureInfo.InvariantCulture, $"gain {Gain}{(Lift > 0 ? $", lift {Lift}" : "")}");

    /// <summary>How much of the gap becomes steepness. The default value is an eighth.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double Gain { get; init => field = RequireGain(value); } = DefaultGain;

    /// <summary>
    /// How much of what weights lack of ridge's constant they are given (<see cref="LiftingRidgeHead.Lift"/>), from 0
    /// (the default) to 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 0 and 1.</exception>
    public double Lift { get; init => field = RequireLift(value); }

    /// <inheritdoc/>
    public override bool Lifts => true;

    /// <inheritdoc/>
    public override HeadChoice? WithOption(string name, string value)
    {
        bool isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        isNumber &= double.IsFinite(number);
        return name switch
        {
            "gain" when isNumber && number > 0 => this with { Gain = number },
            "lift" when isNumber && number is >= 0 and <= 1 => this with { Lift = number },
            _ => base.WithOption(name, value),
        };
    }

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) =>
        base.Values(fitted) with { Gain = Gain, Lift = Lift > 0 ? Lift : null };

    /// <inheritdoc/>
    public override TwoMeansHeadChoice WithStoredOptions(ModelArrays arrays)
    {
        var choice = (TwoMeansHeadChoice)base.WithStoredOptions(arrays);
        return arrays.Doubles("gain") is [var gain, .. var more] && gain > 0 && double.IsFinite(gain)
                && more is [] or [> 0 and <= 1]
            ? choice with { Gain = gain, Lift = more is [var lift] ? lift : 0 }
            : throw new ArgumentException("The gain is not a number above 0, or the lift none above 0 and up to 1.", nameof(arrays));
    }

    private protected override TwoMeansHead Weigh(RidgeHead ridge) => new TwoMeansHead(ridge, Gain, Lift, KernelSet.Best);

    // Earlier programs, which would pass over an array of its own, refuse two numbers.
    private protected override void StoreOptions(ModelArrays arrays) => arrays.Add("gain", Lift > 0 ? [Gain, Lift] : [Gain]);

    internal static double RequireGain(double gain) => gain > 0 && double.IsFinite(gain)
        ? gain
        : throw new ArgumentOutOfRangeException(nameof(gain), gain, "The gain must be positive and finite.");

    internal static double RequireLift(double lift) => lift is >= 0 and <= 1
        ? lift
        : throw new ArgumentOutOfRangeException(nameof(lift), lift, "The lift must be between 0 and 1.");
}
