using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>Any measure over the points 0, …, N − 1, by their probabilities.</summary>
public sealed class FiniteMeasure : IEnumerableMeasure<int>, IKlDivergence<FiniteMeasure>
{
    private readonly double[] _probabilities;

    /// <summary>A measure in proportion to weights.</summary>
    /// <param name="weights">N weights, finite, not negative and not all 0; divided by their sum.</param>
    /// <exception cref="ArgumentException">
    /// A weight is negative or not finite, or their sum is 0 or overflows.
    /// </exception>
    public FiniteMeasure(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!weights.All(weight => weight >= 0 && double.IsFinite(weight)))
            throw new ArgumentException("Every weight must be finite and not negative.", nameof(weights));
        double sum = weights.Sum();
        if (!(sum > 0 && double.IsFinite(sum)))
            throw new ArgumentException($"The weights must have a positive, finite sum, but it is {sum}.", nameof(weights));
        _probabilities = [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>The N probabilities.</summary>
    public IReadOnlyList<double> Probabilities => _probabilities;

    /// <inheritdoc/>
    public int Sample(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double left = random.NextDouble();
        int last = 0;
        for (int point = 0; point < _probabilities.Length; point++)
        {
            if (_probabilities[point] == 0)
                continue;
            last = point;
            left -= _probabilities[point];
            if (left < 0)
                break;
        }

        // Where rounding leaves a remainder, it belongs to the last point that is possible.
        return last;
    }

    /// <inheritdoc/>
    public IEnumerable<(int Point, double Probability)> Atoms() => _probabilities.Select((probability, point) => (point, probability));

    /// <inheritdoc/>
    public double KlDivergence(FiniteMeasure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._probabilities.Length != _probabilities.Length)
            throw new ArgumentException(
                $"The measures are over {_probabilities.Length} and {other._probabilities.Length} points.", nameof(other));
        double divergence = 0, magnitude = 0;
        for (int point = 0; point < _probabilities.Length; point++)
        {
            double p = _probabilities[point];
            if (p == 0)
                continue;
            double term = p * (Arithmetic.Log(p) - Arithmetic.Log(other._probabilities[point]));
            divergence += term;
            magnitude += Math.Abs(term) + p * (1 + Math.Abs(Arithmetic.Log(p)));
        }

        return Math.Max(0, divergence) + (2 * _probabilities.Length + 16) * Rounding.Epsilon * magnitude;
    }
}
