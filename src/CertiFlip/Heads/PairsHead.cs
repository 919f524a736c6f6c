using System.Globalization;

namespace CertiFlip.Heads;

/// <summary>
/// A head for preferences: training rows are differences of two items' features, h(A) − h(B), and a label says which of
/// the two is better. Ridge regression without an intercept, αⱼ = xⱼᵀ(XᵀX + λI)⁻¹x, and the larger score wins: the sign
/// of wᵀ(h(A) − h(B)), as the loss of a linear reward model has it.
/// </summary>
/// <remarks>
/// <para>
/// Everything is the same for a pair and its mirror image. The weights of −x are those of x with the other sign, to the
/// bit, so that exchanging A and B exchanges the classes of a prediction. A training pair may stand either way: with
/// −xⱼ and the other label it says the same, and a flipped label is the pair seen in a mirror. So λ is in proportion to
/// XᵀX about 0 and not about the mean, which would tell which item of each pair was written first.
/// </para>
/// <para>
/// Where both scores are the same, as they are where A and B are, class 0 is predicted whichever item is first.
/// <see cref="PreferencePairs.CertifyBothWays"/> counts that as no preference.
/// </para>
/// </remarks>
public sealed class PairsHead : ILeaveOneOutHead
{
    private readonly RidgeHead _ridge;

    private PairsHead(RidgeHead ridge) => _ridge = ridge;

    /// <summary>λ, in the units of the features squared.</summary>
    public double Lambda => _ridge.Lambda;

    /// <inheritdoc/>
    public int TrainingRows => _ridge.TrainingRows;

    /// <inheritdoc/>
    public int Features => _ridge.Features;

    /// <inheritdoc/>
    public bool DependsOnLabels => _ridge.DependsOnLabels;

    /// <inheritdoc/>
    public TwoClassRule TwoClassRule => TwoClassRule.LargestScore;

    /// <summary>Factorises XᵀX + λI.</summary>
    /// <param name="differences">
    /// h(A) − h(B) of each training pair (n × k), n at least 1; <see cref="PreferencePairs.Differences"/> makes them.
    /// </param>
    /// <param name="rule">
    /// How λ is chosen; relative to the mean eigenvalue of XᵀX, with factor 1, if not given. X is not centred for it.
    /// </param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public static PairsHead Fit(FeatureMatrix differences, RidgeRule? rule = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(differences);
        return new PairsHead(RidgeHead.Fit(differences, AboutZero(rule ?? new RelativeRidge(), differences), Intercept.None, parallel));
    }

    /// <summary>A head that was fitted before: its label weights are the same to the bit.</summary>
    /// <exception cref="ArgumentException">The state is not that of a head on n rows of k features.</exception>
    internal static PairsHead FromState(
        FeatureMatrix differences, RidgeRule rule, RidgeHeadState state, ParallelOptions? parallel = null) =>
        new(RidgeHead.FromState(differences, AboutZero(rule, differences), state, parallel));

    /// <summary>What fitting computed, to make the head again later.</summary>
    internal RidgeHeadState GetState() => _ridge.GetState();

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride) =>
        _ridge.ComputeWeights(tests, firstRow, rowCount, weights, stride);

    /// <inheritdoc/>
    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors) =>
        _ridge.ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors);

    /// <summary>The same multiple of the mean eigenvalue of XᵀX as it is, instead of centred.</summary>
    private static RidgeRule AboutZero(RidgeRule rule, FeatureMatrix differences)
    {
        if (rule is not RelativeRidge relative || differences.Rows == 0)
            return rule;
        double trace = 0;
        bool areZeros = true;
        for (int row = 0; row < differences.Rows; row++)
        {
            foreach (double difference in differences.Row(row))
            {
                trace += difference * difference;
                areZeros &= difference == 0;
            }
        }

        if (!areZeros && !double.IsNormal(trace) && double.IsFinite(trace))
            throw new HeadException("The features are too small for λ in proportion to them. Multiply them by a constant.");
        double lambda = relative.Multiple * (trace > 0 ? trace / differences.Columns : 1);
        return double.IsFinite(lambda)
            ? new FixedRidge(lambda)
            : throw new HeadException($"λ is {lambda}: the features are too large. Divide them by a constant.");
    }
}

/// <summary>The choice of a <see cref="PairsHead"/>, <c>pairs</c>.</summary>
public sealed record PairsHeadChoice() : RegularisedHeadChoice("pairs")
{
    /// <inheritdoc/>
    public override string Name => "pairs";

    /// <inheritdoc/>
    public override string Description => "ridge on differences of pairs, for preferences";

    /// <inheritdoc/>
    public override ILeaveOneOutHead Fit(FeatureMatrix features, ParallelOptions? parallel = null) =>
        PairsHead.Fit(features, Rule, parallel);

    /// <inheritdoc/>
    public override StagedFit<IHead> FitInStages(FeatureMatrix features, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("a pairs head adds up its λ over all differences in their order.");

    /// <inheritdoc/>
    public override string Describe(IHead? fitted = null)
    {
        string lambda = fitted is null ? "" : string.Create(CultureInfo.InvariantCulture, $", λ = {Own<PairsHead>(fitted).Lambda:G6}");
        return $"ridge {Ridge.Text} on pairs{lambda}";
    }

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) =>
        new() { Ridge = Ridge.Text, Lambda = fitted is null ? null : Own<PairsHead>(fitted).Lambda };

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays, IHead fitted)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("ridge", [Ridge.Text]);
        Own<PairsHead>(fitted).GetState().Store(arrays);
    }

    /// <inheritdoc/>
    public override ILeaveOneOutHead Restore(ModelArrays arrays, FeatureMatrix features, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return PairsHead.FromState(features, Rule, RidgeHeadState.Restore(arrays, Intercept.None), parallel);
    }
}
