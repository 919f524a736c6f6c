using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// The Chernoff exponents of one class against every rival at one common t. Rivals share the sums over bystanders, so
/// all of them together cost two passes over the rows, where minimising each would cost several passes a rival.
/// </summary>
internal sealed class ChernoffScan
{
    private readonly ChernoffPoint[] _points;

    public ChernoffScan(Vote vote, Noise noise, int winner, double t)
    {
        int classes = vote.Labels.ClassCount;
        RoleProbabilities rivalRole = NoisyRole.Rival(noise), bystanderRole = NoisyRole.Bystander(noise);
        double[] rivals = new double[classes];
        double[] bystanders = new double[classes];
        double all = vote.SumMoments(winner, t, NoisyRole.Winner(noise));
        for (int c = 0; c < classes; c++)
        {
            if (c == winner)
                continue;
            rivals[c] = vote.SumMoments(c, t, rivalRole);
            bystanders[c] = vote.SumMoments(c, t, bystanderRole);
            all += bystanders[c];
        }

        _points = new ChernoffPoint[classes];
        for (int c = 0; c < classes; c++)
        {
            // Adding a rival's bystander sum and taking it away again doubles the rounding at most.
            ChernoffPoint point =
                ChernoffObjective.PointAt(t, all - bystanders[c] + rivals[c], vote, noise, vote.CertainOffset(new Pair(winner, c)));
            _points[c] = point with { Rounding = 2 * point.Rounding };
        }
    }

    /// <summary>The exponent against one rival.</summary>
    public ChernoffPoint this[int rival] => _points[rival];
}
