namespace CertiFlip.Smoothing;

/// <summary>What Algorithm 2 found out about one smoothed function, eqs. (14) and (15).</summary>
/// <param name="Class">ĝ(μ, φ): the class that won on the samples for choosing, ties going to the smaller; for φ: 𝒳 → {0, 1}, 1 wins ties.</param>
/// <param name="Agreeing">How many of the samples for the bound agreed with it.</param>
/// <param name="Samples">N, the number of samples for the bound.</param>
/// <param name="LogFailure">
/// The log of the Clopper–Pearson bound on the probability of any other class: above the true one with probability at most δ below it.
/// </param>
public readonly record struct MonteCarloEstimate(int Class, int Agreeing, int Samples, double LogFailure)
{
    /// <summary>Whether Algorithm 2 abstains, because the bound is on the other side of ½.</summary>
    public bool Abstains => !Value.IsDecided;

    /// <summary>Ĝ(μ, φ_c), the bound for φ_c = 1{φ = <see cref="Class"/>}, to be given to a guarantee.</summary>
    public SmoothedValue Value => SmoothedValue.FromLogFailure(true, LogFailure);
}
