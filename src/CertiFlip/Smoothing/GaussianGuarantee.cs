namespace CertiFlip.Smoothing;

/// <summary>The guarantee of Cohen et al. (Example 1), eq. (3): d(μ, ρ) = ‖δ‖₂/σ and f(p) = |Φ⁻¹(p)|.</summary>
public sealed class GaussianGuarantee : IRobustnessGuarantee<GaussianMeasure>
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The measures differ in σ or in the number of dimensions.</exception>
    public double Distance(GaussianMeasure mu, GaussianMeasure rho)
    {
        ArgumentNullException.ThrowIfNull(mu);
        ArgumentNullException.ThrowIfNull(rho);
        if (mu.Sigma != rho.Sigma)
            throw new ArgumentException($"The guarantee is for Gaussians of one width, but σ is {mu.Sigma} and {rho.Sigma}.", nameof(rho));
        return mu.StandardisedShift(rho);
    }

    /// <inheritdoc/>
    public double Radius(SmoothedValue value) => value.IsDecided ? NormalTail.LargestWithLogTailAtLeast(value.LogFailure) : 0;
}
