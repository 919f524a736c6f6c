using CertiFlip.Smoothing;

namespace CertiFlip.Tests.Smoothed;

/// <summary>
/// The structured certificate as it is defined: log B(t), and at that t the sum of the r largest gains of a flip.
/// </summary>
internal sealed class StructuredDefinition(double[] weights, int[] labels, double threshold, double q)
{
    // Plain sums of a few hundred doubles are off by less than this.
    private const double Slack = 1e-9;

    /// <summary>The largest r that one t proves, −1 where it proves nothing.</summary>
    public int RadiusAt(double t)
    {
        double exponent = LogBound(t);
        int radius = -1;
        foreach (double gain in Gains(t).OrderDescending().Prepend(0))
        {
            exponent += Math.Max(gain, 0);
            if (exponent >= SmoothedValue.LogHalf - Slack)
                return radius;
            radius++;
        }

        return radius;
    }

    /// <summary>The best radius over many t around <paramref name="t"/>.</summary>
    public int BestRadiusNear(double t) =>
        Enumerable.Range(0, 400).Max(i => RadiusAt(t * Math.Exp((i - 200) / 40.0)));

    /// <summary>
    /// log B(t) and the <paramref name="flips"/> largest gains, at the t near <paramref name="near"/> where that is
    /// least.
    /// </summary>
    public double LeastExponent(int flips, double near)
    {
        (double low, double high) = (Math.Log(Math.Abs(near)) - 12, Math.Log(Math.Abs(near)) + 12);
        while (high - low > 1e-9)
        {
            double third = (high - low) / 3;
            if (Exponent(low + third) < Exponent(high - third))
                high -= third;
            else
                low += third;
        }

        return Exponent(low);

        double Exponent(double logT)
        {
            double t = Math.Sign(near) * Math.Exp(logT);
            return LogBound(t) + Gains(t).OrderDescending().Take(flips).Sum(gain => Math.Max(gain, 0));
        }
    }

    /// <summary>The function minimised in (7), at a signed t.</summary>
    public double LogBound(double t) => t * threshold + weights.Select((weight, j) => LogMoment(t * weight, labels[j])).Sum();

    private IEnumerable<double> Gains(double t) =>
        weights.Select((weight, j) => LogMoment(t * weight, 1 - labels[j]) - LogMoment(t * weight, labels[j]));

    /// <summary>log E[e^(−xy)] for a label that is <paramref name="label"/> before the noise.</summary>
    private double LogMoment(double x, int label)
    {
        double probabilityOfOne = label == 1 ? 1 - q : q;
        double largest = Math.Max(0, -x);
        return largest + Math.Log((1 - probabilityOfOne) * Math.Exp(-largest) + probabilityOfOne * Math.Exp(-x - largest));
    }
}
