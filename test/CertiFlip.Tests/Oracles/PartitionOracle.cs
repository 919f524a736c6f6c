namespace CertiFlip.Tests.Oracles;

/// <summary>
/// A vote of parts carried out literally for a handful of labels: every labelling of every row, each part's scores in
/// exact arithmetic, then the plurality. Two classes follow the rule "class 1 where its score is at least ½", more the
/// largest score; an empty part has no vote.
/// </summary>
internal sealed class PartitionOracle
{
    private readonly int _classes;
    private readonly int _rows;
    private readonly IReadOnlyList<double>? _prior;
    private readonly (int Winner, int Changes)[][] _outcomes;

    public PartitionOracle(
        IReadOnlyList<double[]> weights, IReadOnlyList<int[]> labels, int classes, IReadOnlyList<double>? prior = null)
        : this(weights, labels, classes, (_, _, _) => 1, prior)
    {
    }

    /// <param name="weights">The label weights of each part.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="classes">K.</param>
    /// <param name="price">
    /// What it costs to change a label, rows numbered part after part, from one class to another; null where that is
    /// not allowed. "Changes" below are costs then.
    /// </param>
    /// <param name="prior">
    /// A number for each class, which its score must exceed most; of two classes, class 1 wins where it reaches its
    /// own. None if not given.
    /// </param>
    public PartitionOracle(
        IReadOnlyList<double[]> weights, IReadOnlyList<int[]> labels, int classes, Func<int, int, int, int?> price,
        IReadOnlyList<double>? prior = null)
    {
        int first = 0;

        _prior = prior;
        (_classes, _rows) = (classes, weights.Sum(part => part.Length));
        _outcomes = [.. weights.Zip(labels).Where(entry => entry.First.Length > 0).Select(entry =>
        {
            (double[] part, int[] own) = entry;
            int start = first;
            first += part.Length;
            return Outcomes([.. part.Select(weight => (Rational)weight)], (row, to) =>
                own[row] == to ? 0 : price(start + row, own[row], to));
        })];
    }

    /// <summary>What the parts vote for with the labels as they are.</summary>
    public int[] Votes => [.. _outcomes.Select(part => part.Single(outcome => outcome.Changes == 0).Winner)];

    public int Prediction => Plurality(Votes, _classes);

    /// <summary>The least number of changed labels that changes the prediction; n + 1 where none does.</summary>
    public int LeastChanges
    {
        get
        {
            int prediction = Prediction, least = int.MaxValue;
            int[] votes = new int[_outcomes.Length];
            void Try(int part, int changes)
            {
                if (part == votes.Length)
                {
                    if (Plurality(votes, _classes) != prediction)
                        least = Math.Min(least, changes);
                    return;
                }

                foreach ((int winner, int more) in _outcomes[part])
                {
                    votes[part] = winner;
                    Try(part + 1, changes + more);
                }
            }

            Try(0, 0);
            return least == int.MaxValue ? _rows + 1 : least;
        }
    }

    /// <summary>The largest radius there is; any where no labelling changes the prediction.</summary>
    public Radius Radius => LeastChanges is var least && least > _rows ? Radius.Any : Radius.Of(least - 1);

    /// <summary>The most votes, the smallest class among equals.</summary>
    public static int Plurality(IReadOnlyList<int> votes, int classes) =>
        Enumerable.Range(0, classes).MaxBy(c => (votes.Count(vote => vote == c), -c));

    /// <summary>
    /// The least number of changed labels with which a part votes for one of some classes; null where none does.
    /// </summary>
    public int? LeastChangesOf(int part, Func<int, bool> isSought) =>
        _outcomes[part].Where(outcome => isSought(outcome.Winner)).Min(outcome => (int?)outcome.Changes);

    private (int Winner, int Changes)[] Outcomes(Rational[] weights, Func<int, int, int?> price)
    {
        (Rational[] Scores, int Changes)[] all = [(new Rational[_classes], 0)];
        for (int row = 0; row < weights.Length; row++)
        {
            all = [.. from shorter in all
                      from label in Enumerable.Range(0, _classes)
                      let more = price(row, label)
                      where more is not null
                      select (With(shorter.Scores, label, weights[row]), shorter.Changes + more.Value)];
        }

        return [.. all.Select(labelling => (Winner(labelling.Scores), labelling.Changes))];
    }

    private int Winner(Rational[] scores)
    {
        if (_classes == 2)
            return scores[1] >= (_prior is null ? (Rational)0.5 : _prior[1]) ? 1 : 0;
        Rational[] exceeded = [.. scores.Select((score, c) => _prior is null ? score : score - _prior[c])];
        return Array.IndexOf(exceeded, exceeded.Max());
    }

    private static Rational[] With(Rational[] scores, int label, Rational weight)
    {
        Rational[] more = [.. scores];
        more[label] += weight;
        return more;
    }
}
