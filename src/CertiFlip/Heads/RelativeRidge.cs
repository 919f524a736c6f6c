using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// λ = C·trace(XᵀX)/k of the centred features: C times the mean eigenvalue. Label-free, and the same for features in
/// any unit.
/// </summary>
public sealed record RelativeRidge : RidgeRule
{
    /// <summary>λ relative to the mean eigenvalue.</summary>
    /// <param name="multiple">C &gt; 0, without unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="multiple"/> is not positive and finite.
    /// </exception>
    public RelativeRidge(double multiple = 1)
    {
        if (!(multiple > 0 && double.IsFinite(multiple)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(multiple), multiple, "The multiple of the mean eigenvalue must be positive and finite.");
        }

        Multiple = multiple;
    }

    /// <summary>C.</summary>
    public double Multiple { get; }

    /// <inheritdoc/>
    public override bool DependsOnLabels => false;

    internal override double Lambda(FeatureMatrix features, ColumnScaling scaling, Lazy<GramMatrix> gram, Intercept intercept)
    {
        double trace = 0;
        for (int i = 0; i < scaling.Scales.Length; i++)
            trace += scaling.CentredSquares[i] / scaling.Scales[i] / scaling.Scales[i];

        // Rows that are all the same carry no information, and with an intercept every positive λ gives the same head.
        return Multiple * (trace > 0 ? trace / scaling.Scales.Length : 1);
    }
}
