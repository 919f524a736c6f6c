using CertiFlip.Numerics;

namespace CertiFlip.Smoothing;

/// <summary>
/// How r flipped coordinates look under the measure around their new values: D is a sum of r steps of +1, 0 or −1, with the three probabilities of
/// <see cref="FlippedCoordinate"/>.
/// </summary>
/// <remarks>
/// Around the old values +1 and −1 change places, so D = s is e^(−sΛ) times as likely there. The likelihood ratio grows with D: the set of least
/// probability before the flips that has probability ½ after them takes the largest D first, and a part of one atom. Everything is kept in
/// probabilities after the flips, near their bulk, so nothing underflows, and probabilities before the flips, often below 10⁻⁸⁰, appear in
/// logarithms only.
/// </remarks>
internal sealed class FlippedDistribution(FlippedCoordinate coordinate)
{
    /// <summary>Probabilities below this are dropped at both ends; what was dropped is added up and charged to the margin.</summary>
    private const double Negligible = 1e-40;

    private double[] _probabilities = [1];
    private double[] _next = [];
    private int _lowest, _count = 1, _flips;
    private double _dropped;

    /// <summary>One flip more.</summary>
    public void AddFlip()
    {
        int count = _count + 2;
        if (_next.Length < count)
            _next = new double[2 * count];
        _next.AsSpan(0, count).Clear();
        for (int i = 0; i < _count; i++)
        {
            double p = _probabilities[i];
            _next[i] += p * coordinate.Rarer;
            _next[i + 1] += p * coordinate.Neither;
            _next[i + 2] += p * coordinate.Likelier;
        }

        (_probabilities, _next) = (_next, _probabilities);
        (_lowest, _count) = (_lowest - 1, count);
        _flips++;
        DropNegligible();
    }

    /// <summary>A lower bound on the log of the largest probability before the flips at which every set stays below ½ after them.</summary>
    public double LogThreshold()
    {
        // Three products and two sums a flip, and the sums below: all terms are positive, so errors stay relative.
        double relative = (8.0 * _flips + _count + 64) * Rounding.Epsilon;
        int m = _count - 1;
        double above = 0;
        for (; m > 0 && (above + _probabilities[m]) * (1 + relative) + _dropped < 0.5; m--)
            above += _probabilities[m];

        // Whatever is above has a probability proved to be below ½, so that all of it belongs to the set.
        double part = (0.5 - above * (1 + relative) - _dropped) / (_probabilities[m] * (1 + relative));
        double sum = Math.Clamp(part, 0, 1) * _probabilities[m];

        // What is impossible before the flips costs nothing to lose: only D = 0 is possible on both sides.
        if (double.IsPositiveInfinity(coordinate.LogOdds))
            return _lowest + m > 0 ? double.NegativeInfinity : Math.Log(sum) - 4 * relative;

        double decay = Math.Exp(-coordinate.LogOdds), weight = decay;
        for (int i = m + 1; i < _count; i++, weight *= decay)
            sum += _probabilities[i] * weight;
        double exponent = -(_lowest + m) * coordinate.LogOdds;
        return exponent + Math.Log(sum) - 4 * relative - 16 * Rounding.Epsilon * Math.Abs(exponent);
    }

    private void DropNegligible()
    {
        int first = 0;
        while (_probabilities[first] < Negligible)
            _dropped += _probabilities[first++];
        while (_probabilities[_count - 1] < Negligible)
            _dropped += _probabilities[--_count];
        if (first > 0)
        {
            _count -= first;
            _lowest += first;
            _probabilities.AsSpan(first, _count).CopyTo(_probabilities);
        }
    }
}
