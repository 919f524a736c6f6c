using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// The Chernoff exponents of one class against every rival at one common t. A row is a rival's or a bystander's with
/// the same exponential, so all of them together cost little more than one pass over the rows, where minimising each
/// would cost several passes a rival.
/// </summary>
internal sealed class ChernoffScan
{
    private readonly Vote _vote;
    private readonly Noise _noise;
    private readonly int _winner;
    private readonly double _t;
    private readonly double _ofWinner;
    private readonly double[] _rivals;
    private readonly double[] _bystanders;

    public ChernoffScan(Vote vote, Noise noise, int winner, double t)
    {
        (_vote, _noise, _winner, _t) = (vote, noise, winner, t);
        RoleProbabilities rivalRole = NoisyRole.Rival(noise), bystanderRole = NoisyRole.Bystander(noise);
        _rivals = new double[vote.Labels.ClassCount];
        _bystanders = new double[vote.Labels.ClassCount];
        _ofWinner = vote.SumMoments(winner, t, NoisyRole.Winner(noise));
        for (int c = 0; c < _rivals.Length; c++)
        {
            if (c != winner)
                (_rivals[c], _bystanders[c]) = vote.SumTwoMoments(c, t, rivalRole, bystanderRole);
        }
    }

    /// <summary>
    /// The exponent against one rival, to the bit what <see cref="ChernoffObjective.At"/> makes of it.
    /// </summary>
    public ChernoffPoint this[int rival]
    {
        get
        {
            double moments = _ofWinner + _rivals[rival];
            for (int c = 0; c < _rivals.Length; c++)
            {
                if (c != _winner && c != rival)
                    moments += _bystanders[c];
            }

            return ChernoffObjective.PointAt(_t, moments, _vote, _noise, _vote.CertainOffset(new Pair(_winner, rival)));
        }
    }
}
