using CertiFlip.Kernels;

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

/// <summary>
/// The upper tail 1 − Φ(z) of the standard normal distribution, in logarithms and from below, so that radii read off it
/// are never too large.
/// </summary>
internal static class NormalTail
{
    private const double LogRootTwoPi = 0.91893853320467274;

    // From here on the continued fraction has converged at its depth; below, the tail is no small difference.
    private const double FractionConverges = 1;

    private const int Depth = 401;

    /// <summary>
    /// A z &gt; 0 with log(1 − Φ(z)) ≥ <paramref name="log"/>, very nearly the largest: |Φ⁻¹(p)| at log(1 − p).
    /// </summary>
    /// <param name="log">Below log ½; at −∞ the result is +∞.</param>
    public static double LargestWithLogTailAtLeast(double log)
    {
        if (double.IsNegativeInfinity(log))
            return double.PositiveInfinity;

        // 1 − Φ(z) ≤ ½e^(−z²/2), so the answer is at most this.
        double low = 0, high = Math.Sqrt(2) * Math.Sqrt(Math.Max(0, SmoothedValue.LogHalf - log)) * (1 + 16 * Rounding.Epsilon) + 1e-7;
        while (true)
        {
            double middle = low + 0.5 * (high - low);
            if (middle <= low || middle >= high)
                return low;
            (low, high) = LogLowerBound(middle) >= log ? (middle, high) : (low, middle);
        }
    }

    /// <summary>A lower bound on log(1 − Φ(z)), close to it.</summary>
    public static double LogLowerBound(double z)
    {
        double density = -0.5 * z * z - LogRootTwoPi;
        double log = z < FractionConverges
            ? Arithmetic.Log(0.5 - Arithmetic.Exp(density) * CentralSeries(z))
            : density + Arithmetic.Log(MillsRatio(z));
        return log - 64 * Rounding.Epsilon * (1 + Math.Abs(density));
    }

    /// <summary>(Φ(z) − ½)/φ(z) = z + z³/3 + z⁵/(3·5) + …, all terms positive.</summary>
    private static double CentralSeries(double z)
    {
        double term = z, sum = z;
        for (int odd = 3; term > 1e-18 * sum; odd += 2)
        {
            term *= z * z / odd;
            sum += term;
        }

        return sum;
    }

    /// <summary>(1 − Φ(z))/φ(z) = 1/(z + 1/(z + 2/(z + 3/(z + …)))), cut off where it is below the value.</summary>
    private static double MillsRatio(double z)
    {
        // An odd number of levels leaves the fraction below its limit.
        double tail = z;
        for (int level = Depth; level >= 1; level--)
            tail = z + level / tail;
        return 1 / tail;
    }
}
