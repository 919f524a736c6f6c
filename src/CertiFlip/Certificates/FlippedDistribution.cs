using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>
/// How r flipped labels look under the noise around the flipped labelling: D is the number of them that show the new label less the number that
/// show the original one, a sum of r steps of +1, 0 or −1 with probabilities 1 − q, q(K−2)/(K−1) and q/(K−1).
/// </summary>
/// <remarks>
/// Around the original labelling +1 and −1 change places, so D = s is e^(−sΛ) times as likely there, Λ = log((1−q)(K−1)/q). The likelihood ratio
/// grows with D: the set of least probability before the flips that has probability ½ after them takes the largest D first, and a part of
/// one atom. Everything is kept in probabilities after the flips, near their bulk, so nothing underflows, and probabilities before the flips,
/// often below 10⁻⁸⁰, appear in logarithms only.
/// </remarks>
internal sealed class FlippedDistribution(Noise noise)
{
    /// <summary>Probabilities below this are dropped at both ends; what was dropped is added up and charged to the margin.</summary>
    private const double Negligible = 1e-40;

    private readonly double _neither = noise.Rival * (noise.Classes - 2);
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
            _next[i] += p * noise.Rival;
            _next[i + 1] += p * _neither;
            _next[i + 2] += p * noise.Kept;
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
        for (; m > 0 && above + _probabilities[m] < 0.5; m--)
            above += _probabilities[m];

        double part = (0.5 - above * (1 + relative) - _dropped) / (_probabilities[m] * (1 + relative));
        double sum = Math.Clamp(part, 0, 1) * _probabilities[m], decay = Math.Exp(-noise.Logit), weight = decay;
        for (int i = m + 1; i < _count; i++, weight *= decay)
            sum += _probabilities[i] * weight;
        double exponent = -(_lowest + m) * noise.Logit;
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
