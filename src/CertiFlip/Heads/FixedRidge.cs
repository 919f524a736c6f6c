using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>λ as given, independent of features and labels.</summary>
public sealed record FixedRidge : RidgeRule
{
    /// <summary>A fixed λ.</summary>
    /// <param name="lambda">λ ≥ 0, in the units of the features squared. 0 is ordinary least squares, (11).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lambda"/> is negative or not finite.</exception>
    public FixedRidge(double lambda)
    {
        if (!(lambda >= 0 && double.IsFinite(lambda)))
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "λ must be a finite number that is not negative.");
        Value = lambda;
    }

    /// <summary>λ.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override bool DependsOnLabels => false;

    internal override double Lambda(FeatureMatrix features, ColumnScaling scaling, Lazy<GramMatrix> gram, Intercept intercept) => Value;
}
