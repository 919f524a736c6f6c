using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>A vote after flips that are carried out.</summary>
internal readonly ref struct FlippedVote
{
    private readonly Vote _vote;
    private readonly IReadOnlyList<CountedFlip> _flips;
    private readonly double[] _change;
    private readonly double _rounding;

    /// <summary>Carries out flips.</summary>
    /// <param name="vote">The vote of the labels as they are.</param>
    /// <param name="flips">The flips, of different rows.</param>
    public FlippedVote(Vote vote, IReadOnlyList<CountedFlip> flips)
    {
        (_vote, _flips, _change) = (vote, flips, new double[vote.Labels.ClassCount]);
        double magnitude = 0;
        foreach (CountedFlip flip in flips)
        {
            double weight = WeightOf(flip, out int from);
            _change[from] -= weight;
            _change[flip.Target] += weight;
            magnitude += Math.Abs(weight);
        }

        _rounding = vote.MarginRounding + (flips.Count + 4) * Rounding.Epsilon * magnitude;
    }

    /// <summary>The head's class, decided without rounding.</summary>
    public int Class
    {
        get
        {
            int winner = 0;
            for (int rival = 1; rival < _change.Length; rival++)
            {
                var pair = new Pair(winner, rival);
                double margin = Margin(pair);
                if (!_vote.IsKept(pair, Math.Abs(margin) > _rounding ? Math.Sign(margin) : ExactSign(pair)))
                    winner = rival;
            }

            return winner;
        }
    }

    /// <summary>The margin of one class over another, as computed.</summary>
    public double Margin(Pair pair) => _vote.Margin(pair) + 0.5 * (_change[pair.Winner] - _change[pair.Rival]);

    private int ExactSign(Pair pair)
    {
        ExactSum doubled = _vote.ExactDoubledMargin(pair);
        foreach (CountedFlip flip in _flips)
            doubled.Add(WeightOf(flip, out int from), Side(flip.Target) - Side(from));
        return doubled.Sign();

        int Side(int c) => c == pair.Winner ? 1 : c == pair.Rival ? -1 : 0;
    }

    private double WeightOf(CountedFlip flip, out int from)
    {
        int row = _vote.Labels.RowsByClass[flip.Position];
        from = _vote.Labels[row];
        return _vote.Weights[row];
    }
}
