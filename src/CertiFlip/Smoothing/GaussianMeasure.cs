using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>μ = N(x₀, σ²I), the measure of Cohen et al. (Example 1).</summary>
public sealed class GaussianMeasure : ISmoothingMeasure<double[]>, IKlDivergence<GaussianMeasure>
{
    private readonly double[] _center;

    /// <summary>A Gaussian around a point.</summary>
    /// <param name="center">x₀, finite. Copied.</param>
    /// <param name="sigma">σ &gt; 0, in the units of x₀.</param>
    /// <exception cref="ArgumentException">A coordinate is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">σ is not positive and finite.</exception>
    public GaussianMeasure(IReadOnlyList<double> center, double sigma)
    {
        ArgumentNullException.ThrowIfNull(center);
        if (!(sigma > 0 && double.IsFinite(sigma)))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "σ must be positive and finite.");
        if (!center.All(double.IsFinite))
            throw new ArgumentException("Every coordinate of the centre must be finite.", nameof(center));
        (_center, Sigma) = ([.. center], sigma);
    }

    /// <summary>x₀.</summary>
    public IReadOnlyList<double> Center => _center;

    /// <summary>σ.</summary>
    public double Sigma { get; }

    /// <inheritdoc/>
    public double[] Sample(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Array.ConvertAll(_center, x => x + Sigma * StandardNormal(random));
    }

    /// <summary>
    /// A number from N(0, 1), by Marsaglia's polar method: the first of the two that a point in the unit disc gives.
    /// </summary>
    private static double StandardNormal(Random random)
    {
        while (true)
        {
            double x = 2 * random.NextDouble() - 1, y = 2 * random.NextDouble() - 1;
            double square = x * x + y * y;
            if (square is > 0 and < 1)
                return x * Math.Sqrt(-2 * Arithmetic.Log(square) / square);
        }
    }

    /// <inheritdoc/>
    public double KlDivergence(GaussianMeasure other)
    {
        double shift = StandardisedShift(other);

        // d(log(σ′/σ) + ½(σ²/σ′² − 1)) + ½‖δ‖²/σ′²; the first part is none between Gaussians of one width.
        double spread = _center.Length == 0 || Sigma == other.Sigma ? 0 : _center.Length * Spread(other);
        return (spread + 0.5 * shift * shift) * (1 + 16 * Rounding.Epsilon);
    }

    /// <summary>KL of one coordinate between Gaussians around the same point, never below the true value.</summary>
    private double Spread(GaussianMeasure other)
    {
        double ratio = Sigma / other.Sigma;

        // A ratio that overflows or nearly vanishes has lost its digits.
        double log = double.IsNormal(ratio) ? Arithmetic.Log(ratio) : Arithmetic.Log(Sigma) - Arithmetic.Log(other.Sigma);
        return 0.5 * (ratio - 1) * (ratio + 1) - log + 16 * Rounding.Epsilon * (1 + ratio * ratio);
    }

    /// <summary>‖x₀′ − x₀‖₂ in units of the other's σ, never below the true value.</summary>
    internal double StandardisedShift(GaussianMeasure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._center.Length != _center.Length)
            throw new ArgumentException(
                $"The measures are over spaces of {_center.Length} and {other._center.Length} dimensions.", nameof(other));
        double squares = 0;
        for (int i = 0; i < _center.Length; i++)
        {
            double delta = (other._center[i] - _center[i]) / other.Sigma;
            squares += delta * delta;
        }

        // Squares below the smallest double vanish: ten of its roots in every direction are more than was lost.
        double lost = squares > 0 || !_center.AsSpan().SequenceEqual(other._center) ? 1e-160 * _center.Length : 0;
        return Math.Sqrt(squares) * (1 + (_center.Length + 8) * Rounding.Epsilon) + lost;
    }
}
