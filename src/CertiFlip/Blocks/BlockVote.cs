using System.Numerics;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Blocks;

/// <summary>
/// One test row as certificates see it, from the histogram of its label weights: scores, margins and moves. All of them
/// are whole numbers of units of 2⁻¹⁰⁷⁴, so nothing here is rounded.
/// </summary>
/// <remarks>Ties and thresholds are those of <see cref="Vote"/> for a head with a threshold.</remarks>
internal sealed class BlockVote
{
    private readonly ClassList _classes;
    private readonly WeightHistogram _histogram;
    private readonly BigInteger[] _positive, _negative;
    private readonly BigInteger[] _prior;
    private readonly BigInteger _threshold;

    public BlockVote(ClassList classes, WeightHistogram histogram)
    {
        (_classes, _histogram) = (classes, histogram);
        _positive = [.. Enumerable.Range(0, classes.Count).Select(c => SumOf(c, negative: false))];
        _negative = [.. Enumerable.Range(0, classes.Count).Select(c => SumOf(c, negative: true))];
        bool hasPrior = classes.Prior.Count > 0;
        _threshold = ExactSum.InUnits(hasPrior ? classes.Prior[1] : Vote.PaperThreshold);
        _prior = [.. Enumerable.Range(0, classes.Count).Select(c => hasPrior && !HasThreshold ? ExactSum.InUnits(classes.Prior[c]) : 0)];
    }

    /// <summary>K.</summary>
    public int Classes => _classes.Count;

    /// <summary>Whether class 1 of two competes with a threshold.</summary>
    public bool HasThreshold => Classes == 2;

    /// <summary>τ, which counts only where two classes compete with it.</summary>
    public double Threshold => ExactSum.ToDouble(_threshold);

    /// <summary>Σ|αⱼ|, rounded; infinite where it is none.</summary>
    public double Magnitude => ExactSum.ToDouble(Sum(_positive) + Sum(_negative));

    /// <summary>The head's own class without smoothing.</summary>
    public int HeadPrediction
    {
        get
        {
            int winner = 0;
            for (int rival = 1; rival < Classes; rival++)
            {
                var pair = new Pair(winner, rival);
                if (!IsKept(pair, DoubledMargin(pair)))
                    winner = rival;
            }

            return winner;
        }
    }

    /// <summary>Twice a pair's margin.</summary>
    public BigInteger DoubledMargin(Pair pair) => ScoreOf(pair.Winner) - ScoreOf(pair.Rival) + DoubledOffset(pair);

    /// <summary>Twice the constant part of a pair's margin.</summary>
    public BigInteger DoubledOffset(Pair pair) => HasThreshold
        ? (pair.Winner == 1 ? 1 : -1) * (Sum(_positive) - Sum(_negative) - 2 * _threshold)
        : _prior[pair.Rival] - _prior[pair.Winner];

    /// <summary>The constant part, rounded.</summary>
    public double Offset(Pair pair) => 0.5 * ExactSum.ToDouble(DoubledOffset(pair));

    /// <summary>The part that labels make, rounded.</summary>
    public double MarginOfLabels(Pair pair) => 0.5 * ExactSum.ToDouble(ScoreOf(pair.Winner) - ScoreOf(pair.Rival));

    /// <summary>Whether the winner is the winner at such a margin, ties included.</summary>
    public bool IsKept(Pair pair, BigInteger margin) => margin >= LeastKept(pair);

    /// <summary>The least margin, in units, at which the winner is the winner: 0 where it wins ties, else 1.</summary>
    public int LeastKept(Pair pair) => (HasThreshold ? pair.Winner == 1 : pair.Winner < pair.Rival) ? 0 : 1;

    /// <summary>Whether no labelling of the training rows whatever changes the head's class.</summary>
    public bool IsUnanimous(out int prediction)
    {
        if (HasThreshold)
        {
            bool always1 = -Sum(_negative) >= _threshold, always0 = Sum(_positive) < _threshold;
            prediction = always1 ? 1 : 0;
            return always1 || always0;
        }

        int least = Enumerable.Range(0, Classes).MinBy(c => _prior[c]);
        prediction = least;
        BigInteger magnitude = Sum(_positive) + Sum(_negative);
        return _classes.Prior.Count == 0
            ? magnitude.IsZero
            : Rivals(least).All(rival => IsKept(new Pair(least, rival), DoubledOffset(new Pair(least, rival)) - magnitude));
    }

    /// <summary>All classes but one.</summary>
    public IEnumerable<int> Rivals(int winner) => Enumerable.Range(0, Classes).Where(c => c != winner);

    /// <summary>The buckets of a class's positive or negative weights.</summary>
    public IEnumerable<WeightBucket> BucketsOf(int c, bool negative) => _histogram.Of(c, negative);

    /// <summary>A pair's moves in groups of about one size, the largest first.</summary>
    public IEnumerable<MoveGroup> Moves(Pair pair)
    {
        var groups = new SortedDictionary<ulong, MoveGroup>(Comparer<ulong>.Create((one, other) => other.CompareTo(one)));
        for (int c = 0; c < Classes; c++)
        {
            foreach (bool negative in (bool[])[false, true])
            {
                MoveKind kind = Move.KindOf(pair, c, negative);
                foreach (WeightBucket bucket in kind == MoveKind.None ? [] : _histogram.Of(c, negative))
                {
                    MoveGroup group = MoveGroup.Of(bucket, kind);
                    groups[group.Low] = groups.TryGetValue(group.Low, out MoveGroup other) ? group.With(other) : group;
                }
            }
        }

        return groups.Values;
    }

    private BigInteger ScoreOf(int c) => _positive[c] - _negative[c];

    private BigInteger SumOf(int c, bool negative) => Sum(_histogram.Of(c, negative).Select(bucket => bucket.Units));

    private static BigInteger Sum(IEnumerable<BigInteger> terms) => terms.Aggregate(BigInteger.Zero, (sum, term) => sum + term);
}
