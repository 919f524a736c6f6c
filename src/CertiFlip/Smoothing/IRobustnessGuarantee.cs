namespace CertiFlip.Smoothing;

/// <summary>
/// A randomised smoothing robustness guarantee, Definition 1: a distance d between measures and a function f such that
/// g(ρ, φ) = g(μ, φ) for every φ: 𝒳 → {0, 1} whenever d(μ, ρ) ≤ f(G(μ, φ)), eq. (2).
/// </summary>
/// <remarks>
/// Both are rounded towards safety, d up and f down. f is strictly below what the theorems state: at equality a vote of
/// exactly ½ is possible, which (1) gives to 1, so that a vote for 0 would be lost. A divergence of +∞ is within no
/// radius, not even that of a certain vote: ρ may then show nothing but points that μ cannot.
/// </remarks>
/// <typeparam name="TMeasure">The kind of measure.</typeparam>
public interface IRobustnessGuarantee<in TMeasure>
{
    /// <summary>d(μ, ρ) ≥ 0.</summary>
    /// <param name="mu">μ, the measure at which G is known.</param>
    /// <param name="rho">ρ, the measure that an adversary moves it to.</param>
    /// <exception cref="ArgumentException">The guarantee does not compare these two measures.</exception>
    double Distance(TMeasure mu, TMeasure rho);

    /// <summary>f(G(μ, φ)) ≥ 0: how far an adversary may go. 0 where the vote itself is not known.</summary>
    /// <param name="value">G(μ, φ), or a bound on it from the side of ½.</param>
    double Radius(SmoothedValue value);
}
