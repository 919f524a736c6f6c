namespace CertiFlip.Tests.Oracles;

/// <summary>
/// A vote of parts carried out literally for a handful of labels: every labelling of every row, each part's scores in exact arithmetic, then
/// the plurality. Two classes follow the rule "class 1 where its score is at least ½", more the largest score; an empty part votes 0.
/// </summary>
internal sealed class PartitionOracle
{
    private readonly int _classes;
    private readonly int _rows;
    private readonly (int Winner, int Changes)[][] _outcomes;

    public PartitionOracle(IReadOnlyList<double[]> weights, IReadOnlyList<int[]> labels, int classes)
    {
        (_classes, _rows) = (classes, weights.Sum(part => part.Length));
        _outcomes = [.. weights.Zip(labels, (part, own) => Outcomes([.. part.Select(weight => (Rational)weight)], own))];
    }

    /// <summary>What the parts vote for with the labels as they are.</summary>
    public int[] Votes => [.. _outcomes.Select(part => part.Single(outcome => outcome.Changes == 0).Winner)];

    public int Prediction => Plurality(Votes, _classes);

    /// <summary>The least number of changed labels that changes the prediction; n + 1 where none does.</summary>
    public int LeastChanges
    {
        get
        {
            int prediction = Prediction, least = _rows + 1;
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
            return least;
        }
    }

    /// <summary>The most votes, the smallest class among equals.</summary>
    public static int Plurality(IReadOnlyList<int> votes, int classes) =>
        Enumerable.Range(0, classes).MaxBy(c => (votes.Count(vote => vote == c), -c));

    /// <summary>The least number of changed labels with which a part votes for one of some classes; null where none does.</summary>
    public int? LeastChangesOf(int part, Func<int, bool> isSought) =>
        _outcomes[part].Where(outcome => isSought(outcome.Winner)).Min(outcome => (int?)outcome.Changes);

    private (int Winner, int Changes)[] Outcomes(Rational[] weights, int[] labels)
    {
        (Rational[] Scores, int Changes)[] all = [(new Rational[_classes], 0)];
        for (int row = 0; row < weights.Length; row++)
        {
            all = [.. from shorter in all
                      from label in Enumerable.Range(0, _classes)
                      select (With(shorter.Scores, label, weights[row]), shorter.Changes + (label == labels[row] ? 0 : 1))];
        }

        return [.. all.Select(labelling => (Winner(labelling.Scores), labelling.Changes))];
    }

    private int Winner(Rational[] scores) =>
        _classes == 2 ? (2 * scores[1] >= 1 ? 1 : 0) : Array.IndexOf(scores, scores.Max());

    private static Rational[] With(Rational[] scores, int label, Rational weight)
    {
        Rational[] more = [.. scores];
        more[label] += weight;
        return more;
    }
}
