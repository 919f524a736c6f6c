using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>How the regularisation λ of a <see cref="RidgeHead"/> is chosen.</summary>
public abstract record RidgeRule
{
    private protected RidgeRule()
    {
    }

    /// <summary>
    /// Whether λ was computed from the labels. An adversary then moves λ too, and certificates hold only for a λ that
    /// is held fixed.
    /// </summary>
    public abstract bool DependsOnLabels { get; }

    /// <summary>λ for these features, in their own units (squared).</summary>
    /// <param name="features">The training features.</param>
    /// <param name="scaling">How they were scaled.</param>
    /// <param name="gram">XᵀX of the scaled features, for rules that need it.</param>
    /// <param name="intercept">Whether the head has an intercept.</param>
    internal abstract double Lambda(FeatureMatrix features, ColumnScaling scaling, Lazy<GramMatrix> gram, Intercept intercept);
}
