using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Auditing;

/// <summary>
/// Every labelling of a handful of rows, some of which cannot be changed, in exact arithmetic: class 1 of two wins where its score reaches ½, else the largest
/// score and of equals the smaller class.
/// </summary>
internal sealed class LimitedOracle
{
    private readonly Rational[] _weights;
    private readonly int[] _labels;
    private readonly int _classes;

    public LimitedOracle(IReadOnlyList<double> weights, IReadOnlyList<int> labels, int classes) =>
        (_weights, _labels, _classes) = ([.. weights.Select(weight => (Rational)weight)], [.. labels], classes);

    public int Prediction => Winner(Scores(_labels));

    /// <summary>The largest number of changes that cannot change the class; n where none can.</summary>
    public int Radius(IReadOnlySet<int> immovable) => Least(immovable, scores => Winner(scores) != Prediction);

    /// <summary>The largest number of changes that cannot bring a class past the one predicted.</summary>
    public int RadiusAgainst(int rival, IReadOnlySet<int> immovable)
    {
        int prediction = Prediction;
        return Least(immovable, scores => _classes == 2 ? Winner(scores) == rival : scores[rival] > scores[prediction] || (scores[rival] == scores[prediction] && rival < prediction));
    }

    private int Least(IReadOnlySet<int> immovable, Func<Rational[], bool> isBroken)
    {
        int least = _labels.Length + 1;
        int[] labels = [.. _labels];
        void Try(int row, int changes)
        {
            if (changes >= least)
                return;
            if (row == labels.Length)
            {
                if (isBroken(Scores(labels)))
                    least = changes;
                return;
            }

            Try(row + 1, changes);
            if (immovable.Contains(row))
                return;
            for (int c = 0; c < _classes; c++)
            {
                if (c == _labels[row])
                    continue;
                labels[row] = c;
                Try(row + 1, changes + 1);
            }

            labels[row] = _labels[row];
        }

        Try(0, 0);
        return least > _labels.Length ? _labels.Length : least - 1;
    }

    private Rational[] Scores(int[] labels)
    {
        var scores = new Rational[_classes];
        for (int row = 0; row < labels.Length; row++)
            scores[labels[row]] += _weights[row];
        return scores;
    }

    private int Winner(Rational[] scores)
    {
        if (_classes == 2)
            return scores[1] >= 0.5 ? 1 : 0;
        int winner = 0;
        for (int c = 1; c < _classes; c++)
        {
            if (scores[c] > scores[winner])
                winner = c;
        }

        return winner;
    }
}
