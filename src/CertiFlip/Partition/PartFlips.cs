using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Partition;

/// <summary>
/// What one part of the training rows votes for, for one test row, and which flips of its labels leave that vote as it
/// is. All radii are numbers of flips, unless labels differ in cost.
/// </summary>
internal sealed class PartFlips
{
    private readonly Radius[] _radii;

    /// <summary>A part's vote.</summary>
    /// <param name="prediction">The class that the part votes for.</param>
    /// <param name="radii">
    /// For each other class what <see cref="RadiusAgainst"/> says, and in place of the prediction <see cref="Radius"/>.
    /// </param>
    public PartFlips(int prediction, Radius[] radii) => (Prediction, _radii) = (prediction, radii);

    /// <summary>The class that the part votes for.</summary>
    public int Prediction { get; }

    /// <summary>The number of classes, K.</summary>
    public int ClassCount => _radii.Length;

    /// <summary>
    /// The largest budget within which the part votes for no other class, whichever labels are flipped.
    /// </summary>
    public Radius Radius => _radii[Prediction];

    /// <summary>
    /// A budget within which the part does not vote for another class. With two classes it is the largest one. With
    /// more that is a covering problem, and this is the largest that any one class to be overtaken survives.
    /// </summary>
    /// <param name="c">A class other than <see cref="Prediction"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="c"/> is <see cref="Prediction"/>.</exception>
    public Radius RadiusAgainst(int c) =>
        c != Prediction ? _radii[c] : throw new ArgumentException($"The part votes for {c} already.", nameof(c));
}

/// <summary>Finds the flips that move the vote of one part. Keeps its memory from one vote to the next.</summary>
internal sealed class PartAttack
{
    private readonly RankedWeights _weights = new();
    private double[] _scores = [];

    public PartFlips On(Vote vote)
    {
        int classes = vote.Labels.ClassCount, winner = vote.HeadPrediction;
        _weights.Load(vote);
        Radius[] radii = new Radius[classes];
        radii[winner] = Radius.Any;
        for (int rival = 0; rival < classes; rival++)
        {
            if (rival == winner)
                continue;
            radii[rival] = Survived(vote, new Pair(winner, rival));

            // Whichever rival comes past first, the part leaves its class.
            radii[winner] = Radius.Min(radii[winner], radii[rival]);
        }

        // A rival that came past the winner may still be behind a third class.
        for (int rival = 0; rival < classes && classes > 2; rival++)
        {
            if (rival != winner && !radii[rival].IsAny)
                radii[rival] = Radius.Max(radii[rival], SurvivedByOthers(vote, new Pair(winner, rival), radii[rival]));
        }

        return new PartFlips(winner, radii);
    }

    /// <summary>The largest budget within which the rival stays behind the winner, which is ahead.</summary>
    private Radius Survived(Vote vote, Pair pair)
    {
        if (!vote.Allowed.IsUnlimited)
            return ExactFlips.Of(vote, pair).Survived;
        var moves = new RankedMoves(_weights, pair);
        return new PairMargin(vote, pair).Survived(ref moves);
    }

    /// <summary>
    /// The largest budget within which the rival stays behind any one class other than the winner. Where the flips that
    /// bring it past the winner bring it past a class as well, that class survives no more. Rounding in the scores
    /// below only decides what is looked at.
    /// </summary>
    private Radius SurvivedByOthers(Vote vote, Pair pair, Radius survived)
    {
        var most = Radius.Of(0);
        ReadOnlySpan<double> scores = vote.Allowed.IsUnlimited ? ScoresAfter(vote, pair, survived.Budget + 1) : [];
        for (int other = 0; other < vote.Labels.ClassCount; other++)
        {
            if (other == pair.Winner || other == pair.Rival || (scores.Length > 0 && scores[pair.Rival] > scores[other]))
                continue;
            var ahead = new Pair(other, pair.Rival);
            if (vote.IsKept(ahead, vote.SignOfMargin(ahead)))
                most = Radius.Max(most, Survived(vote, ahead));
        }

        return most;
    }

    private ReadOnlySpan<double> ScoresAfter(Vote vote, Pair pair, int flips)
    {
        if (_scores.Length != vote.Labels.ClassCount)
            _scores = new double[vote.Labels.ClassCount];
        for (int c = 0; c < _scores.Length; c++)
            _scores[c] = vote.SumsOf(c).Total - vote.PriorOf(c);
        var moves = new RankedMoves(_weights, pair);
        for (int i = 0; i < flips && moves.TakeLargest(out double size, out _); i++)
        {
            // A positive weight goes to the rival; a negative one, the rival's or a third class's, to the winner.
            (int from, int to, double weight) = moves.Owner >= 0 ? (moves.Owner, pair.Rival, size) : (~moves.Owner, pair.Winner, -size);
            _scores[from] -= weight;
            _scores[to] += weight;
        }

        return _scores;
    }
}
