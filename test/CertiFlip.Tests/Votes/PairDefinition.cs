using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// One pair of classes as (24) and the structured certificate define it: log B(t), and at that t the r largest gains of
/// a flip.
/// </summary>
internal sealed class PairDefinition(ManyClassVote vote, int prediction, int rival)
{
    // Plain sums of a few hundred doubles are off by less than this.
    private const double Slack = 1e-9;

    // Outside of e^±30 over the mean weight, a minimum would be in a corner.
    private readonly double _middle = -Math.Log(vote.Weights.Average(Math.Abs));

    /// <summary>The largest of a class's pairs at their own minima.</summary>
    public static double WorstLogFailure(ManyClassVote vote, int prediction) =>
        Enumerable.Range(0, vote.Classes).Where(rival => rival != prediction)
            .Max(rival => new PairDefinition(vote, prediction, rival).LogFailure);

    /// <summary>The right-hand side of (24).</summary>
    public double LogFailure => Exponent(BestLogT(flips: 0), flips: 0);

    /// <summary>The best radius over many t around the best for no flips; −1 where none proves anything.</summary>
    public int BestRadius
    {
        get
        {
            double best = BestLogT(flips: 0);
            return Enumerable.Range(-100, 201).Max(i => RadiusAt(Math.Exp(best + i / 20.0)));
        }
    }

    /// <summary>log B(t) and so many of the largest gains, at the t where that is least.</summary>
    public double LeastExponent(int flips) => Exponent(BestLogT(flips), flips);

    private double BestLogT(int flips)
    {
        (double low, double high) = (_middle - 30, _middle + 30);
        while (high - low > 1e-7)
        {
            double third = (high - low) / 3;
            if (Exponent(low + third, flips) <= Exponent(high - third, flips))
                high -= third;
            else
                low += third;
        }

        return low;
    }

    private double Exponent(double logT, int flips)
    {
        double t = Math.Exp(logT);
        return LogBound(t) + Gains(t).OrderDescending().Take(flips).Sum();
    }

    private int RadiusAt(double t)
    {
        double exponent = LogBound(t);
        int radius = -1;
        foreach (double gain in Gains(t).OrderDescending().Prepend(0))
        {
            exponent += gain;
            if (exponent >= SmoothedValue.LogHalf - Slack)
                return radius;
            radius++;
        }

        return radius;
    }

    private double LogBound(double t) => vote.Weights.Select((weight, row) => LogMoment(t * weight, vote.Labels[row])).Sum();

    /// <summary>
    /// By how much a label raises log B(t) as it becomes the worst class for the prediction, its own among them.
    /// </summary>
    private IEnumerable<double> Gains(double t) => vote.Weights.Select((weight, row) =>
        Enumerable.Range(0, vote.Classes).Max(label => LogMoment(t * weight, label)) - LogMoment(t * weight, vote.Labels[row]));

    /// <summary>
    /// log E[e^(−xs)], where s is 1 if a label comes out of the noise as the prediction, −1 if as the rival, 0
    /// otherwise.
    /// </summary>
    private double LogMoment(double x, int label)
    {
        double other = vote.Q / (vote.Classes - 1);
        double predicted = label == prediction ? 1 - vote.Q : other;
        double against = label == rival ? 1 - vote.Q : other;
        double size = Math.Abs(x);
        return size
            + Math.Log(predicted * Math.Exp(-x - size) + (1 - predicted - against) * Math.Exp(-size) + against * Math.Exp(x - size));
    }
}
