using CertiFlip.Kernels;

namespace CertiFlip.Heads;

/// <summary>
/// A head that saturates the products of ridge regression on centred rows, one row at a time, and may give its weights
/// part of what they lack of ridge's constant, b − Σα.
/// </summary>
public abstract class LiftingRidgeHead : ReweightedRidgeHead, ILiftingHead
{
    // Of the weights' sizes, what a lift has to leave: less is next to rounding, and would decide all by it.
    private const double LeastLeft = 1e-6;

    private protected LiftingRidgeHead(RidgeHead ridge, double lift, KernelSet kernels)
        : base(ridge, kernels) => Lift = lift;

    /// <summary>
    /// T, from 0 to 1: every weight gets T·(b − Σα)/n more, and where the shares of the classes are stated, scores are
    /// lifted by the rest, (1 − T)(b − Σα).
    /// </summary>
    public double Lift { get; }

    /// <inheritdoc/>
    public sealed override void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride) =>
        ComputeWeights(tests, firstRow, rowCount, weights, stride, lifts: []);

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> lifts)
    {
        var own = new Leverage[rowCount];
        Ridge.ComputeProducts(tests, firstRow, weights, stride, own);
        for (int row = 0; row < rowCount; row++)
        {
            Lifted lifted = Weigh(weights.Slice(row * stride, TrainingRows), own[row], measures: !lifts.IsEmpty);
            if (!lifts.IsEmpty)
                lifts[row] = lifted.Open;
        }
    }

    /// <inheritdoc/>
    public sealed override void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors) =>
        ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors, lifts: []);

    /// <inheritdoc/>
    public abstract void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts);

    /// <summary>Turns the products of a test row into weights.</summary>
    /// <param name="products">The products xⱼᵀ(XᵀX + λI)⁻¹x, and afterwards the weights.</param>
    /// <param name="own">Those of the row with itself.</param>
    /// <param name="measures">Whether the lift of scores is asked for.</param>
    private protected abstract Lifted Weigh(Span<double> products, Leverage own, bool measures);

    /// <summary>Whether products are needed once they are weights.</summary>
    private protected bool NeedsProducts(bool measures) => Lift > 0 || measures;

    /// <summary>
    /// Adds the same to all weights, so that their sum comes nearer to what they keep of ridge's. Where all are the
    /// same, far away from the training rows, that takes all away: what is left is rounding, and they are not lifted.
    /// </summary>
    /// <param name="weights">Saturated weights.</param>
    /// <param name="products">The products that they were made of.</param>
    /// <param name="rows">How many rows have a weight.</param>
    /// <param name="left">
    /// A row among them that is left out: weight and product are 0. It gets the same as the others.
    /// </param>
    private protected Lifted Raise(Span<double> weights, ReadOnlySpan<double> products, int rows, int? left = null)
    {
        if (Lacking(weights, products) is not { } lacking)
            return Lifted.Nothing;
        if (Lift == 0)
            return new Lifted(double.PositiveInfinity, lacking);
        double more = Lift * lacking / rows;
        double after = left is null ? 0 : -Math.Abs(more);
        foreach (double weight in weights)
            after += Math.Abs(weight + more);
        after -= LeastLeft * Elementwise.SumOfMagnitudes(weights);
        if (after > 0)
        {
            foreach (ref double weight in weights)
                weight += more;
        }

        return new Lifted(after, after > 0 ? (1 - Lift) * lacking : lacking);
    }

    /// <summary>
    /// What rounding can do to lifted weights, and to the lift of scores where it is measured: that of weights before
    /// it, and for each part of b − Σα that goes somewhere as much as that is off.
    /// </summary>
    /// <param name="ofWeights">A bound on Σ|δα| before the lift.</param>
    /// <param name="products">The products p.</param>
    /// <param name="ofProducts">A bound on Σ|δp|.</param>
    /// <param name="magnitude">Σ|p|.</param>
    /// <param name="n">How many rows have a weight.</param>
    /// <param name="measures">Whether the lift of scores is asked for.</param>
    private protected double WithErrorOfLift(
        double ofWeights, ReadOnlySpan<double> products, double ofProducts, double magnitude, double n, bool measures)
    {
        double parts = Lift + (measures ? 1 : 0);
        return parts == 0 ? ofWeights : ofWeights + parts * ErrorOfLack(ofWeights, products, ofProducts, magnitude, n);
    }

    /// <summary>What a lift found.</summary>
    /// <param name="Spare">
    /// How much more is left of the weights' sizes than it takes to lift them; infinite where no rounding decides that.
    /// </param>
    /// <param name="Open">What of b − Σα no weight has got: by how much scores rise with their classes' shares.</param>
    private protected readonly record struct Lifted(double Spare, double Open)
    {
        public static Lifted Nothing => new(double.PositiveInfinity, 0);

        /// <summary>
        /// The error of weights that may be lifted; infinite where it could decide whether they are, as they are
        /// anybody's guess then.
        /// </summary>
        public double ErrorWith(double error) => Math.Abs(Spare) <= 2 * error ? double.PositiveInfinity : error;
    }
}
