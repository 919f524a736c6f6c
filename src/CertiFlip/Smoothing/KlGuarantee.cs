using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>
/// The generic guarantee (Example 3), eq. (5), for any two measures: d(μ, ρ) = KL(ρ ‖ μ) and f(p) = −½ log(4p(1 − p)).
/// </summary>
/// <typeparam name="TMeasure">Any kind of measure whose divergence is known.</typeparam>
public sealed class KlGuarantee<TMeasure> : IRobustnessGuarantee<TMeasure>
    where TMeasure : IKlDivergence<TMeasure>
{
    /// <inheritdoc/>
    public double Distance(TMeasure mu, TMeasure rho)
    {
        ArgumentNullException.ThrowIfNull(rho);
        return rho.KlDivergence(mu);
    }

    /// <inheritdoc/>
    public double Radius(SmoothedValue value)
    {
        if (!value.IsDecided)
            return 0;

        // At B = 0 any finite divergence is survived: what is impossible under μ is so under ρ. At an infinite one it
        // need not be.
        if (double.IsNegativeInfinity(value.LogFailure))
            return double.MaxValue;

        // log p = log(1 − B). Each operation is good to a rounding or two; near B = ½ the three terms cancel.
        double logP = Arithmetic.LogOnePlus(-Arithmetic.Exp(value.LogFailure));
        double radius = -0.5 * (Arithmetic.Log(4) + value.LogFailure + logP);
        return Math.Max(0, radius - 16 * Rounding.Epsilon * (2 - value.LogFailure));
    }
}
